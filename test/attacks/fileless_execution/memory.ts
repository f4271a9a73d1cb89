import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^ran without a file$/m);
const found = {
  ...{ signature: "JW-160", severity: "high", behaviour: "fileless_execution" },
} as const satisfies Partial<Variant["found"]>;

const unlinked = `#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  char *args[] = {"echo", "ran without a file", 0};
  int fd = open("copy", O_RDONLY);
  unlink("copy");
  fexecve(fd, args, environ);
  return 1;
}
`;

export const variants: Variant[] = [
  {
    name: "python fills memory with a program and runs it",
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import os
fd = os.memfd_create("x")
os.write(fd, open("/bin/echo", "rb").read())
os.execve(fd, ["echo", "ran without a file"], {})`,
    ],
    happened,
    found: { ...found, program: "memfd:x", message: /memory \(memfd:x\)/ },
  },
  {
    name: "perl makes the memory file by the number of the call",
    command: () => [
      ...["perl", "-e"],
      `my $name = "y"; my $fd = syscall(319, $name, 0);
open(my $out, ">&=", $fd); open(my $in, "<", "/bin/echo"); binmode $in; local $/;
syswrite($out, <$in>);
if (!fork) { exec {"/proc/$$/fd/$fd"} "echo", "ran without a file" } wait`,
    ],
    happened,
    found: { ...found, program: "memfd:y", message: /memory \(memfd:y\)/ },
  },
  {
    name: "a compiled program runs the descriptor of a file that it has removed",
    command: () => [
      ...["sh", "-c"],
      `cat >x.c <<'X'\n${unlinked}X\ngcc -o x x.c && cp /bin/echo copy && ./x`,
    ],
    happened,
    found: { ...found, program: "/copy", message: /deleted file/ },
  },
  {
    name: "python runs a script that is in memory only",
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import os
fd = os.memfd_create("s", 0)
os.write(fd, b"echo ran without a file\\n")
os.lseek(fd, 0, 0)
os.execv("/bin/sh", ["sh", "/proc/self/fd/%d" % fd])`,
    ],
    happened,
    found: { ...found, program: "/dash", message: /script from memory \(memfd:s\)/ },
  },
];
