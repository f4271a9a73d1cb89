import { choice, defineEvent, type EventOf, endpoint, text, u16, u32, u64 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketConnect = defineEvent({
  id: 13,
  name: "socket_connect",
  doc: "A process connected a socket, or tried to.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_connect_state",
        on: "tp_btf/inet_sock_set_state (Linux 5.5)",
      },
      {
        program: "jw_socket_connect",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["connect"],
        any_result: true,
        loses: "the path of a unix peer when the attempt fails: it is then the caller's word",
      },
    ],
  ],
  fields: {
    inode: u64("The socket's number in sockfs; names it in all socket events."),
    descriptor: u32("The descriptor."),
    protocol: u16("Protocol number, such as 6 for TCP."),
    family: choice("Address family.", socketFamilies, "FAMILY"),
    type: choice("Type.", socketTypes, "TYPE"),
    error: u32("0, or the errno of the attempt; 115 is in progress, which is usual."),
    local: endpoint("Own address, for IP."),
    peer: endpoint("The address that the kernel contacts, for IP."),
    peer_path: text("Path of a unix peer; an abstract name starts with @."),
  },
});

export type SocketConnect = EventOf<typeof socketConnect>;
