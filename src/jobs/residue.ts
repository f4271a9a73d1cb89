/**
 * What a job left behind. `system_file`: below /etc, one that runs code or says who may do what;
 * `set_id_file`: a program that runs as its owner or group, wherever it is.
 */
export const residueKinds = [
  "process",
  "listener",
  "container",
  "runner_file",
  "dotfile",
  "unit",
  "timer",
  "crontab",
  "system_file",
  "set_id_file",
] as const;
export type ResidueKind = (typeof residueKinds)[number];

/** One thing that outlived its job. */
export interface Residue {
  readonly kind: ResidueKind;
  /** For the reader, without a full stop: `created /root/.bashrc`. Text of the job: escape it. */
  readonly what: string;
  /** Who left it; 0 when that is not known. */
  readonly process_key: number;
  /** Of a process and a listener; 0 otherwise. */
  readonly pid: number;
  /** Of a file, a unix listener, the program of a process; empty otherwise. */
  readonly path: string;
  readonly detail: Readonly<Record<string, ResidueFact>>;
  /** Unix microseconds: when it was made or last changed, as far as is known; else the job's end. */
  readonly time_us: number;
}

export type ResidueFact = string | number | boolean | null | readonly string[];
