import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { loadRules } from "../../agent/rules.ts";
import { folder, jobwarden } from "./harness.ts";

const sigma = (title: string, field = "Image") => `
title: ${title}
level: low
logsource: { category: process_creation, product: linux }
detection: { s: { ${field}: /bin/x }, condition: s }
`;
const module = `
export const signatures = [{
  id: "CUSTOM-1", name: "mine", title: "Mine", severity: "low" as const, behaviours: [], attack: [],
  doc: "", why: "", benign: [], evade: [], events: ["process_exec"],
  match: ({ path }: { path: string }) => (path === "/bin/x" ? { message: path, evidence: {} } : undefined),
  examples: { fires: [], silent: [] },
}];
`;

/** A directory that only root can change, as far as it leads from the top: not below /tmp. */
function directory(t: TestContext, files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync("/run/jobwarden-rules-");
  t.after(() => rmSync(made, { recursive: true }));
  chmodSync(made, 0o755);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(made, name, ".."), { recursive: true });
    writeFileSync(join(made, name), text, { mode: 0o644 });
  }
  return made;
}

test("rules and modules are read, below the directory too", (t) => {
  const files = {
    "a.yml": sigma("A"),
    "b/c.yaml": `${sigma("C")}---${sigma("D")}`,
    "m.ts": module,
  };
  const loaded = loadRules(directory(t, { ...files, "README.md": "not a rule" }));

  assert.deepEqual(loaded.refused, []);
  const ids = ["SIGMA-A", "SIGMA-C", "SIGMA-D", "CUSTOM-1"];
  assert.deepEqual([...loaded.sources.keys()], ids);
  assert.deepEqual(
    loaded.signatures.map(({ id }) => id),
    ids,
  );
});

test("what cannot be used is refused by itself, with the reason", (t) => {
  const made = directory(t, {
    "a.yml": sigma("A"),
    "again.yml": sigma("A"),
    "field.yml": sigma("F", "Hashes"),
    "broken.yml": "title: [",
    "empty.mjs": "export const x = 1;",
    "id.mjs": "export const signatures = [{ id: 'JW-1' }];",
    "throws.mjs": "throw new Error('no such luck');",
    "writable.yml": sigma("W"),
  });
  chmodSync(join(made, "writable.yml"), 0o666);

  const { refused, signatures } = loadRules(made);

  assert.deepEqual(
    signatures.map(({ id }) => id),
    ["SIGMA-A"],
  );
  const why = Object.fromEntries(
    refused.map(({ path, why }) => [path.slice(made.length + 1), why]),
  );
  assert.match(why["again.yml"] ?? "", /SIGMA-A is already that of .*a\.yml/);
  assert.match(why["field.yml"] ?? "", /Hashes is not known/);
  assert.ok(why["broken.yml"]);
  assert.match(why["empty.mjs"] ?? "", /exports no list/);
  assert.match(why["id.mjs"] ?? "", /is not CUSTOM-/);
  assert.match(why["throws.mjs"] ?? "", /no such luck/);
  assert.match(why["writable.yml"] ?? "", /others than root can change it/);
});

test("a traced command is judged by the host's rules too, and replayed by them", async (t) => {
  const rules = directory(t, { "a.yml": sigma("A"), "bad.yml": sigma("B", "Hashes") });
  const state = folder(t);
  writeFileSync(join(rules, "a.yml"), sigma("A").replace("/bin/x", "'*/true'"));
  const options = ["--rules", rules];

  const { err, exit } = await jobwarden(
    ["run", ...options, "--fail-on", "low", "--", "/bin/true"],
    { state },
  );
  const again = await jobwarden(["replay", ...options], { state });

  assert.equal(exit, 3);
  assert.match(err, /LOW {2}A {2}SIGMA-A/);
  assert.match(err, /a rule is not used: .*bad\.yml: the field Hashes is not known/);
  assert.equal(again.exit, 0);
  assert.match(again.out.toString(), /same {2}LOW {2}A/);
});

test("without the directory there are no rules", () => {
  assert.deepEqual(loadRules("/nonexistent/rules").signatures, []);
});
