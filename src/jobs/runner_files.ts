/** What `.runner` says; any of it may be wrong, because jobs of the runner can write that file. */
export interface RunnerRecord {
  readonly name: string | null;
  readonly id: number | null;
  readonly url: string | null;
  /** As it stands there: relative to the root, or absolute. */
  readonly work_folder: string | null;
  readonly ephemeral: boolean;
}

/** Where the Listener that runs was found. */
export interface ListenerPlace {
  readonly root: string;
  /** Null before the runner's first update, when the directory of its programs is `bin`. */
  readonly version: string | null;
}

const listenerPath = /^(\/.+)\/bin(?:\.(\d+\.\d+\.\d+))?\/Runner\.Listener$/s;

/**
 * The runner whose Listener a process executes.
 * @param exe as the kernel tells it; ` (deleted)` at its end is left out, as after an update
 */
export function listenerAt(exe: string): ListenerPlace | undefined {
  const [, root, version = null] = listenerPath.exec(exe.replace(/ \(deleted\)$/, "")) ?? [];
  return root === undefined ? undefined : { root, version };
}

/** The version in the name of a directory such as `bin.2.336.0`; null when it has none. */
export const versionIn = (path: string): string | null =>
  /(?:^|\/)bin\.(\d+\.\d+\.\d+)\/?$/.exec(path)?.[1] ?? null;

/** What is said when nothing is known. */
export const noRecord: RunnerRecord = {
  ...{ name: null, id: null, url: null, work_folder: null },
  ephemeral: false,
};

/**
 * Reads the text of `.runner`: JSON, after a byte order mark. What is missing or of another type is
 * left out.
 * @throws an error that says why it is no record, and quotes nothing of it
 */
export function runnerRecord(text: string): RunnerRecord {
  const { agentName, agentId, gitHubUrl, workFolder, ephemeral } = objectIn(text);
  return {
    name: textOf(agentName),
    id: numberOf(agentId),
    url: textOf(gitHubUrl),
    work_folder: textOf(workFolder),
    ephemeral: String(ephemeral).toLowerCase() === "true",
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value = valueIn(text.replace(/^\ufeff/, ""));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>; // JSON has no other kind of object
  }
  throw new Error("it is not a JSON object");
}

function valueIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("it is not JSON"); // the parser's own message quotes the file
  }
}

/** NUL could be in no name and ends every path. */
const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" && !value.includes("\0") ? value : null;

function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}
