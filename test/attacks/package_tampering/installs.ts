import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /tampered/);
const common = { signature: "JW-185", severity: "high", behaviour: "package_tampering" } as const;

/** Two packages; the second one's script runs when npm installs both. */
const install = (script: string) => `mkdir -p p q app
echo '{"name":"victim","version":"1.0.0"}' >p/package.json; echo 'console.log("honest")' >p/index.js
cat >q/x.sh <<'X'
${script}
X
echo '{"name":"innocent","version":"1.0.0","scripts":{"postinstall":"sh x.sh"}}' >q/package.json
(cd p && npm pack --silent >/dev/null); (cd q && npm pack --silent >/dev/null)
cd app && echo '{"name":"app"}' >package.json
npm install --offline --no-audit --no-fund ../p/victim-1.0.0.tgz ../q/innocent-1.0.0.tgz; node node_modules/victim`;

export const variants: Variant[] = [
  {
    name: "an install script appends to another package by a redirection",
    command: () => ["sh", "-c", install("echo 'console.log(\"tampered\")' >>../victim/index.js")],
    happened,
    found: { ...common, program: "/dash", message: /install script of innocent.*package victim/ },
  },
  {
    name: "an install script renames a file over another package's",
    command: () => [
      ...["sh", "-c"],
      install(
        `node -e 'fs.writeFileSync("t.js", "console.log(\\"tampered\\")"); fs.renameSync("t.js", "../victim/index.js")'`,
      ),
    ],
    happened,
    found: { ...common, program: "/node", message: /install script of innocent.*package victim/ },
  },
  {
    name: "a build step changes an installed package",
    prepare: async ({ directory }) => {
      const { mkdirSync, writeFileSync } = await import("node:fs");
      mkdirSync(`${directory}/node_modules/victim`, { recursive: true });
      writeFileSync(`${directory}/node_modules/victim/index.js`, "console.log('honest')");
      return undefined;
    },
    command: () => [
      ...["sh", "-c"],
      `node -e 'fs.appendFileSync("node_modules/victim/index.js", ";console.log(\\"tampered\\")")'; node node_modules/victim`,
    ],
    happened,
    found: { ...common, severity: "medium", program: "/node", message: /package victim/ },
  },
];
