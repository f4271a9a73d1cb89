import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^dropped and ran$/m);
const found = {
  ...{ signature: "JW-161", severity: "high", behaviour: "dropped_binary" },
} as const satisfies Partial<Variant["found"]>;
const shared = `/dev/shm/jobwarden-corpus-${process.pid}`;
const gone = () => () => rmSync(shared, { force: true });

export const variants: Variant[] = [
  {
    name: "python puts a program into shared memory",
    prepare: gone,
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import os, subprocess
open("${shared}", "wb").write(open("/bin/echo", "rb").read())
os.chmod("${shared}", 0o755)
subprocess.run(["${shared}", "dropped and ran"])`,
    ],
    happened,
    found: { ...found, program: shared, message: /put there in shared memory/ },
  },
  {
    name: "perl hides a program behind a dot, under another name than it was written with",
    command: () => [
      ...["perl", "-e"],
      `open my $i, "<", "/bin/echo"; open my $o, ">", "part"; local $/; print {$o} <$i>; close $o;
chmod 0755, "part"; rename "part", ".cache-update"; system "./.cache-update", "dropped and ran"`,
    ],
    happened,
    found: { ...found, program: "/.cache-update", message: /hidden place/ },
  },
  {
    name: "a program is kept as text, and decoded where it runs",
    command: () => [
      ...["sh", "-c"],
      'base64 /bin/echo >t && base64 -d t >prog && chmod +x prog && "$PWD/prog" "dropped and ran"',
    ],
    happened,
    found: { ...found, program: "/prog", message: /decoded from text/ },
  },
];
