import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /hijacked/);
const common = { signature: "JW-184", severity: "medium", behaviour: "execution_hijack" } as const;

/** Empty, and for the time of one job: the loader takes no library from it. */
const preload = "/etc/ld.so.preload";

export const variants: Variant[] = [
  {
    name: "a shell writes a git into the user's folder of programs",
    command: () => [
      ...["sh", "-c"],
      `mkdir -p ~/.local/bin; printf '#!/bin/sh\\necho hijacked\\n' >~/.local/bin/git; chmod +x ~/.local/bin/git
PATH=$HOME/.local/bin:$PATH; git status`,
    ],
    happened,
    found: { ...common, program: "/dash", message: /\.local\/bin\/git.*run for git/ },
  },
  {
    name: "python copies a program to the name of a compiler",
    command: () => [
      ...["sh", "-c"],
      `mkdir -p ~/bin; python3 -c 'import os, shutil
shutil.copy("/bin/echo", os.environ["HOME"] + "/bin/gcc")'; ~/bin/gcc hijacked`,
    ],
    happened,
    found: { ...common, program: "/python3.11", message: /run for gcc/ },
  },
  {
    name: "a wrapper of a compiler, in a folder of its own, starts the real one",
    command: () => [
      ...["sh", "-c"],
      `mkdir w; printf '#!/bin/sh\\necho hijacked\\nexec /usr/bin/gcc "$@"\\n' >w/gcc; chmod +x w/gcc
export PATH=$PWD/w:$PATH; gcc --version`,
    ],
    happened,
    found: {
      ...common,
      program: "/usr/bin/x86_64-linux-gnu-gcc-12",
      message: /run for gcc.*real one/,
    },
  },
  {
    name: "node renames a wrapper, which starts the real program as a child",
    command: () => [
      ...["sh", "-c"],
      `mkdir w; printf '#!/bin/sh\\n/usr/bin/env true\\necho hijacked\\n' >w/x; chmod +x w/x
node -e 'fs.renameSync("w/x", "w/env")'; PATH=$PWD/w:$PATH; env`,
    ],
    happened,
    found: { ...common, program: "/env", message: /run for env.*real one/ },
  },
  {
    name: "the list of libraries that every program loads is made",
    prepare: () => () => rmSync(preload, { force: true }),
    command: () => ["sh", "-c", `: >>${preload} && echo hijacked; rm ${preload}`],
    happened,
    found: {
      ...common,
      signature: "JW-180",
      severity: "high",
      program: "/dash",
      message: /every program loads/,
    },
  },
];
