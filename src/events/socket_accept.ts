import { choice, defineEvent, type EventOf, endpoint, text, u16, u32, u64 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketAccept = defineEvent({
  id: 16,
  name: "socket_accept",
  doc: "A process took an incoming connection.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_socket_accept",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["accept", "accept4"],
        loses: "an accept through io_uring, and through socketcall of the 32-bit entry",
      },
    ],
  ],
  fields: {
    inode: u64("The socket's number in sockfs; names it in all socket events."),
    descriptor: u32("The descriptor."),
    protocol: u16("Protocol number, such as 6 for TCP."),
    family: choice("Address family.", socketFamilies, "FAMILY"),
    type: choice("Type.", socketTypes, "TYPE"),
    local: endpoint("Own address, for IP."),
    peer: endpoint("Who connected, for IP."),
    local_path: text("The listening path, for unix; an abstract name starts with @."),
  },
});

export type SocketAccept = EventOf<typeof socketAccept>;
