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
cp src/*.py build; tar -czf c.tgz build; rm -rf build; tar -xzf c.tgz; sed -i s/2/3/ build/*.py; echo more >>build/1.py; gzip src/9.py; gunzip src/9.py.gz; echo x >>src/9.py; rm -rf build; cat src/7.py; ls`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /version = 2\n# formatted\nc.tgz/),
  },
  {
    name: "a package with an install script is packed, installed and run",
    command: () => [
      ...["sh", "-ec"],
      `mkdir p app; cd p
echo '{"name":"native","version":"1.0.0","bin":"cli.js","scripts":{"postinstall":"node build.js"}}' >package.json
printf '#!/usr/bin/env node\\nconsole.log(require("./built.js"))\\n' >cli.js
echo 'fs = require("fs"); fs.writeFileSync("built.js", "module.exports = 42"); fs.mkdirSync("../.cache"); fs.writeFileSync("../.cache/x", "")' >build.js
npm pack --silent >&2; cd ../app; echo '{"name":"app","version":"1.0.0"}' >package.json
npm install --offline --no-audit --no-fund ../p/native-1.0.0.tgz >&2; npx --offline native
rm -rf node_modules; npm ci --offline --no-audit --no-fund >&2; npx --offline native; npm uninstall native >&2; rm -rf node_modules`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /42\n42/),
  },
  {
    name: "temporary programs and scripts are removed when they have ended",
    command: () => [
      ...["sh", "-ec"],
      `cd "$(mktemp -d -p .)"; printf 'int main(){return 0;}' >conftest.c; gcc conftest.c -o conftest && ./conftest && rm -f conftest*
printf 'echo ran\\n' >x.sh; sh x.sh; rm x.sh; bash -ic 'history -s x' >/dev/null 2>&1; rm -rf ../tmp.*`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /ran/),
  },
  {
    name: "a stand-in for git is used in a test, and ccache-like links are made",
    command: () => [
      ...["sh", "-ec"],
      `mkdir fake; printf '#!/bin/sh\\necho fake "$@"\\n' >fake/git; chmod +x fake/git; PATH=$PWD/fake:$PATH git push
ln -s /usr/bin/gcc fake/cc; printf 'int main(){return 0;}' >x.c; PATH=$PWD/fake:$PATH cc x.c -o x && ./x`,
    ],
    worked: ({ stdout, exit_code }) => {
      assert.match(stdout, /fake push/);
      assert.equal(exit_code, 0);
    },
  },
  {
    name: "a program is built, stripped, packed, signed and installed",
    command: () => [
      ...["sh", "-ec"],
      `printf 'int f(void){return 0;}' >f.c; printf 'int f(void);int main(){return f();}' >x.c
gcc -g -c f.c; gcc -g -c x.c; ar rcs libf.a f.o; ranlib libf.a; gcc x.o libf.a -o app; gcc x.o f.o -o app
objcopy --only-keep-debug app app.debug; strip app; strip -o t app; mv t app; objcopy --add-gnu-debuglink=app.debug app
cp app app2; cp app app2; install -s -D app dist/app; tar -czf dist.tgz dist; tar -czf dist.tgz dist; zip -q d.zip app; zip -q d.zip f.c
sha256sum app dist.tgz >sums; mv app app3; rm -f app3; gcc x.o f.o -o app; ./dist/app; touch app; make -n -f /dev/null >/dev/null || echo built`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /built/),
  },
  {
    name: "a build of objects is cached, restored and linked",
    command: () => [
      ...["sh", "-ec"],
      `printf 'int f(void){return 0;}' >f.c; printf 'int f(void);int main(){return f();}' >x.c; gcc -c f.c x.c
tar -czf /tmp/jw-cache-$$.tgz f.o x.o; rm f.o x.o; tar -xzf /tmp/jw-cache-$$.tgz; rm /tmp/jw-cache-$$.tgz
mkdir o; cp f.o x.o o/; gcc o/f.o o/x.o -o app; ./app; printf 'data' >d.bin; ld -r -b binary d.bin -o d.o; gcc x.o f.o d.o -o app; ./app; echo linked`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /linked/),
  },
  {
    name: "a checkout's version is bumped for the build, restored by git, and built in two variants",
    command: () => [
      ...["sh", "-ec"],
      `git init -q r; cd r; git config user.name x; git config user.email x@example.com
printf '#define V 1\\n' >v.h; printf '#include "v.h"\\nint main(){return V-V;}' >x.c; git add -A; git commit -qm x
sed -i 's/V 1/V 2/' v.h; gcc x.c -o x; git checkout -q -- v.h; for v in 3 4; do sed -i "s/V .*/V $v/" v.h; gcc x.c -o x$v; done; ./x4; git stash -q; gcc x.c -o x; git stash pop -q; grep V v.h`,
    ],
    worked: ({ stdout }) => assert.match(stdout, /V 4/),
  },
  {
    name: "a site is built twice, cleaned by node, and logs are compressed",
    command: () => [
      ...["sh", "-ec"],
      `cat >gen.js <<'X'
for (let i = 0; i < 60; i++) { const d = "public/" + (i % 6); fs.mkdirSync(d, { recursive: true });
  fs.writeFileSync(d + "/" + i + [".html", ".png", ".pdf", ".zip", ".txt"][i % 5], "x"); }
X
node -e "$(cat gen.js)"; node -e "$(cat gen.js)"; for i in $(seq 30); do echo x >log.$i.txt; done; gzip log.*.txt
node -e 'fs.rmSync("public", { recursive: true })'; python3 -c 'import glob, os; [os.remove(f) for f in glob.glob("*.gz")]'; ls`,
    ],
    worked: ({ stdout }) => assert.equal(stdout, "gen.js\nhome\n"),
  },
];
