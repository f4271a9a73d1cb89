import type { Context } from "./context.ts";

/** `optional` is a flag that may carry a value: `--json`, `--json=PATH`; without one it reads "". */
type OptionType = "string" | "boolean" | "optional";

export interface Option {
  readonly type: OptionType;
  /** A phrase for the help; without a full stop. */
  readonly help: string;
  /** What the value is called in the help, such as DIR. */
  readonly value?: string;
  /** The values that it may have; any other one is refused. */
  readonly choices?: readonly string[];
}
export type Options = Readonly<Record<string, Option>>;

/** What the person gave, by option; absent when not given. */
export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]?: ValueOf<O[K]["type"]>;
};
type ValueOf<T extends OptionType> = T extends "boolean" ? boolean : string;

export interface Positional {
  /** As the usage shows it, such as JOB. */
  readonly name: string;
  readonly help: string;
  /** One or more words after `--`, none of which is ever read as an option of ours. */
  readonly rest?: true;
  /** Any number of them, also none. The last one. */
  readonly many?: true;
}

export interface Example {
  readonly line: string;
  readonly does: string;
}

export interface Command<O extends Options = Options> {
  readonly name: string;
  /** One line for the list of commands; a sentence. */
  readonly summary: string;
  /** What a person must know beyond the summary: sentences, a paragraph each. */
  readonly notes?: readonly string[];
  readonly positionals: readonly Positional[];
  readonly options: O;
  readonly examples: readonly [Example, ...Example[]];
  /** Exit codes that only this command has, or that mean something else here. */
  readonly exits?: Readonly<Record<string, string>>;
  /** Exit code of a failure that has no code of its own; 1 unless a traced command may say 1. */
  readonly failure_exit?: number;
  /**
   * @param positionals as many as are declared: main has checked it
   * @returns the exit code
   * @throws JobwardenError what it cannot do; main says so and chooses the exit code
   */
  run(
    values: ValuesOf<O>,
    positionals: readonly string[],
    context: Context,
  ): number | Promise<number>;
}

export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command;

/** The option of every command that uses the database. */
export const stateOption = {
  type: "string",
  value: "DIR",
  help: "Directory of the database; default /var/lib/jobwarden",
} as const;

/** The option of every command that judges. */
export const rulesOption = {
  type: "string",
  value: "DIR",
  help: "Directory of the host's own rules; default /etc/jobwarden/rules",
} as const;

/** The argument of every command about one job. */
export const jobArgument = {
  name: "JOB",
  help: "a job's number or name, or last for the newest",
} as const;

/** The option of every command that lists something. */
export const jsonOption = {
  type: "boolean",
  help: "Print JSON, one object on each line",
} as const;
