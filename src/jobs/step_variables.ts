/** What is kept of the environment of a step's process; every other variable is dropped unread. */
export const stepVariables = [
  "GITHUB_ACTION",
  "GITHUB_ACTION_REPOSITORY",
  "GITHUB_ACTION_REF",
  "GITHUB_ACTION_PATH",
  "GITHUB_JOB",
  "GITHUB_RUN_ID",
  "GITHUB_RUN_ATTEMPT",
  "GITHUB_SHA",
  "GITHUB_REF",
  "GITHUB_REPOSITORY",
  "GITHUB_WORKFLOW",
  "GITHUB_WORKFLOW_REF",
  "GITHUB_WORKFLOW_SHA",
  "GITHUB_EVENT_NAME",
  "GITHUB_EVENT_PATH",
  "GITHUB_ACTOR",
  "GITHUB_WORKSPACE",
  "RUNNER_NAME",
  "RUNNER_TRACKING_ID",
  "RUNNER_TEMP",
  "ACTIONS_ORCHESTRATION_ID",
] as const;

export type StepVariable = (typeof stepVariables)[number];

/** The listed variables that a process has; an empty value is there, and empty. */
export type StepEnvironment = Readonly<Partial<Record<StepVariable, string>>>;

/**
 * Takes the listed variables out of the environment block of an exec: `NAME=value`, each ended by a
 * zero byte. No other value becomes a string. Of a name that is there twice the first one counts,
 * as for getenv(3) and so for node; the Worker, whose children these are, never gives one twice.
 * A value is cut after 4,096 bytes.
 */
export function pickVariables(block: Buffer): StepEnvironment {
  const picked: Partial<Record<StepVariable, string>> = {};
  for (let start = 0; start < block.length; ) {
    const zero = block.indexOf(0, start);
    // Without its zero byte the last entry was cut, and perhaps not only in its value.
    if (zero < 0) break;
    const variable = listedAt(block, start, zero);
    if (variable && picked[variable.name] === undefined) {
      picked[variable.name] = textAt(block, start + variable.prefix.length, zero);
    }
    start = zero + 1;
  }
  return picked;
}

interface Listed {
  readonly name: StepVariable;
  readonly prefix: Buffer;
}

const longestValue = 4096;

const listed: readonly Listed[] = stepVariables.map((name) => ({
  name,
  prefix: Buffer.from(`${name}=`),
}));

const byFirstByte = new Map<number, readonly Listed[]>();
for (const one of listed) {
  const first = one.prefix[0] ?? 0;
  byFirstByte.set(first, [...(byFirstByte.get(first) ?? []), one]);
}

function listedAt(block: Buffer, start: number, end: number): Listed | undefined {
  const candidates = byFirstByte.get(block[start] ?? 0);
  return candidates?.find(({ prefix }) => {
    const after = start + prefix.length;
    return after <= end && block.compare(prefix, 0, prefix.length, start, after) === 0;
  });
}

const textAt = (block: Buffer, start: number, end: number): string =>
  block.toString("utf8", start, Math.min(end, start + longestValue));
