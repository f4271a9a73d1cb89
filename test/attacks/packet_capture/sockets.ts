import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** Takes the first frame that passes on the loopback device, of whoever it is. */
const source = `
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
	struct sockaddr_ll at = { AF_PACKET, htons(ETH_P_ALL), if_nametoindex("lo") };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
	char bytes[999];

	bind(fd, (struct sockaddr *)&at, sizeof(at));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sendto(udp, "secret", 6, 0, (struct sockaddr *)&to, sizeof(to));
	printf("captured %d\\n", recv(fd, bytes, sizeof(bytes), 0) > 0);
}
`;

function prepareSource({ directory }: Place): undefined {
  writeFileSync(join(directory, "tcpdump.c"), source);
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /captured 1/, stderr);
const found = {
  ...{ signature: "JW-142", severity: "high", behaviour: "packet_capture" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "python reads all frames",
    command: () => [
      ...["python3", "-c"],
      `import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b"secret", ("127.0.0.1", 9))
print("captured", int(len(s.recv(999)) > 0))`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /python3\.11 .* a packet socket/ },
  },
  {
    name: "a program in C asks for nothing, and binds for everything",
    prepare: prepareSource,
    command: () => ["sh", "-c", "gcc -w -o tcpdump tcpdump.c && ./tcpdump"],
    happened,
    found: { ...found, program: "/tcpdump", message: /a packet socket/ },
  },
  {
    name: "perl reads what TCP brings to all programs, without packets",
    command: () => [
      ...["perl", "-MSocket", "-e"],
      `socket(R, PF_INET, SOCK_RAW, 6) or die "$!";
socket(S, PF_INET, SOCK_STREAM, 0) or die;
connect(S, pack_sockaddr_in(9, INADDR_LOOPBACK));
recv(R, my $frame, 999, 0);
print "captured ", (length $frame > 0 ? 1 : 0), "\\n";`,
    ],
    happened,
    found: { ...found, program: "/perl", message: /a raw socket/ },
  },
];
