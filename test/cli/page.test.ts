import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "../../src/cli/commands/index.ts";
import { cliPage } from "../../src/cli/page.ts";

test("the page has every command with its usage, options, examples and exit codes", () => {
  const page = cliPage();

  for (const { name, options, examples } of commands) {
    const [, section = ""] = page.split(`\n## ${name}\n`);
    const own = section.split("\n## ")[0] ?? "";
    assert.match(own, new RegExp(`^jobwarden ${name}\\b`, "m"));
    for (const option of Object.keys(options)) assert.ok(own.includes(`| \`--${option}`), option);
    for (const { line } of examples) assert.ok(own.includes(line), line);
    assert.match(own, /\| exit code \| meaning \|/);
  }
});

test("the page ends with one line break, and has no paths of a machine", () => {
  assert.match(cliPage(), /[^\n]\n$/);
  assert.doesNotMatch(cliPage(), /\/(work|home|root|tmp)\//);
});
