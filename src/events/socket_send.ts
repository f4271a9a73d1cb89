import { choice, defineEvent, type EventOf, endpoint, u16 } from "./schema.ts";
import { socketFamilies, socketTypes } from "./words.ts";

export const socketSend = defineEvent({
  id: 17,
  name: "socket_send",
  doc: "A process sent to an address without connecting, for the first time to that address.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_socket_send4",
        on: "cgroup/sendmsg4 (Linux 4.18)",
      },
      {
        program: "jw_socket_send6",
        on: "cgroup/sendmsg6 (Linux 4.18)",
        loses: "sends by raw, packet and unix sockets",
      },
    ],
  ],
  fold: true,
  fields: {
    protocol: u16("Protocol number, such as 17 for UDP."),
    family: choice("Address family.", socketFamilies, "FAMILY"),
    type: choice("Type.", socketTypes, "TYPE"),
    peer: endpoint("The address that the kernel sends to."),
  },
});

export type SocketSend = EventOf<typeof socketSend>;
