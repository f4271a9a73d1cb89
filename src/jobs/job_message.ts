import { fieldOf, numberOf, type Plain, plainContext, sortedJson, textOf } from "./loose_values.ts";
import { type MessageStep, messageSteps } from "./message_steps.ts";
import { lastMessage } from "./message_text.ts";
import { type MessageTree, readTree } from "./message_tree.ts";

export type { MessageStep } from "./message_steps.ts";

/** What the Worker was told to do, as it wrote it into its log: masked, and read tolerantly. */
export interface JobMessage {
  readonly steps: readonly MessageStep[];
  /** Name of the job as the web page shows it, matrix included; null when not found, as below. */
  readonly display_name: string | null;
  readonly check_run_id: string | null;
  /** Path of the called workflow's file in its repository; null for a job of the caller itself. */
  readonly called_workflow: string | null;
  readonly called_workflow_sha: string | null;
  /** Fields of the `github` context that are texts or numbers, by name, such as `run_id`. */
  readonly github: Readonly<Record<string, string>>;
  /** SHA of the head of the pull request of the event, or of the run that it is about. */
  readonly head_sha: string | null;
  /** Number of the pull request. */
  readonly pull_request: string | null;
  readonly job_key: string | null;
  /** The matrix of the job as JSON text with sorted keys; null when it has none. */
  readonly matrix: string | null;
  /** Files that tokens name, in their order. */
  readonly files: readonly string[];
  /** Whether the text was whole JSON; otherwise it was repaired, or only partly read. */
  readonly is_whole: boolean;
}

/**
 * Reads the last job message in the log of a Worker. The text is hostile, and what masking did to it
 * may leave it no JSON; what is still there is found.
 * @param log from its beginning; it may end in the middle of a line
 * @returns undefined when there is none, it has not ended yet, or the log is longer than 16 MiB
 */
export function parseJobMessage(log: string): JobMessage | undefined {
  const text = lastMessage(log);
  if (text === undefined) return undefined;
  const tree = readTree(text);
  return tree && messageOf(tree);
}

/** Each `owner/repo`, spelt as the log does, to the commit that its action was loaded at. */
export function resolvedActions(log: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const unclear = new Set<string>();
  for (const [, repository = "", commit = ""] of log.matchAll(savedArchive)) {
    // Two refs of one repository: the line does not tell which commit is whose.
    if (found.has(repository) && found.get(repository) !== commit) unclear.add(repository);
    found.set(repository, commit);
  }
  for (const repository of unclear) found.delete(repository);
  return found;
}

const savedArchive =
  /^\[[^\]\n]{1,80}\] Save archive 'https?:\/\/[^'\n]{1,200}\/repos\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:zipball|tarball)\/([0-9a-f]{40,64})'/gm;

function messageOf({ root, reading, is_sound }: MessageTree): JobMessage | undefined {
  const [steps, variables, context] = ["steps", "variables", "contextData"].map((key) =>
    fieldOf(root, key),
  );
  if (steps === undefined && variables === undefined && context === undefined) return undefined;
  const files = filesIn(fieldOf(root, "fileTable"));
  const variable = (name: string): string | null => textIn(fieldOf(variables, name));
  const github = plainContext(fieldOf(context, "github"));
  const job = plainContext(fieldOf(context, "job"));
  return {
    steps: is_sound ? messageSteps(steps, files, reading === "whole") : [],
    display_name: textOf(fieldOf(root, "jobDisplayName")),
    check_run_id: numberOf(fieldOf(job, "check_run_id")),
    ...calledWorkflow(variable, job, github),
    github: textsOf(github),
    ...headOf(fieldOf(github, "event")),
    job_key: variable("system.github.job") ?? textOf(fieldOf(github, "job")),
    // One that has lost a value would be another matrix.
    matrix: reading === "partial" ? null : sortedJson(plainContext(fieldOf(context, "matrix"))),
    files,
    is_whole: reading === "whole",
  };
}

/** A variable is `{"value": …}`, with `isSecret` when it is one. */
const textIn = (variable: unknown): string | null =>
  textOf(variable) ?? textOf(fieldOf(variable, "value"));

function filesIn(table: unknown): readonly string[] {
  if (!Array.isArray(table)) return [];
  return table.slice(0, mostFiles).map((file) => textOf(file) ?? "");
}

function calledWorkflow(variable: (name: string) => string | null, job: Plain, github: Plain) {
  const told = variable("system.workflowFileFullPath");
  if (told !== null) {
    const called_workflow_sha = variable("system.workflowFileSha");
    return { called_workflow: pathInRepository(told), called_workflow_sha };
  }
  // A job of the caller has these too, and then they are the caller's.
  const path = textOf(fieldOf(job, "workflow_file_path"));
  const repository = textOf(fieldOf(job, "workflow_repository"));
  const caller = textOf(fieldOf(github, "workflow_ref"))?.split("@")[0];
  if (path === null || repository === null || !caller || caller === `${repository}/${path}`) {
    return { called_workflow: null, called_workflow_sha: null };
  }
  return { called_workflow: path, called_workflow_sha: textOf(fieldOf(job, "workflow_sha")) };
}

const pathInRepository = (path: string): string =>
  /^(?:[^/]+\/[^/]+\/)?(\.github\/[^@]+)/.exec(path)?.[1] ?? path;

/** What an event says of the commit that it is about: the payload, however it was come by. */
export function headOf(event: unknown): Pick<JobMessage, "head_sha" | "pull_request"> {
  const pull = fieldOf(event, "pull_request");
  const run = fieldOf(event, "workflow_run");
  const sha = fieldOf(fieldOf(pull, "head"), "sha") ?? fieldOf(run, "head_sha");
  const isPull = typeof pull === "object" && pull !== null;
  const number = isPull ? (fieldOf(pull, "number") ?? fieldOf(event, "number")) : undefined;
  return {
    head_sha: typeof sha === "string" && isCommit(sha) ? sha : null,
    pull_request: numberOf(number),
  };
}

const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

function textsOf(github: Plain): Readonly<Record<string, string>> {
  if (typeof github !== "object" || github === null || Array.isArray(github)) return {};
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(github).slice(0, mostFields)) {
    const text = typeof value === "number" ? String(value) : textOf(value);
    // Names are those of GitHub; one that is not, `__proto__` above all, is nobody's.
    if (text !== null && /^[a-z]\w{0,99}$/i.test(name)) texts[name] = text;
  }
  return texts;
}

const mostFiles = 1000;
const mostFields = 1000;
