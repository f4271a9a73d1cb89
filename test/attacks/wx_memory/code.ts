import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^it gave 42$/m);
const found = {
  ...{ signature: "JW-168", behaviour: "wx_memory" },
} as const satisfies Partial<Variant["found"]>;

const isArm = process.arch === "arm64";
/** A function that returns 42. */
const code = isArm ? "40058052c0035fd6" : "b82a000000c3";
const mmapCall = isArm ? 222 : 9;

export const variants: Variant[] = [
  {
    name: "python fills memory that is writable and executable, and calls it",
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import ctypes, mmap
m = mmap.mmap(-1, 4096, prot=7)
m.write(bytes.fromhex("${code}"))
at = ctypes.addressof(ctypes.c_char.from_buffer(m))
print("it gave", ctypes.CFUNCTYPE(ctypes.c_int)(at)())`,
    ],
    happened,
    found: { ...found, severity: "medium", program: "/python3.11", message: /writable and exec/ },
  },
  {
    name: "perl maps such memory by the number of the call",
    command: () => [
      ...["perl", "-e"],
      `my $at = syscall(${mmapCall}, 0, 4096, 7, 0x22, -1, 0);
print "it gave 42\\n" if $at > 0 && grep { /^[0-9a-f-]+ rwxp/ } do { open my $f, "/proc/self/maps"; <$f> }`,
    ],
    happened,
    found: { ...found, severity: "medium", program: "/perl", message: /writable and exec/ },
  },
  {
    name: "a compiled program maps a memory file twice",
    command: () => [
      ...["sh", "-c"],
      `cat >x.c <<'X'
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  static const unsigned char code[] = { ${(code.match(/../g) ?? []).map((x) => `0x${x}`).join()} };
  int fd = memfd_create("code", 0);
  ftruncate(fd, 4096);
  void *data = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  int (*f)(void) = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  memcpy(data, code, sizeof(code));
  __builtin___clear_cache((char *)f, (char *)f + sizeof(code));
  printf("it gave %d\\n", f());
}
X
gcc -o x x.c 2>log && ./x`,
    ],
    happened,
    found: { ...found, severity: "low", program: "/x", message: /second mapping/ },
  },
  {
    name: "a program that was decoded from text makes what it wrote executable",
    command: () => [
      ...["sh", "-c"],
      `cat >x.c <<'X'
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int main(void) {
  static const unsigned char code[] = { ${(code.match(/../g) ?? []).map((x) => `0x${x}`).join()} };
  char *at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(at, code, sizeof(code));
  mprotect(at, 4096, PROT_READ | PROT_EXEC);
  __builtin___clear_cache(at, at + sizeof(code));
  printf("it gave %d\\n", ((int (*)(void))at)());
}
X
gcc -o x x.c && base64 x | base64 -d >y && chmod +x y && ./y`,
    ],
    happened,
    found: { ...found, severity: "medium", program: "/y", message: /memory executable/ },
  },
];
