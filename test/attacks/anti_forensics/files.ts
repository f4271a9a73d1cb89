import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** A history, and a runner's log, that were there before the job. */
const prepare = ({ directory, home }: Place) => {
  writeFileSync(join(home, ".bash_history"), "make\n");
  mkdirSync(join(directory, "_diag"));
  writeFileSync(join(directory, "_diag/Worker_20260101-000000-utc.log"), "a line\n");
  return undefined;
};

const happened = ({ stdout }: Traced) => assert.match(stdout, /^done$/m);
const common = { signature: "JW-189", severity: "medium", behaviour: "anti_forensics" } as const;

export const variants: Variant[] = [
  {
    name: "a history is removed",
    prepare,
    command: () => ["sh", "-c", "rm ~/.bash_history && ! test -e ~/.bash_history && echo done"],
    happened,
    found: { ...common, program: "/rm", message: /\.bash_history.*history/ },
  },
  {
    name: "a history is emptied by a redirection",
    prepare,
    command: () => ["sh", "-c", ": >~/.bash_history; ! test -s ~/.bash_history && echo done"],
    happened,
    found: { ...common, program: "/dash", message: /history of commands/ },
  },
  {
    name: "a history becomes a link to nowhere",
    prepare,
    command: () => [
      "sh",
      "-c",
      "ln -sf /dev/null ~/.bash_history && readlink ~/.bash_history && echo done",
    ],
    happened,
    found: { ...common, program: "/ln", message: /history of commands/ },
  },
  {
    name: "python cuts a log of the runner",
    prepare,
    command: () => [
      ...["sh", "-c"],
      "python3 -c 'import glob, os; [os.truncate(f, 0) for f in glob.glob(\"_diag/*\")]'; ! test -s _diag/W* && echo done",
    ],
    happened,
    found: { ...common, severity: "high", program: "/python3.11", message: /log of the runner/ },
  },
  {
    name: "a script removes itself",
    command: () => ["sh", "-c", 'echo \'rm -- "$0"; test -e "$0" || echo done\' >x.sh; sh ./x.sh'],
    happened,
    found: { ...common, program: "/rm", message: /x\.sh while it was running/ },
  },
  {
    name: "a program unlinks its own file",
    command: () => [
      ...["sh", "-c"],
      `cp "$(readlink -f "$(command -v perl)")" worker && ./worker -e 'unlink "worker"; print "done\\n" unless -e "worker"'`,
    ],
    happened,
    found: { ...common, program: "/worker", message: /worker while it was running/ },
  },
];
