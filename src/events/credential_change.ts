import { defineEvent, type EventOf, u32, u64 } from "./schema.ts";

export const credentialChange = defineEvent({
  id: 4,
  name: "credential_change",
  doc: "A task of the process got other ids, capabilities or another user namespace, in whichever way.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_sys_exit",
        on: "tp_btf/sys_exit (Linux 5.5)",
        loses: "seen at the end of the system call that made it",
      },
    ],
  ],
  fields: {
    old_capabilities: u64("Effective capabilities before, a bit each."),
    capabilities: u64("Effective capabilities after, a bit each."),
    old_uid: u32("Real user id before, in the initial user namespace, as all ids here."),
    uid: u32("Real user id after."),
    old_euid: u32("Effective user id before."),
    euid: u32("Effective user id after."),
    old_gid: u32("Real group id before."),
    gid: u32("Real group id after."),
    old_egid: u32("Effective group id before."),
    egid: u32("Effective group id after."),
    old_user_namespace: u32("Inode of the user namespace before."),
    user_namespace: u32("Inode of the user namespace after."),
    call: u32("Number of the system call in which it changed, of this architecture."),
  },
});

export type CredentialChange = EventOf<typeof credentialChange>;
