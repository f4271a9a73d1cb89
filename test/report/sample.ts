import type { JobReport, ReportedFinding } from "../../src/report/job_report.ts";

/** A finding as a signature makes it, with the fields that matter. */
export const finding = (changes: Partial<ReportedFinding> = {}): ReportedFinding => ({
  signature: "JW-1",
  formerly: [],
  title: "A shell over a socket",
  severity: "high",
  behaviours: ["reverse_shell"] as never,
  job: 12,
  event_id: 1,
  event: "process_exec",
  time_us: 1_000,
  message: "sh read its commands from 203.0.113.7:4444.",
  evidence: {},
  process: { process_key: 3, pid: 103, path: "/usr/bin/dash", args: ["sh", "-i"] },
  ancestry: [
    { process_key: 2, pid: 102, path: "/usr/bin/make", args: ["make", "all"] },
    { process_key: 1, pid: 101, path: "/usr/bin/bash", args: ["/usr/bin/bash", "-e", "/t/0.sh"] },
  ],
  step: "__run",
  key: "k",
  why: "Somebody outside can run commands.",
  count: 1,
  place: { file: ".github/workflows/ci.yml", line: 14 },
  step_text: "Run make",
  action: null,
  ...changes,
});

export const report = (changes: Partial<JobReport> = {}): JobReport => ({
  job: 12,
  name: "ci/build",
  repository: "owner/repo",
  workflow: "CI",
  job_name: "build (22.04)",
  findings: [],
  losses: [],
  unseen: [],
  troubles: [],
  processes: 34,
  events: 12_345,
  survivors: 0,
  fail_on: "high",
  ...changes,
});

/** Text that means something in every place where a report puts it. */
export const hostile =
  "::error::x\n::set-output name=a::b\r##[group]%0A%3A,|`<b>[l](http://e.example)@user #1 \u202e\x1b[2J\0";

/** The same numbers each time, so that a failure can be seen again. */
export function randomTexts(count: number): string[] {
  let state = 12_345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const parts = [
    "::",
    "##[",
    "#",
    "[",
    "]",
    ":",
    " ",
    "\u00a0",
    "\u200b",
    "\u034f",
    "%",
    "%0A",
    ",",
  ];
  const more = [
    "\n",
    "\r\n",
    "\u2028",
    "\0",
    "\x1b[31m",
    "\u202e",
    "|",
    "`",
    "```",
    "<",
    "-->",
    "@a.b",
  ];
  const words = [
    ...parts,
    ...more,
    "&#58;",
    "&amp;",
    "error",
    "group",
    "stop-commands",
    "\\",
    "http://e",
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(12) }, () =>
      next(3) > 0 ? words[next(words.length)] : character(next(8), next),
    ).join(""),
  );
}

/** Of any plane; lone surrogates too. */
const character = (plane: number, next: (below: number) => number): string =>
  plane === 0 ? String.fromCharCode(next(0x10000)) : String.fromCodePoint(next(0x300 << plane));
