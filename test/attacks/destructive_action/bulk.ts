import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const kinds = ["txt", "png", "pdf", "zip", "c", "db"];

/** Somebody's files, which were there before the job. */
const prepare = ({ directory, home }: Place) => {
  for (let i = 0; i < 48; i++) {
    const folder = join(directory, "data", `${i % 5}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${i}.${kinds[i % kinds.length]}`), "precious");
  }
  for (const name of [".ssh/id", ".aws/credentials", ".kube/config", ".config/x", ".gitconfig"]) {
    mkdirSync(join(home, name, ".."), { recursive: true });
    writeFileSync(join(home, name), "precious");
  }
  return undefined;
};

const happened = ({ stdout }: Traced) => assert.match(stdout, /^gone$/m);
const common = {
  ...{ signature: "JW-190", severity: "high", behaviour: "destructive_action" },
} as const satisfies Partial<Variant["found"]>;
const gone = "grep -rq precious data || echo gone";

export const variants: Variant[] = [
  {
    name: "node overwrites whatever it finds",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `node -e 'for (const f of fs.readdirSync("data", { recursive: true }))
  if (fs.statSync("data/" + f).isFile()) fs.writeFileSync("data/" + f, "love")'; ${gone}`,
    ],
    happened,
    found: { ...common, program: "/node", message: /overwrote 30 files/ },
  },
  {
    name: "python encrypts each file under a further suffix",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `python3 -c 'import os
for top, _, names in os.walk("data"):
    for name in names:
        path = top + "/" + name
        text = bytes(b ^ 85 for b in open(path, "rb").read())
        open(path + ".locked", "wb").write(text)
        os.unlink(path)'; ${gone}`,
    ],
    happened,
    found: { ...common, program: "/python3.11", message: /further suffix/ },
  },
  {
    name: "a shell encrypts file by file with openssl",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `find data -type f | while read -r f; do openssl enc -aes-128-ecb -K 00 -in "$f" -out "$f.enc" 2>/dev/null && rm "$f"; done; ${gone}`,
    ],
    happened,
    found: { ...common, program: "/rm", message: /further suffix/ },
  },
  {
    name: "files are shredded",
    prepare,
    command: () => ["sh", "-c", `find data -type f -exec shred -n1 -u {} +; ${gone}`],
    happened,
    found: { ...common, program: "/shred", message: /cannot be recovered/ },
  },
  {
    name: "a home directory is cleared",
    prepare,
    command: () => ["sh", "-c", "find ~ -type f -delete; ls ~/.ssh/id 2>/dev/null || echo gone"],
    happened,
    found: { ...common, program: "/find", message: /clears a home/ },
  },
];
