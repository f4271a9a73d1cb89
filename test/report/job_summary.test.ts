import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownText } from "../../src/report/escape.ts";
import { defaultSummaryBytes, jobSummary } from "../../src/report/job_summary.ts";
import { finding, hostile, randomTexts, report } from "./sample.ts";

test("the summary of a quiet job is its verdict and its record", () => {
  assert.equal(
    jobSummary(report()),
    `## jobwarden: nothing detected

**This job passes&#58; no finding is high or above&#46;**

Job <code>build &#40;22&#46;04&#41;</code>, workflow <code>CI</code>, repository <code>owner&#47;repo</code>.

- Record: <code>complete</code>
- Saw: 34 processes&#44; 12&#44;345 events

On the runner's host, \`jobwarden show 12\` shows all that was seen of this job.
`,
  );
});

test("the summary has a row and a tree for each finding, and what is missing", () => {
  const unknown = { step: null, step_text: null, place: null };
  const summary = jobSummary(
    report({
      ...{ repository: null, workflow: null, job_name: null, survivors: 2 },
      losses: [{ kind: "exec", lost: 3 }],
      troubles: ["full"],
      unseen: ["chmod", "link"],
      findings: [
        finding({ severity: "low", title: "B", message: "b", ...unknown }),
        finding({ severity: "high", title: "A", message: "x|y", action: "a/b@v1", count: 2 }),
      ],
    }),
  );

  const tree =
    "<pre>&#47;usr&#47;bin&#47;bash &#45;e &#47;t&#47;0&#46;sh &#91;101&#93;\n  make all &#91;102&#93;\n" +
    "    sh &#45;i  &#40;&#47;usr&#47;bin&#47;dash&#41; &#91;103&#93;\n\n" +
    "Somebody outside can run commands&#46;</pre>";
  const tree_of = (title: string) =>
    `<details><summary>JW&#45;1&#58; ${title}</summary>\n\n${tree}\n\n</details>\n`;
  assert.equal(
    summary,
    `## jobwarden: 2 findings&#58; 1 high&#44; 1 low

**This job fails&#58; 1 finding is high or above&#46;**

| Severity | What | Step | Action | Line |
|---|---|---|---|---|
| high | <b>A</b> (2 times)<br><code>x&#124;y</code> | <code>Run make</code> | <code>a&#47;b&#64;<!-- -->v1</code> | <code>&#46;github&#47;workflows&#47;ci&#46;yml&#58;14</code> |
| low | <b>B</b><br><code>b</code> | – | – | – |

${tree_of("A")}
${tree_of("B")}
- Record: <code>incomplete&#58; 3 events lost &#40;exec&#41;&#59; full</code>
- Saw: 34 processes&#44; 12&#44;345 events
- Not shown by this kernel: <code>chmod&#44; link</code>
- Still ran at the end of the job: 2 processes

On the runner's host, \`jobwarden show 12\` shows all that was seen of this job.
`,
  );
});

test("a summary that gets too long leaves out the least severe findings whole, and says so", () => {
  const findings = Array.from({ length: 5_000 }, (_, event_id) =>
    finding({
      event_id,
      message: "漢\\|".repeat(1_000),
      severity: event_id < 4_999 ? "low" : "high",
    }),
  );

  for (const most of [32_768, defaultSummaryBytes, 1 << 20]) {
    const summary = jobSummary(report({ findings }), most);

    const rows = summary.split("\n").filter((line) => /^\| (high|low) /.test(line));
    assert.ok(Buffer.byteLength(summary) <= most && Buffer.byteLength(summary) > most * 0.7);
    assert.match(rows[0] ?? "", /^\| high /);
    assert.ok(rows.length > 5 && rows.every((line) => line.endsWith(" |")));
    assert.match(summary, pointerTo(5_000 - rows.length));
    assert.equal(tags(summary, /<details>|<pre>/g), tags(summary, /<\/details>|<\/pre>/g));
  }
});

test("whatever a job is called, and does, its summary keeps its form", () => {
  const form = shapeOf(everywhere("x"));

  for (const text of [hostile, ...randomTexts(3_000)]) {
    const summary = everywhere(text);

    assert.equal(shapeOf(summary), form, JSON.stringify(text));
    assert.ok(summary.includes(markdownText(text.slice(0, 10)).slice(0, 5)));
  }
});

const pointerTo = (left_out: number): RegExp =>
  new RegExp(`^${left_out} more findings left out here; .jobwarden show 12. lists all\\.$`, "m");

const tags = (summary: string, tag: RegExp): number => summary.match(tag)?.length ?? 0;

/** What is left when text is taken out: the punctuation that Markdown and HTML go by. */
const shapeOf = (summary: string): string =>
  summary
    .replace(/&#\d+;|<!-- -->/g, "")
    .replace(/<(code|pre|b|summary)>[^<]*/g, "<$1>")
    .replace(/[^ -~\n]/gu, "");

const everywhere = (text: string): string =>
  jobSummary(
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
        }),
      ],
    }),
  );
