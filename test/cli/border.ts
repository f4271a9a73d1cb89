import type {
  AgentRequest,
  Context,
  Diagnosis,
  Terminal,
  TraceRequest,
  TraceResult,
} from "../../src/cli/context.ts";
import { main } from "../../src/cli/main.ts";
import type { Finding } from "../../src/engine/finding.ts";
import type { UserRules } from "../../src/signatures/user_rules.ts";

/** 2026-11-23 12:00:00 UTC in Unix microseconds: the `now` of all tests here. */
export const now_us = Date.UTC(2026, 10, 23, 12) * 1000;

/** The border of the command line, faked; all behind it is real. */
export interface Border {
  readonly state?: string;
  readonly findings?: readonly Finding[];
  readonly result?: Partial<TraceResult>;
  /** Thrown by tracing instead of a result, or of a diagnosis. */
  readonly failure?: unknown;
  readonly diagnosis?: Diagnosis;
  readonly columns?: number;
  readonly colour?: boolean;
  /** Writes to stdout after which its reader is gone. */
  readonly readerStays?: number;
  readonly sink?: (line: string) => void;
  readonly sinkFailure?: Error;
  /** Whether the agent that the database names runs. */
  readonly running?: boolean;
  readonly debug?: boolean;
  readonly rules?: UserRules;
}

export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly TraceRequest[];
  readonly agents: readonly AgentRequest[];
  readonly sinks: ReadonlyMap<string, string>;
  readonly writes: number;
}

/** Runs one command line. */
export async function jobwarden(argv: readonly string[], border: Border = {}): Promise<Outcome> {
  const out = terminal(border);
  const err = terminal({ ...border, readerStays: Number.POSITIVE_INFINITY });
  const requests: TraceRequest[] = [];
  const agents: AgentRequest[] = [];
  const sinks = new Map<string, string>();
  const context: Context = {
    out,
    err,
    now: () => now_us,
    state_directory: border.state ?? "/nonexistent",
    version: "0.1.0",
    debug: border.debug ?? false,
    isRunning: () => border.running ?? false,
    openSink(target) {
      if (border.sinkFailure && !border.sink) throw border.sinkFailure;
      sinks.set(target, "");
      return {
        write(line) {
          border.sink?.(line);
          sinks.set(target, sinks.get(target) + line);
        },
        close() {},
      };
    },
    loadRules: () => border.rules ?? { signatures: [], sources: new Map(), refused: [] },
    tracing: {
      async run(request, onFinding) {
        requests.push(request);
        for (const finding of border.findings ?? []) onFinding(finding);
        if (border.failure !== undefined) throw border.failure;
        return { ...plainResult, findings: border.findings?.length ?? 0, ...border.result };
      },
      async diagnose() {
        if (border.failure !== undefined) throw border.failure;
        return border.diagnosis ?? { checks: [], coverage: [] };
      },
      async agent(request) {
        agents.push(request);
        if (border.failure !== undefined) throw border.failure;
        return 0;
      },
    },
  };
  const exit = await main(argv, context);
  const said = { out: out.text(), err: err.text(), writes: out.writes() };
  return { exit, ...said, requests, agents, sinks };
}

export const plainResult: TraceResult = {
  job: 7,
  exit_code: 0,
  signal: null,
  started_us: now_us - 2_100_000,
  ended_us: now_us,
  processes: 3,
  events: 12_345,
  findings: 0,
  losses: [],
  unseen: [],
  troubles: [],
  survivors: 0,
  agent_cpu_us: 1000,
  agent_max_rss_kib: 60_000,
};

export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    signature: "TRC-101",
    formerly: ["TRC-1"],
    title: "Standard Input/Output Over Socket",
    severity: "high",
    behaviours: ["reverse_shell"],
    job: 7,
    event_id: 42,
    event: "descriptor_duplicate",
    time_us: now_us - 1_000_000,
    message: "python3 put a socket on its standard input.",
    evidence: { peer: "192.0.2.7:4444", descriptor: 0 },
    process: { process_key: 3, pid: 103, path: "/usr/bin/python3", args: ["python3", "x.py"] },
    ancestry: [
      { process_key: 2, pid: 102, path: "/bin/sh", args: ["sh", "-c", "python3 x.py"] },
      { process_key: 1, pid: 101, path: "/usr/bin/npm", args: ["npm", "test"] },
    ],
    step: null,
    key: "103",
    why: "Whoever is at the other end of the socket gives the commands.",
    ...changes,
  };
}

/** Every line, parsed. */
export const parsedLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

function terminal({ columns, colour = false, readerStays = Number.POSITIVE_INFINITY }: Border) {
  const written: string[] = [];
  const fake: Terminal & { text(): string; writes(): number } = {
    columns,
    colour,
    get closed() {
      return written.length >= readerStays;
    },
    write: (text) => void written.push(text),
    text: () => written.join(""),
    writes: () => written.length,
  };
  return fake;
}
