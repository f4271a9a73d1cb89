import assert from "node:assert/strict";
import { test } from "node:test";
import { userRules } from "../../../src/signatures/user_rules.ts";
import { jobwarden, parsedLines } from "../border.ts";
import { hostile, unsafe } from "../database.ts";

const rule = (title: string, category = "process_creation") => `
title: ${JSON.stringify(title)}
logsource: { category: ${category}, product: linux }
detection: { s: { Image: /bin/x }, condition: s }
`;
const file = (path: string, sigma: string) => ({ path, content: { sigma } });

test("rules are listed, and those that cannot be used are named", async () => {
  const rules = userRules([file("/r/a.yml", rule("Title A")), file("/r/b.yml", rule("B", "dns"))]);

  const text = await jobwarden(["rules"], { rules });
  const json = await jobwarden(["rules", "--json"], { rules });

  assert.equal(text.exit, 3);
  assert.match(
    text.out,
    /^SEVERITY +ID +TITLE +FILE\nmedium +SIGMA-Title A +Title A +\/r\/a\.yml\n/,
  );
  assert.match(
    text.out,
    /\nrefused {2}\/r\/b\.yml: logsource\.category is dns, .*\n1 rule in use, 1 refused\n$/,
  );
  assert.deepEqual(
    (parsedLines(json.out) as { type: string }[]).map(({ type }) => type),
    ["rule", "refused"],
  );
});

test("what a rule says cannot move the terminal", async () => {
  const rules = userRules([file(hostile, rule(hostile)), file(hostile, rule(hostile, "dns"))]);

  const { out } = await jobwarden(["rules"], { rules });

  assert.doesNotMatch(out, unsafe);
});

test("no rules is no failure", async () => {
  const { exit, out } = await jobwarden(["rules"]);

  assert.equal(exit, 0);
  assert.equal(out, "0 rules in use, 0 refused\n");
});
