import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Variant } from "../variant.ts";

const common = { signature: "JW-180", severity: "high", behaviour: "host_persistence" } as const;

/** Of this machine, of this test's own name, with nothing in it but a comment. */
const cron = `/etc/cron.d/jobwarden-test-${process.pid}`;
const unit = `/etc/systemd/system/jobwarden-test-${process.pid}.service`;
const gone = (path: string) => () => () => rmSync(path, { force: true });

export const variants: Variant[] = [
  {
    name: "a shell writes a table of timed commands",
    prepare: gone(cron),
    command: () => ["sh", "-c", `echo '# nothing' >${cron}; cat ${cron}`],
    happened: ({ stdout }) => assert.match(stdout, /nothing/),
    found: { ...common, program: "/dash", message: /cron\.d.*timed commands/ },
  },
  {
    name: "a unit is moved into place",
    prepare: gone(unit),
    command: () => ["sh", "-c", `echo '# nothing' >u && mv u ${unit} && cat ${unit}`],
    happened: ({ stdout }) => assert.match(stdout, /nothing/),
    found: { ...common, program: "/mv", message: /unit of systemd/ },
  },
  {
    name: "install copies a unit of the user, and a link enables it",
    command: () => [
      ...["sh", "-c"],
      `echo '[Service]' >u; d=$HOME/.config/systemd/user
install -D -m 600 u $d/x.service && mkdir $d/default.target.wants &&
ln -s ../x.service $d/default.target.wants/x.service && cat $d/default.target.wants/x.service`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /Service/),
    found: { ...common, program: "/install", message: /unit of systemd for that user/ },
  },
  {
    name: "python appends a key",
    command: () => [
      ...["sh", "-c"],
      `python3 -c 'import os
os.makedirs(os.path.expanduser("~/.ssh"))
open(os.path.expanduser("~/.ssh/authorized_keys"), "a").write("ssh-ed25519 AAAA x")'
cat ~/.ssh/authorized_keys`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /AAAA/),
    found: { ...common, program: "/python3.11", message: /authorized_keys.*log in over ssh/ },
  },
  {
    name: "tar unpacks a key below a folder that is reached through a link",
    command: () => [
      ...["sh", "-c"],
      `mkdir -p t/.ssh && echo ssh-ed25519 AAAA >t/.ssh/authorized_keys && tar -C t -cf k.tar .ssh &&
rm -r t && ln -s $HOME innocent && tar -xf k.tar -C innocent; cat ~/.ssh/authorized_keys`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /AAAA/),
    found: { ...common, program: "/tar", message: /authorized_keys/ },
  },
  {
    name: "a copy of dd that is called dpkg writes a table of timed commands",
    prepare: gone(cron),
    command: () => [
      ...["sh", "-c"],
      `cp "$(command -v dd)" dpkg && echo '# nothing' | ./dpkg of=${cron}; cat ${cron}`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /nothing/),
    found: { ...common, program: "/dpkg", message: /timed commands/ },
  },
  {
    name: "node adds a line to a profile",
    command: () => [
      ...["sh", "-c"],
      `node -e 'fs.appendFileSync(process.env.HOME + "/.bashrc", "true # x")'; cat ~/.bashrc`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /true/),
    found: { ...common, severity: "medium", program: "/node", message: /\.bashrc.*shells/ },
  },
  {
    name: "python puts a start-up file beside the packages",
    command: () => [
      ...["sh", "-c"],
      `d=$HOME/.local/lib/python3.11/site-packages; mkdir -p $d; python3 -c '
import sys
open(sys.argv[1], "w").write("import os")' $d/helpful.pth; ls $d`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /helpful/),
    found: { ...common, severity: "medium", program: "/python3.11", message: /start of Python/ },
  },
];
