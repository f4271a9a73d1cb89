import { choice, defineEvent, type EventOf, endpoint, u32, u64 } from "./schema.ts";
import { descriptorKinds } from "./words.ts";

export const descriptorDuplicate = defineEvent({
  id: 18,
  name: "descriptor_duplicate",
  doc: "A process put a copy of a descriptor on standard input, output or error.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_descriptor_duplicate",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["dup", "dup2", "dup3"],
      },
      {
        program: "jw_descriptor_fcntl",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["fcntl", "fcntl64"],
      },
    ],
  ],
  fields: {
    inode: u64("Inode of what it is; of a socket its number in sockfs."),
    from_descriptor: u32("The descriptor that was copied."),
    descriptor: u32("Where the copy is: 0, 1 or 2."),
    kind: choice("What it is.", descriptorKinds, "KIND"),
    local: endpoint("Own address, when it is an IP socket."),
    peer: endpoint("Peer's address, when it is a connected IP socket."),
  },
});

export type DescriptorDuplicate = EventOf<typeof descriptorDuplicate>;
