import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /carried 27/, stderr);
const found = {
  ...{ signature: "JW-143", severity: "high", behaviour: "covert_channel" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "python puts data into raw echo requests",
    command: () => [
      ...["python3", "-c"],
      `import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
packet = struct.pack("!BBHHH", 8, 0, 0, 7, 1) + b"token=0123456789a\\n\\0"
total = sum(struct.unpack("!%dH" % (len(packet) // 2), packet[: len(packet) // 2 * 2])) + (packet[-1] << 8) * (len(packet) % 2)
total = (total >> 16) + (total & 0xffff)
packet = packet[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + packet[4:]
print("carried", s.sendto(packet, ("127.0.0.1", 0)))`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /ICMP/ },
  },
  {
    name: "perl sends a protocol that nobody has",
    command: () => [
      ...["perl", "-MSocket", "-e"],
      `socket(S, PF_INET, SOCK_RAW, 253) or die "$!";
print "carried ", send(S, "token=0123456789abcdefghijk", 0, pack_sockaddr_in(0, INADDR_LOOPBACK)), "\\n";`,
    ],
    happened,
    found: { ...found, program: "/perl", message: /protocol 253/ },
  },
  {
    name: "a copy of busybox pings, by a socket of the kernel's own for it",
    command: () => [
      ...["sh", "-c"],
      "cp $(command -v busybox) ping; ./ping -c 1 -s 27 -p 41 127.0.0.1 && echo carried 27",
    ],
    happened,
    found: { ...found, program: "/ping", message: /ICMP/ },
  },
];
