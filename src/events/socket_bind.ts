import { choice, defineEvent, type EventOf, endpoint, text, u16, u32, u64 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketBind = defineEvent({
  id: 14,
  name: "socket_bind",
  doc: "A process gave a socket its own address.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_socket_bind",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["bind"],
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
    local: endpoint("The address, for IP."),
    local_path: text("The path, for unix; an abstract name starts with @."),
  },
});

export type SocketBind = EventOf<typeof socketBind>;
