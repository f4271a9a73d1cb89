import { choice, defineEvent, type EventOf, endpoint, text, u16, u32, u64 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketListen = defineEvent({
  id: 15,
  name: "socket_listen",
  doc: "A process opened a socket for incoming connections.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_socket_listen",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["listen"],
        loses: "calls through io_uring, and through socketcall of the 32-bit entry",
      },
    ],
  ],
  fields: {
    inode: u64("The socket's number in sockfs; names it in all socket events."),
    descriptor: u32("The descriptor."),
    protocol: u16("Protocol number, such as 6 for TCP."),
    family: choice("Address family.", socketFamilies, "FAMILY"),
    type: choice("Type.", socketTypes, "TYPE"),
    backlog: u32("Connections that may wait."),
    local: endpoint("The address, for IP."),
    local_path: text("The path, for unix; an abstract name starts with @."),
  },
});

export type SocketListen = EventOf<typeof socketListen>;
