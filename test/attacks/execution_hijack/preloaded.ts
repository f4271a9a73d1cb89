import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^hijacked$/m);
const found = {
  ...{ signature: "JW-166", severity: "medium", behaviour: "execution_hijack" },
} as const satisfies Partial<Variant["found"]>;

const library = `cat >x.c <<'X'
#include <unistd.h>
__attribute__((constructor)) static void hook(void) { write(1, "hijacked\\n", 9); }
unsigned la_version(unsigned version) { write(1, "hijacked\\n", 9); return version; }
X
gcc -shared -fPIC -o x.so x.c`;

export const variants: Variant[] = [
  {
    name: "a library is loaded into ls",
    command: () => ["sh", "-c", `${library}; LD_PRELOAD=$PWD/x.so ls >out; cat out`],
    happened,
    found: { ...found, program: "/ls", message: /LD_PRELOAD.*\/x\.so/ },
  },
  {
    name: "python has the loader audit git",
    command: () => [
      ...["sh", "-c"],
      `${library}; /usr/bin/python3 -c '
import os
os.execve("/usr/bin/git", ["git", "--version"], {"LD_AUDIT": os.getcwd() + "/x.so"})'`,
    ],
    happened,
    found: { ...found, program: "/git", message: /LD_AUDIT/ },
  },
  {
    name: "node requires a hook",
    command: () => [
      ...["sh", "-c"],
      `echo 'console.log("hijacked")' >h.js; NODE_OPTIONS="--no-warnings -r $PWD/h.js" node -e 0`,
    ],
    happened,
    found: { ...found, program: "/node", message: /NODE_OPTIONS.*\/h\.js/ },
  },
  {
    name: "each shell reads a file first",
    command: () => [
      ...["sh", "-c"],
      `echo 'echo hijacked' >e.sh; BASH_ENV=$PWD/e.sh /bin/bash -c true`,
    ],
    happened,
    found: { ...found, program: "/bash", message: /BASH_ENV/ },
  },
  {
    name: "the list of libraries for every program is written, in mounts of its own",
    command: () => [
      ...["unshare", "-m", "sh", "-c"],
      `mount -t tmpfs none /etc && echo "$PWD/none.so" >/etc/ld.so.preload
ls /etc/ld.so.preload 2>&1 | grep -q 'cannot be preloaded' && echo hijacked`,
    ],
    happened,
    found: { ...found, severity: "high", program: "/dash", message: /\/etc\/ld\.so\.preload/ },
  },
];
