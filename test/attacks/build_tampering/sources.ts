import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** A source that was there before the job, and another that it is swapped for. */
const prepare = ({ directory }: Place) => {
  const source = (word: string) =>
    `#include <stdio.h>\nint main(void){puts("${word}");return 0;}\n`;
  writeFileSync(`${directory}/app.c`, source("honest"));
  writeFileSync(`${directory}/evil`, source("tampered"));
  return undefined;
};

/** The product says one thing, and the source another. */
const happened = ({ stdout }: Traced) => assert.match(stdout, /tampered\n[\s\S]*honest/);
const common = { signature: "JW-186", behaviour: "build_tampering" } as const;
const build = "gcc app.c -o app";
const shown = "./app; cat app.c";

export const variants: Variant[] = [
  {
    name: "a source is moved aside, replaced while it is compiled, and moved back",
    prepare,
    command: () => ["sh", "-c", `mv app.c kept; cp evil app.c; ${build}; mv kept app.c; ${shown}`],
    happened,
    found: { ...common, severity: "high", program: "/mv", message: /app\.c once more/ },
  },
  {
    name: "a source is copied over, and the copy of the original copied back",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `cp app.c kept; cp evil app.c; ${build}; cp kept app.c; ${shown}`,
    ],
    happened,
    found: { ...common, severity: "medium", program: "/cp", message: /app\.c once more/ },
  },
  {
    name: "a process beside the build waits for it, and renames",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `mkfifo go done back; python3 -c '
import os
open("go").read()
os.rename("app.c", "kept")
os.rename("evil", "app.c")
open("done", "w").close()
open("back").read()
os.rename("kept", "app.c")' & echo >go; cat done; ${build}; echo >back; wait; ${shown}`,
    ],
    happened,
    found: { ...common, severity: "high", program: "/python3.11", message: /app\.c once more/ },
  },
];
