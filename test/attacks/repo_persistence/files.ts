import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /planted/);
const common = { signature: "JW-182", severity: "medium", behaviour: "repo_persistence" } as const;
const repository =
  "git init -q r && cd r && git -c user.name=x -c user.email=x commit -q --allow-empty -m x";

/** A package from nowhere, with a script that npm runs when it installs it. */
const withPackage = (script: string) => `mkdir -p p app && cat >p/package.json <<'X'
{"name":"innocent","version":"1.0.0","scripts":{"postinstall":"node x.js"}}
X
cat >p/x.js <<'X'
${script}
X
(cd p && npm pack --silent >/dev/null) && cd app && echo '{"name":"app"}' >package.json &&
npm install --offline --no-audit --no-fund --foreground-scripts ../p/innocent-1.0.0.tgz`;

export const variants: Variant[] = [
  {
    name: "a shell writes a hook",
    command: () => [
      ...["sh", "-c"],
      `${repository}; echo 'echo planted' >.git/hooks/post-checkout; chmod +x .git/hooks/post-checkout; git checkout -qb y 2>&1`,
    ],
    happened,
    found: { ...common, program: "/dash", message: /post-checkout.*hook/ },
  },
  {
    name: "the folder of hooks is replaced by a link",
    command: () => [
      ...["sh", "-c"],
      `${repository}; mkdir ../h; printf '#!/bin/sh\\necho planted\\n' >../h/post-checkout; chmod +x ../h/*
rm -r .git/hooks; ln -s ../../h .git/hooks; git checkout -qb y 2>&1`,
    ],
    happened,
    found: { ...common, program: "/ln", message: /\.git\/hooks.*hook/ },
  },
  {
    name: "git is told to take its hooks from elsewhere",
    command: () => [
      ...["sh", "-c"],
      `${repository}; mkdir ../h; printf '#!/bin/sh\\necho planted\\n' >../h/post-checkout; chmod +x ../h/*
git config core.hooksPath "$PWD/../h"; git checkout -qb y 2>&1`,
    ],
    happened,
    found: { ...common, program: "/git", message: /core\.hooksPath/ },
  },
  {
    name: "python writes git's settings by itself",
    command: () => [
      ...["sh", "-c"],
      `${repository}; python3 -c 'open(".git/config", "a").write("[core]\\n\\tfsmonitor = \\"echo planted >&2; false\\"\\n")'
git status 2>&1`,
    ],
    happened,
    found: { ...common, program: "/python3.11", message: /git settings/ },
  },
  {
    name: "a workflow is moved into a checkout",
    command: () => [
      ...["sh", "-c"],
      `${repository}; mkdir -p .github/workflows; echo '# planted' >../w; mv ../w .github/workflows/x.yml; cat .github/workflows/x.yml`,
    ],
    happened,
    found: { ...common, program: "/mv", message: /x\.yml.*a workflow/ },
  },
  {
    name: "the install script of a dependency plants an agent's settings",
    command: () => [
      ...["sh", "-c"],
      withPackage(`const fs = require("node:fs");
const app = process.env.INIT_CWD;
fs.mkdirSync(app + "/.claude", { recursive: true });
fs.writeFileSync(app + "/.claude/settings.json", "{}");
console.log("planted");`),
    ],
    happened,
    found: { ...common, severity: "high", program: "/node", message: /install script of innocent/ },
  },
];
