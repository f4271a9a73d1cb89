import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import type { BenignJob } from "../attacks/variant.ts";
import { server } from "../attacks/web_server.ts";

const { at, prepare } = server(() => ({
  "/install.sh":
    "set -eu\nmkdir -p bin\nprintf '#!/bin/sh\\necho installed\\n' >bin/tool\nchmod +x bin/tool\nbin/tool\n",
  "/tool": readFileSync("/bin/echo"),
  "/version.json": '{"version": "1.2.3"}',
}));

const sh = (script: string) => () => ["bash", "-euo", "pipefail", "-c", script];
const prints =
  (what: RegExp): BenignJob["worked"] =>
  ({ stdout, stderr }) =>
    assert.match(stdout, what, stderr.slice(-2000));
const c = `cat >hello.c <<'X'
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
X
`;
const cleaned = (path: string) => () => () => rmSync(path, { recursive: true, force: true });
const temporary = `/tmp/go-build${process.pid}`;

export const jobs: BenignJob[] = [
  {
    name: "make compiles, strips, tests and installs a program with configure",
    command: sh(`${c}
cat >configure <<'X'
#!/bin/sh
cat >conftest.c <<'Y'
int main(void) { return 0; }
Y
gcc -o conftest conftest.c && ./conftest && rm -f conftest conftest.c
printf 'all: hello\\nhello: hello.c\\n\\tgcc -g -o $@ $<\\n\\tstrip $@\\ncheck: hello\\n\\t./hello\\ninstall: hello\\n\\tinstall -D hello $(CURDIR)/out/bin/hello\\n' >Makefile
X
chmod +x configure; mkdir pkg; mv configure hello.c pkg; tar czf pkg.tgz pkg; rm -r pkg
tar xf pkg.tgz; cd pkg; ./configure; make -j2; make check; make install; out/bin/hello`),
    worked: prints(/hello\n.*hello/s),
  },
  {
    name: "cmake tries its compiler, builds and tests",
    command: sh(`${c}
cat >CMakeLists.txt <<'X'
cmake_minimum_required(VERSION 3.10)
project(x C)
include(CheckCSourceRuns)
check_c_source_runs("int main(void) { return 0; }" RUNS)
add_executable(hello hello.c)
enable_testing()
add_test(NAME t COMMAND hello)
X
cmake -B build >log; cmake --build build >>log; cd build; ctest`),
    worked: prints(/100% tests passed/),
  },
  {
    name: "a build in a temporary directory runs what it linked there",
    prepare: cleaned(temporary),
    command: sh(`${c} mkdir -p ${temporary}/b001/exe
gcc -o ${temporary}/b001/exe/hello hello.c; ${temporary}/b001/exe/hello; rm -r ${temporary}`),
    worked: prints(/hello/),
  },
  {
    name: "a virtual environment is made, and its python and scripts run",
    command: sh(`/usr/bin/python3 -m venv --without-pip venv
venv/bin/python -c 'import base64, json; print(json.dumps(base64.b64encode(b"x").decode()))'
/usr/bin/python3 -m venv --copies --without-pip copies
copies/bin/python -c 'print("copied")'
printf '#!%s/venv/bin/python\\nprint("script")\\n' "$PWD" >venv/bin/tool; chmod +x venv/bin/tool
venv/bin/tool`),
    worked: prints(/copied\nscript/),
  },
  {
    name: "npm runs the scripts of a package, one of which compiles",
    command: sh(`${c} cat >package.json <<'X'
{"name": "x", "version": "1.0.0", "scripts": {"install": "gcc -shared -fPIC -o x.node hello.c && gcc -o hello hello.c && ./hello", "postinstall": "node -e 'console.log(Buffer.from(\\"aGk=\\", \\"base64\\").toString())'", "test": "node -e 'console.log(1)'"}}
X
npm install --offline --foreground-scripts; npm test`),
    worked: prints(/hello/),
  },
  {
    name: "an installer is piped from the network into a shell",
    prepare,
    command: () =>
      sh(`curl -sSf ${at.url}/install.sh | sh; V=$(curl -s ${at.url}/version.json |
  /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])'); echo "$V"`)(),
    worked: prints(/installed\n1\.2\.3/),
    accepted: {
      "JW-162": "What is piped into a shell is told, without alarm.",
      "JW-161": "So is a script that the installer wrote.",
    },
  },
  {
    name: "a released program is fetched, checked and installed",
    prepare,
    command: () =>
      sh(`d=$(mktemp -d); curl -sSfo "$d/tool" ${at.url}/tool
sha256sum "$d/tool" >sums; sha256sum -c sums; install -D -m 755 "$d/tool" bin/tool; rm -r "$d"
bin/tool fetched`)(),
    worked: prints(/fetched/),
    accepted: { "JW-161": "A program that was fetched and run is told, without alarm." },
  },
  {
    name: "secrets and archives are decoded, and nothing of it is run as code",
    command:
      sh(`K=$(echo c2VjcmV0 | base64 -d); bash -c 'echo started'; echo "$K" | base64 | base64 -d
echo '{"a": 1}' | gzip | gunzip | /usr/bin/python3 -m json.tool; echo 'echo a | sed s/a/b/' | sh
openssl rand -base64 8 | openssl base64 -d | xxd | wc -l`),
    worked: prints(/started\nsecret/),
  },
  {
    name: "fakeroot and sanitizers put their libraries first",
    command: sh(`${c} gcc -fsanitize=address -o hello hello.c; ./hello
fakeroot sh -c 'touch x; chown 0:0 x; ls -l x; echo faked'
gcc -o plain hello.c; LD_PRELOAD=$(gcc -print-file-name=libasan.so) ./plain; stdbuf -oL ./plain`),
    worked: prints(/hello\n.*faked/s),
  },
  {
    name: "engines compile at run time",
    command:
      sh(`node -e 'let n = 0; for (let i = 0; i < 3e6; i++) n += i % 7; console.log("jit", n > 0)'
/usr/bin/python3 -c 'import ctypes; F = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
print("callback", F(lambda n: n + 1)(1))'
echo aab | grep -P '(a+)b' ; git -c init.defaultBranch=m init -q r; cd r; echo abc >f; git add f; git grep -P 'a.c'`),
    worked: prints(/jit true\ncallback 2/),
  },
  {
    name: "tests put stand-ins for programs in front of PATH",
    command: sh(`mkdir -p stubs; printf '#!/bin/sh\\necho stub docker "$@"\\n' >stubs/docker
printf '#!/bin/sh\\nexec /usr/bin/gcc "$@"\\n' >stubs/gcc; chmod +x stubs/*; ${c}
PATH=$PWD/stubs:$PATH docker ps; PATH=$PWD/stubs:$PATH gcc -o hello hello.c; ./hello
cp /bin/sleep child; ./child 0.01; (exec -a worker-1 true); cp /bin/true ./fake; ./fake`),
    worked: prints(/stub docker ps\nhello/),
    accepted: {
      "JW-184": "It is run for gcc, and starts gcc: only its folder says that it is for tests.",
    },
  },
  {
    name: "git clones a repository with a tool in it, and runs that",
    command: sh(`git -c init.defaultBranch=main init -q origin; cd origin
cp /bin/echo tool; printf '#!/bin/sh\\n./tool cloned\\n' >run.sh; chmod +x run.sh; git add .
git -c user.name=a -c user.email=a@b commit -qm x; cd ..; git clone -q origin clone; cd clone; ./run.sh
ldd ./tool >/dev/null; bash <(echo echo substituted)`),
    worked: prints(/cloned\nsubstituted/),
  },
];
