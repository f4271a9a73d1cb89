import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** Folders as the runner has them, filled before the job. */
const prepare = async ({ directory }: { readonly directory: string }) => {
  const { mkdirSync, writeFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const files = {
    "_work/_actions/a/b/v1/dist/index.js": "console.log('honest')",
    "_work/_tool/node/20.1.0/x64/bin/node": "#!/bin/sh\necho honest",
    "_work/_temp/0a1b2c3d-0000-1111-2222-333344445555.sh": "echo honest",
    "_work/_temp/_runner_file_commands/set_env_1": "",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text, { mode: 0o755 });
  }
  return undefined;
};

const happened = ({ stdout }: Traced) => assert.match(stdout, /planted/);
const common = { signature: "JW-183", severity: "high", behaviour: "ci_tampering" } as const;
const action = "_work/_actions/a/b/v1/dist/index.js";

export const variants: Variant[] = [
  {
    name: "python changes the code of an action",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `python3 -c 'open("${action}", "a").write("; console.log(\\"planted\\")")'; node ${action}`,
    ],
    happened,
    found: { ...common, program: "/python3.11", message: /index\.js.*code of an action/ },
  },
  {
    name: "an archive is unpacked over an action",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `mkdir -p t/${action.slice(0, action.lastIndexOf("/"))}; echo 'console.log("planted")' >t/${action}
tar -C t -czf c.tgz _work; tar -xzf c.tgz; node ${action}`,
    ],
    happened,
    found: { ...common, program: "/tar", message: /code of an action/ },
  },
  {
    name: "a tool of the cache is replaced",
    prepare,
    command: () => [
      ...["sh", "-c"],
      "cd _work/_tool/node/20.1.0/x64; printf '#!/bin/sh\\necho planted' >/tmp/jw-$$; chmod +x /tmp/jw-$$; mv /tmp/jw-$$ bin/node; bin/node",
    ],
    happened,
    found: { ...common, program: "/mv", message: /bin\/node.*a tool/ },
  },
  {
    name: "the script of another step is changed",
    prepare,
    command: () => [
      "sh",
      "-c",
      "for f in _work/_temp/*.sh; do echo 'echo planted' >>$f; sh $f; done",
    ],
    happened,
    found: { ...common, program: "/dash", message: /step's script/ },
  },
  {
    name: "a dependency's install script sets variables for the next steps",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `export GITHUB_ENV=$PWD/_work/_temp/_runner_file_commands/set_env_1
mkdir p app; echo '{"name":"innocent","version":"1.0.0","scripts":{"install":"echo BASH_ENV=/tmp/planted >>$GITHUB_ENV"}}' >p/package.json
(cd p && npm pack --silent >/dev/null); cd app; echo '{"name":"app"}' >package.json
npm install --offline --no-audit --no-fund ../p/innocent-1.0.0.tgz; cat $GITHUB_ENV`,
    ],
    happened,
    found: { ...common, program: "/dash", message: /install script of innocent.*next steps/ },
  },
  {
    name: "a step makes every later shell read a file",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `GITHUB_ENV=_work/_temp/_runner_file_commands/set_env_1 sh -c 'echo BASH_ENV=planted >>$GITHUB_ENV; cat $GITHUB_ENV'`,
    ],
    happened,
    found: { ...common, severity: "medium", program: "/dash", message: /BASH_ENV/ },
  },
];
