import assert from "node:assert/strict";
import { test } from "node:test";
import { programOf, runsItsInput } from "../../src/signatures/programs.ts";

const kinds = [
  ["/usr/bin/dash", "shell"],
  ["/usr/bin/bash", "shell"],
  ["/opt/bash-5.2", "shell"],
  ["/bin/ksh93", "shell"],
  ["/usr/bin/python3.11", "interpreter"],
  ["/usr/bin/ruby3.1", "interpreter"],
  ["/usr/bin/php8.2", "interpreter"],
  ["/usr/bin/perl5.36-x86_64-linux-gnu", "interpreter"],
  ["/usr/bin/lua5.4", "interpreter"],
  ["/usr/bin/Rscript", "interpreter"],
  ["/usr/bin/cat", "filter"],
  ["/usr/bin/make", "program"],
  ["/usr/bin/ssh", "program"],
  ["/usr/bin/shasum", "program"],
  ["", "program"],
] as const;

for (const [path, kind] of kinds) {
  test(`"${path}" is a ${kind}`, () => {
    assert.equal(programOf(path, []).kind, kind);
  });
}

test("BusyBox is the program as which it was called", () => {
  const kind = (...args: string[]) => programOf("/bin/busybox", args).kind;

  assert.deepEqual(
    [kind("sh"), kind("/bin/busybox", "sh"), kind("cat"), kind("busybox", "nc"), kind()],
    ["shell", "shell", "filter", "program", "program"],
  );
});

const sources = [
  ["sh", "stdin"],
  ["sh -i", "stdin"],
  ["sh -s a b", "stdin"],
  ["sh -", "stdin"],
  ["bash --norc --noprofile", "stdin"],
  ["bash --rcfile x -i", "stdin"],
  ["bash -o pipefail", "stdin"],
  ["bash /dev/stdin", "stdin"],
  ["bash -eo pipefail x.sh", "file"],
  ["bash --noprofile --norc -e -o pipefail x.sh", "file"],
  ["sh x.sh -c y", "file"],
  ["bash -lc CODE name", "argument"],
  ["sh -c -- CODE", "argument"],
  ["fish --command=CODE", "argument"],
  ["python3", "stdin"],
  ["python3 -", "stdin"],
  ["python3 -u -i", "stdin"],
  ["python3 -W error", "stdin"],
  ["python3 -u x.py -c", "file"],
  ["python3 -m http.server", "file"],
  ["python3 -uc CODE", "argument"],
  ["perl -w", "stdin"],
  ["perl -MIO::Socket -e CODE", "argument"],
  ["perl -lne CODE", "argument"],
  ["ruby -rsocket -e CODE", "argument"],
  ["php -r CODE", "argument"],
  ["php x.php", "file"],
  ["node", "stdin"],
  ["node -i", "stdin"],
  ["node --eval=CODE", "argument"],
  ["node -r x -e CODE", "argument"],
  ["node --require x y.js", "file"],
  ["deno eval CODE", "argument"],
  ["pwsh -NoProfile -Command CODE", "argument"],
  ["pwsh -File x.ps1", "file"],
  ["lua -e CODE", "argument"],
  ["tclsh", "stdin"],
  ["awk CODE", "file"],
] as const;

for (const [line, from] of sources) {
  test(`"${line}" takes its code from ${from}`, () => {
    const args = line.split(" ");

    const { code } = programOf(`/usr/bin/${args[0]}`, args);

    assert.deepEqual(code, from === "argument" ? { from, text: "CODE" } : { from });
  });
}

const inputs = [
  ["sh", 'while read -r l; do eval "$l"; done', true],
  ["sh", "while read -r l; do $l; done", true],
  ["sh", "source /dev/stdin", true],
  ["sh", ". /dev/stdin", true],
  ["sh", "$(cat)", true],
  ["sh", "cat", false],
  ["sh", './handler.sh "$@"', false],
  ["sh", '"$@"', false],
  ["sh", 'read -r l; echo "got $l"', false],
  ["python3", "import pty; pty.spawn('/bin/sh')", true],
  ["python3", "exec(input())", true],
  ["python3", "print(input().upper())", false],
  ["perl", "system($_) while <>", true],
] as const;

for (const [program, text, expected] of inputs) {
  test(`${program} -c '${text}' ${expected ? "runs" : "does not run"} what it reads`, () => {
    const option = program === "perl" ? "-e" : "-c";

    assert.equal(runsItsInput(programOf(`/usr/bin/${program}`, [program, option, text])), expected);
  });
}
