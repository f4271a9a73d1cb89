import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^loaded$/m);
const found = {
  ...{ signature: "JW-169", severity: "high", behaviour: "fileless_execution" },
  message: /memory \(memfd:/,
} as const satisfies Partial<Variant["found"]>;

const library = `cat >l.c <<'X'
#include <stdio.h>
__attribute__((constructor)) static void hook(void) { puts("loaded"); fflush(stdout); }
X
gcc -shared -fPIC -o l.so l.c`;

export const variants: Variant[] = [
  {
    name: "python loads a library from memory",
    command: () => [
      ...["sh", "-c"],
      `${library}; /usr/bin/python3 -c '
import ctypes, os
fd = os.memfd_create("l")
os.write(fd, open("l.so", "rb").read())
ctypes.CDLL("/proc/self/fd/%d" % fd)'`,
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "a compiled program loads it by dlopen",
    command: () => [
      ...["sh", "-c"],
      `${library}; cat >x.c <<'X'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
int main(void) {
  char path[64];
  struct stat status;
  int from = open("l.so", O_RDONLY), fd = memfd_create("m", 0);
  fstat(from, &status);
  sendfile(fd, from, 0, status.st_size);
  sprintf(path, "/proc/self/fd/%d", fd);
  return dlopen(path, RTLD_NOW) ? 0 : 1;
}
X
gcc -o x x.c && ./x`,
    ],
    happened,
    found: { ...found, program: "/x" },
  },
];
