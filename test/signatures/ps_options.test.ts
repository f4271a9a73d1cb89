import assert from "node:assert/strict";
import { test } from "node:test";
import { showsEnvironment } from "../../src/signatures/ps_options.ts";

const shown = [
  "auxe",
  "auxeww",
  "axe",
  "e -A",
  "-e e",
  "eww -p 12",
  "eww 12",
  "e p 12",
  "-auxe",
  "e --pid 12",
  "-ef e",
  "e -u root",
  "axeo pid",
];
const hidden = [
  "",
  "aux",
  "-ef",
  "-e",
  "e",
  "eww",
  "axo etime",
  "-eo etime,args",
  "-eo etime",
  "-C node",
  "-u deploy",
  "-u root -o pid,time",
  "ax -o etime",
  "aux --sort=-rss",
  "-ax -o pid,command",
  "-p 1 -o comm=",
  "fp 12",
];

for (const [expected, lines] of [
  [true, shown],
  [false, hidden],
] as const) {
  for (const line of lines) {
    test(`ps ${line} ${expected ? "shows" : "does not show"} the environment of others`, () => {
      assert.equal(showsEnvironment(["ps", ...line.split(" ")]), expected);
    });
  }
}
