import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { stores } from "../attacks/stores.ts";
import type { Place, Traced } from "../attacks/traced_job.ts";
import type { BenignJob } from "../attacks/variant.ts";

const shell = (text: string) => (): string[] => ["sh", "-ec", text];
const worked = ({ stdout, stderr }: Traced) => assert.match(stdout, /done$/m, stderr);

let port = 0;
/** Takes what is uploaded, and gives it to nobody. */
function server(): Promise<() => void> {
  const http = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.end("taken\n"));
  });
  return new Promise((resolve) => {
    http.listen(0, "127.0.0.1", () => {
      const address = http.address();
      assert.ok(address && typeof address === "object");
      port = address.port;
      resolve(() => http.close());
    });
  });
}

/** A project with what projects have: fixtures that look like secrets, and files of its own. */
function project({ directory }: Place): undefined {
  for (const [name, text] of [
    ["test/fixtures/id_rsa", "not a key"],
    ["test/fixtures/home/.aws/credentials", "not a key"],
    [".npmrc", "fund=false"],
    [".env", "A=1"],
    ["packages/a/.npmrc", "fund=false"],
    ["packages/a/.env", "A=1"],
    ["coverage.xml", "<coverage/>"],
  ] as const) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), `${text}\n`);
  }
  execFileSync("git", ["init", "-q", directory]);
}

export const jobs: BenignJob[] = [
  {
    name: "ssh-keygen makes a key and reads it again",
    command: shell("ssh-keygen -q -t ed25519 -N '' -f ~/key; ssh-keygen -y -f ~/key; echo done"),
    worked,
  },
  {
    name: "ssh-keygen reads a key that was there",
    prepare: ({ home }) => {
      mkdirSync(join(home, ".ssh"));
      execFileSync("ssh-keygen", ["-q", "-N", "", "-f", join(home, ".ssh/id_rsa")]);
      return undefined;
    },
    command: shell("ssh-keygen -y -f ~/.ssh/id_rsa >key.pub; ls -la ~/.ssh >/dev/null; echo done"),
    worked,
  },
  {
    name: "an agent of the job's own holds a key",
    command: shell(
      "ssh-keygen -q -t ed25519 -N '' -f key; eval $(ssh-agent) >/dev/null; ssh-add -q key; ssh-add -L;" +
        "ssh-agent -k >/dev/null; echo done",
    ),
    worked,
  },
  {
    name: "git clones and commits, with a store of passwords",
    prepare: (place) => {
      writeFileSync(join(place.home, ".git-credentials"), "https://user:fake@example.invalid\n");
      return project(place);
    },
    command: shell(
      "git config --global credential.helper store; git config --global user.email a@example.org;" +
        "git config --global user.name a; git clone -q . copy 2>/dev/null; git add -A . || true;" +
        "printf 'protocol=https\\nhost=example.invalid\\n\\n' | git credential fill | grep -c user;" +
        "git -C copy remote -v; echo done",
    ),
    worked,
    accepted: { "JW-125": "a script that asks git for a login is low" },
  },
  {
    name: "npm reads its configuration and that of the project",
    prepare: (place) => {
      stores(place, ".npmrc-none");
      writeFileSync(join(place.home, ".npmrc"), "fund=false\n");
      writeFileSync(join(place.directory, "package.json"), '{"scripts":{"test":"echo tested"}}');
      return project(place);
    },
    command: shell("npm config get fund; npm test --silent; echo done"),
    worked,
  },
  {
    name: "a login writes its own store, which another tool then reads",
    command: shell(
      "mkdir ~/.docker; echo '{}' >~/.docker/config.json; cat ~/.docker/config.json;" +
        "python3 -c 'import json, os; json.load(open(os.path.expanduser(\"~/.docker/config.json\")))'; echo done",
    ),
    worked,
    accepted: { "JW-120": "what the job made itself is low, whoever reads it" },
  },
  {
    name: "pip shows its configuration",
    prepare: (place) => stores(place, ".config/pip/pip.conf.d/none"),
    command: shell("python3 -m pip --version >/dev/null; python3 -m pip config list; echo done"),
    worked,
  },
  {
    name: "the system's own tools read who may log in",
    command: shell(
      "useradd -D >/dev/null; su -s /bin/sh root -c true; chage -l root >/dev/null; echo done",
    ),
    worked,
  },
  {
    name: "perl asks who the user is, and python for a login of .netrc",
    prepare: ({ home }) => {
      writeFileSync(join(home, ".netrc"), "machine example.invalid login a password b\n", {
        mode: 0o600,
      });
      return undefined;
    },
    command: shell(
      "perl -e 'print scalar getpwuid($<)'; python3 -c 'import netrc; netrc.netrc()'; echo; echo done",
    ),
    worked,
  },
  {
    name: "coverage and an artefact are uploaded, and a file is fetched",
    prepare: async (place) => {
      project(place);
      return await server();
    },
    command: ({ directory }) => [
      "sh",
      "-ec",
      `env | sort; printenv | tee environment.log | wc -l; tar czf build.tgz packages; cd ${directory}; curl -sf -F file=@coverage.xml http://127.0.0.1:${port}/;` +
        `curl -sf -T build.tgz http://127.0.0.1:${port}/; curl -sfo got http://127.0.0.1:${port}/x; echo done`,
    ],
    worked,
  },
  {
    name: "scripts post what they make, with the environment at hand",
    prepare: server,
    command: ({ directory }) => [
      "bash",
      "-ec",
      `cd ${directory}; echo '{"path": "/usr", "ok": true}' | curl -sf -H 'Content-Type: application/json' -d @- http://127.0.0.1:${port}/;` +
        `set | grep -c BASH; date | curl -sf --data-binary @- http://127.0.0.1:${port}/;` +
        `env -u A sh -c 'curl -sf -d x=1 http://127.0.0.1:${port}/'; env | grep -q PATH;` +
        `python3 -c 'import os, subprocess; subprocess.run(["curl", "-sf", "-d", "x", "http://127.0.0.1:${port}/"], env=dict(os.environ, A="1"), check=True)'; echo done`,
    ],
    worked,
  },
  {
    name: "tests read fixtures that are called like keys, and search the work tree",
    prepare: project,
    command: shell(
      "cat test/fixtures/id_rsa test/fixtures/home/.aws/credentials; grep -rc password . >/dev/null || true;" +
        'node -e \'require("fs").readFileSync(".env"); require("fs").readFileSync("packages/a/.env")\'; echo done',
    ),
    worked,
  },
  {
    name: "the work tree is packed, its git directory included",
    prepare: project,
    command: shell(
      "tar czf ../backup-$$.tgz --exclude=home . ; rm ../backup-$$.tgz; cp -r packages copy; echo done",
    ),
    worked,
  },
  {
    name: "the environment is printed, searched and kept",
    command: shell(
      "env | sort >environment.txt; printenv HOME; env | grep -c PATH; tr '\\0' '\\n' </proc/self/environ | wc -l; echo done",
    ),
    worked,
  },
];
