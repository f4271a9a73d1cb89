import { choice, defineEvent, type EventOf, u16, u32, u64 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketCreate = defineEvent({
  id: 30,
  name: "socket_create",
  doc:
    "A process made a socket of an unusual kind, or tried to: not unix, not TCP or UDP, and not the " +
    "netlink of routes, devices and audit, which the C library, udev and sudo use.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_socket_create",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["socket"],
        any_result: true,
        loses: "calls through io_uring, and through socketcall of the 32-bit entry",
      },
    ],
  ],
  fields: {
    inode: u64("The socket's number in sockfs; names it in all socket events. 0 when it failed."),
    descriptor: u32("The descriptor; 0 when it failed."),
    error: u32("0, or the errno of the attempt."),
    family: choice("Address family.", socketFamilies, "FAMILY"),
    type: choice("Type.", socketTypes, "TYPE"),
    family_number: u16("Address family as a number, such as 38 for the kernel's cryptography."),
    protocol: u16(
      "Protocol: of IP its number (1 is ICMP), of netlink the family (4 is socket diagnosis), of " +
        "packet sockets the type of frames (3 is all).",
    ),
  },
});

export type SocketCreate = EventOf<typeof socketCreate>;
