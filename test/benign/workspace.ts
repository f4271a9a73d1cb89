import assert from "node:assert/strict";
import type { BenignJob } from "../attacks/variant.ts";

/** Files that jobs keep, make, change and remove. */
export const jobs: BenignJob[] = [
  {
    name: "an installer puts a tool into the home, and a line into its profile",
    command: () => [
      ...["sh", "-c"],
      `mkdir -p ~/.tool/bin && printf '#!/bin/sh\\necho tool\\n' >~/.tool/bin/tool &&
chmod +x ~/.tool/bin/tool && echo 'export PATH="$HOME/.tool/bin:$PATH"' >>~/.profile && . ~/.profile && tool`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /tool/),
    accepted: { "JW-180": "every shell of that user reads the line; it is said, and no more" },
  },
  {
    name: "a virtual environment of Python, with a program in it",
    command: () => [
      ...["sh", "-c"],
      `python3 -m venv --without-pip v && v/bin/python -c 'print("in", __import__("sys").prefix)'`,
    ],
    worked: ({ stdout, directory }) => assert.match(stdout, new RegExp(`in ${directory}/v`)),
  },
  {
    name: "a package is built and installed",
    command: ({ directory }) => [
      ...["sh", "-ec"],
      `umask 022; mkdir -p p/DEBIAN p/etc/cron.d
printf 'Package: jobwarden-test\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.com>\\nDescription: x\\n' >p/DEBIAN/control
echo '# nothing' >p/etc/cron.d/jobwarden-test-package
dpkg-deb --root-owner-group -b p x.deb >&2; chmod 755 .
dpkg -i x.deb >&2; cat /etc/cron.d/jobwarden-test-package
dpkg -P jobwarden-test >&2; ls ${directory}`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /nothing\n[\s\S]*x\.deb/),
  },
  {
    name: "a repository is made, cloned, changed and cleaned",
    command: () => [
      ...["sh", "-ec"],
      `git init -q a && cd a && git config user.name x && git config user.email x@example.com
mkdir -p .github/workflows .vscode && echo 'on: push' >.gitignore
git add -A && git commit -qm x && cd .. && git clone -q a b && cd b && git checkout -qb y
mkdir build && touch build/1 build/2 && git clean -qfdx && git reset -q --hard && git gc -q && git log --oneline`,
    ],
    worked: ({ stdout }) => assert.match(stdout, / x\n/),
  },
  {
    name: "a tree of an image is filled",
    command: () => [
      ...["sh", "-ec"],
      `mkdir -p rootfs/etc/cron.d rootfs/root/.ssh && echo x >rootfs/etc/cron.d/x
echo key >rootfs/root/.ssh/authorized_keys && tar -cf image.tar rootfs && tar -tf image.tar`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /authorized_keys/),
  },
  {
    name: "versions are bumped, sources rewritten, and what was built removed",
    command: () => [
      ...["sh", "-ec"],
      `mkdir src build; for i in $(seq 40); do echo "version = 1" >src/$i.py; done
sed -i 's/1/2/' src/*.py
python3 -c 'import glob
for name in glob.glob("src/*.py"):
    text = open(name).read()
    open(name, "w").write(text + "# formatted\\n")'
cp src/*.py build; tar -czf c.tgz build; rm -rf build; tar -xzf c.tgz; rm -rf build; cat src/7.py; ls`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /version = 2\n# formatted\nc.tgz/),
  },
];
