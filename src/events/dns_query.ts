import { defineEvent, type EventOf, endpoint, text, u16 } from "./schema.ts";

export const dnsQuery = defineEvent({
  id: 31,
  name: "dns_query",
  doc: "A process sent a question to a name server: to port 53 or 5353, or what reads as one over UDP.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_dns_query",
        on: "cgroup_skb/egress (Linux 4.10)",
        loses:
          "questions inside TLS or HTTPS, by TCP to another port than 53, in the later segments of a " +
          "question that is split over TCP, and in the later datagrams of one segmented send; names " +
          "that a daemon asks for on behalf of the job",
      },
    ],
  ],
  fold: true,
  fields: {
    protocol: u16("Protocol number: 17 is UDP, 6 TCP."),
    type: u16("Type of the record that is asked for: 1 is A, 16 TXT, 28 AAAA."),
    server: endpoint("The address that the kernel sends to."),
    name: text("The name, as it is on the wire: labels with dots between, without one at the end."),
  },
});

export type DnsQuery = EventOf<typeof dnsQuery>;
