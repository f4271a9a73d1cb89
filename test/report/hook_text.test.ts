import assert from "node:assert/strict";
import { test } from "node:test";
import {
  completedText,
  notTracedText,
  refusedText,
  startedText,
} from "../../src/report/hook_text.ts";
import type { JobReport } from "../../src/report/job_report.ts";
import { commandOf } from "./runner_parser.ts";
import { finding, hostile, randomTexts, report } from "./sample.ts";

test("a job that starts is told its number, and that all is seen", () => {
  assert.equal(
    startedText({ job: 12, unseen: [], troubles: [] }),
    "jobwarden: this job is traced as job 12. Coverage is complete.\n",
  );
});

test("a job that starts is told what this kernel does not show, and why tracing is degraded", () => {
  const unseen = ["file_chmod (EPERM)", "file_link (EPERM)"];
  const troubles = ["the disk is full", "x\n::error::y"];

  assert.equal(
    startedText({ job: 12, unseen, troubles }),
    "jobwarden: this job is traced as job 12. " +
      "This kernel does not show file_chmod (EPERM), file_link (EPERM).\n" +
      "::warning title=jobwarden::The tracing is degraded: the disk is full; x\\n::error::y.\n",
  );
  assert.equal(
    startedText({ job: 12, unseen: [], troubles: ["a"] }),
    "jobwarden: this job is traced as job 12.\n" +
      "::warning title=jobwarden::The tracing is degraded: a.\n",
  );
});

test("a job that is not traced, and a caller that is no hook, are warned", () => {
  assert.equal(
    notTracedText("its Worker is not known"),
    "::warning title=jobwarden::This job is not traced: its Worker is not known.\n",
  );
  assert.equal(
    refusedText("process 7 has ended"),
    "::warning title=jobwarden::The call of the hook was refused: process 7 has ended.\n",
  );
});

test("a quiet job ends with three lines", () => {
  assert.equal(
    completedText(report()),
    "jobwarden: nothing detected\n" +
      "jobwarden: job 12: complete; saw 34 processes, 12,345 events.\n" +
      "jobwarden: This job passes: no finding is high or above.\n",
  );
});

test("findings are annotations on their lines, the most severe first, with the processes below", () => {
  const findings = [
    finding({ event_id: 1, severity: "info", signature: "JW-5", title: "Noted", place: null }),
    finding({ event_id: 2, severity: "low", place: null, step_text: null, step: null }),
    finding({ event_id: 3, severity: "medium", step_text: null, action: "a/b@v1" }),
    finding({ event_id: 4, severity: "critical", count: 12_000, action: "a/b@v1" }),
  ];

  const why = "Somebody outside can run commands.";
  const message = "sh read its commands from 203.0.113.7:4444.";
  const title = "title=jobwarden JW-1%3A A shell over a socket";
  const place = "file=.github/workflows/ci.yml,line=14";
  const processes = [
    `  ${message}`,
    "    /usr/bin/bash -e /t/0.sh [101]",
    "      make all [102]",
    "        sh -i  (/usr/bin/dash) [103]",
  ];
  assert.deepEqual(completedText(report({ findings })).split("\n"), [
    "jobwarden: 4 findings: 1 critical, 1 medium, 1 low, 1 info",
    `::error ${place},${title}::${message} (12,000 times)%0AStep: Run make (a/b@v1)%0A${why}`,
    `::warning ${place},${title}::${message}%0AStep: __run (a/b@v1)%0A${why}`,
    `::notice ${title}::${message}%0A${why}`,
    "::group::jobwarden: the processes behind the findings",
    ...["critical  JW-1  A shell over a socket", ...processes],
    ...["medium  JW-1  A shell over a socket", ...processes],
    ...["low  JW-1  A shell over a socket", ...processes],
    ...["info  JW-5  Noted", ...processes],
    "::endgroup::",
    "jobwarden: job 12: complete; saw 34 processes, 12,345 events.",
    "jobwarden: This job fails: 1 finding is high or above.",
    "",
  ]);
});

test("a record that is not whole is a warning, and the rest that is to be known is said", () => {
  const text = completedText(
    report({
      losses: [
        { kind: "file_open", lost: 10 },
        { kind: "process_tag", lost: 2 },
      ],
      troubles: ["the disk was full"],
      unseen: ["file_chmod (EPERM)"],
      survivors: 1,
      fail_on: "never",
    }),
  );

  assert.equal(
    text,
    "jobwarden: nothing detected\n" +
      "::warning title=jobwarden::The record is not whole: job 12: incomplete: 12 events lost " +
      "(file_open 10, process_tag 2); the disk was full; saw 34 processes, 12,345 events.\n" +
      "jobwarden: this kernel does not show file_chmod (EPERM).\n" +
      "jobwarden: 1 process of this job still ran at its end.\n" +
      "jobwarden: Findings do not fail this job.\n",
  );
});

test("a step has room for ten annotations of each kind, and says how many have none", () => {
  const many = (["critical", "high", "medium", "low"] as const).flatMap((severity) =>
    Array.from({ length: 11 }, (_, event_id) => finding({ severity, event_id })),
  );

  const whole = kindsOf(report({ findings: many }));
  const lost = kindsOf(report({ findings: many, losses: [{ kind: "file_open", lost: 1 }] }));
  const one = completedText(report({ findings: many.slice(-11) }));

  assert.deepEqual(whole, { error: 10, warning: 10, notice: 10 });
  assert.deepEqual(lost, { error: 10, warning: 10, notice: 10 });
  const text = completedText(report({ findings: many }));
  assert.match(
    text,
    /^jobwarden: 14 more findings have no annotation; on this host, jobwarden show 12 lists all\.$/m,
  );
  assert.match(text, /^4 more findings not listed here$/m);
  assert.match(one, /^jobwarden: 1 more finding has no annotation;/m);
});

test("whatever a job is called, and does, its report obeys no command but its own", () => {
  const texts = [hostile, ...randomTexts(3_000)];
  const own = ["error", "warning", "notice", "group", "endgroup"];

  for (const text of texts) {
    const lines = everywhere(text).split("\n");

    const commands = lines.map(commandOf).filter((found) => found !== undefined);
    assert.deepEqual(
      commands.map(({ name }) => name),
      ["error", "group", "endgroup", "warning"],
      JSON.stringify(text),
    );
    for (const { name, data } of commands) {
      assert.ok(own.includes(name));
      for (const line of data.split("\n")) assert.equal(commandOf(line), undefined);
    }
  }
});

test("texts of any length make a message that the runner keeps whole, and a text that can be sent", () => {
  const long = "%漢\\".repeat(100_000);
  const findings = Array.from({ length: 200 }, (_, event_id) =>
    finding({
      ...{ event_id, message: long, why: long, title: long, step_text: long, action: long },
      severity: event_id % 2 ? "high" : "medium",
      process: { process_key: 1, pid: 1, path: long, args: [long, long] },
      ancestry: Array(500).fill({ process_key: 1, pid: 1, path: long, args: [long] }),
    }),
  );

  const text = completedText(report({ findings }));

  const messages = text.split("\n").flatMap((line) => commandOf(line)?.data ?? []);
  assert.equal(messages.filter((message) => message.length > 2_000).length, 20);
  assert.ok(messages.every((message) => message.length <= 4096));
  assert.match(text, /^ +\(492 more above\)$/m);
  assert.ok(Buffer.byteLength(JSON.stringify(text)) < 900_000, `${Buffer.byteLength(text)}`);
});

function kindsOf(of: JobReport): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const line of completedText(of).split("\n")) {
    const { name = "" } = commandOf(line) ?? {};
    if (["error", "warning", "notice"].includes(name)) kinds[name] = (kinds[name] ?? 0) + 1;
  }
  return kinds;
}

/** A report in which every text of the job, and of the world around it, is this one. */
const everywhere = (text: string): string =>
  completedText(
    report({
      ...{ name: text, repository: text, workflow: text, job_name: text },
      troubles: [text],
      unseen: [text],
      losses: [{ kind: text, lost: 1 }],
      findings: [
        finding({
          ...{ title: text, message: text, why: text, step: text, step_text: text, action: text },
          signature: text,
          place: { file: text, line: 3 },
          process: { process_key: 1, pid: 1, path: text, args: [text, text] },
          ancestry: [{ process_key: 1, pid: 1, path: text, args: [] }],
        }),
      ],
    }),
  );
