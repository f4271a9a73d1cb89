import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /tried all/, stderr);
const found = {
  ...{ signature: "JW-141", severity: "high", behaviour: "network_scan" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "python tries the ports of one host, without waiting",
    command: () => [
      ...["python3", "-c"],
      `import socket
for port in range(9000, 9100):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(("127.0.0.1", port))
print("tried all")`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /tried 20 ports of 127\.0\.0\.1/ },
  },
  {
    name: "bash starts a subshell for each port of one host",
    command: () => [
      ...["bash", "-c"],
      "for p in {9000..9030}; do (echo >/dev/tcp/127.0.0.1/$p) 2>/dev/null; done; echo tried all",
    ],
    happened,
    found: { ...found, program: "/bash", message: /tried 20 ports of 127\.0\.0\.1/ },
  },
  {
    name: "a program is started for each host of a network",
    command: () => [
      ...["sh", "-c"],
      `i=1; while [ $i -le 30 ]; do
curl -s --max-time 1 -o /dev/null telnet://127.9.9.$i:9022 </dev/null; i=$((i+1)); done; echo tried all`,
    ],
    happened,
    found: { ...found, program: "/curl", message: /tried port 9022 of 20 hosts/ },
  },
  {
    name: "perl sends a datagram to each host of a network",
    command: () => [
      ...["perl", "-MSocket", "-e"],
      `socket(S, PF_INET, SOCK_DGRAM, 0) or die;
send(S, "x", 0, pack_sockaddr_in(161, inet_aton("127.8.8.$_"))) for 1..40;
print "tried all\\n";`,
    ],
    happened,
    found: { ...found, program: "/perl", message: /tried port 161 of 20 hosts/ },
  },
];
