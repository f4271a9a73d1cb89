/** One step of the job, as the runner was told it. */
export interface MessageStep {
  /** What `GITHUB_ACTION` is for it. */
  readonly action: string;
  /** From 0, among the job's steps. */
  readonly position: number;
  readonly kind: "run" | "repository" | "local" | "docker" | "unknown";
  /** As `tidyUses` writes it; null for `run:`. */
  readonly uses: string | null;
  /** Its `name:` when that is a literal; null otherwise. */
  readonly name: string | null;
  /** Workflow file of the token that has a line; null when none has. */
  readonly file: string | null;
  /** From 1: the line of its script, else of its name, else of an input; null when not told. */
  readonly line: number | null;
}

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
  /** SHA of the head of the pull request of the event, and its number. */
  readonly head_sha: string | null;
  readonly pull_request: string | null;
  readonly job_key: string | null;
  /** The matrix of the job as JSON text with sorted keys; null when it has none. */
  readonly matrix: string | null;
  /** Files that tokens name, in their order. */
  readonly files: readonly string[];
  /** Whether the text was whole JSON; otherwise it was repaired, or only partly read. */
  readonly is_whole: boolean;
}
