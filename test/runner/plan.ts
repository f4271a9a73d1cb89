/** A value that an expression can give. */
export type Scalar = string | number | boolean | null;
export type Scalars = Readonly<Record<string, Scalar>>;
export type Texts = Readonly<Record<string, string>>;

/** One entry of a `steps:` list; texts still hold their expressions. */
export interface Step {
  /** 0-based in its list. */
  readonly position: number;
  readonly id: string;
  readonly name?: string;
  readonly condition: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly working_directory?: string;
  readonly with: Texts;
  readonly env: Texts;
  readonly continue_on_error: boolean;
  readonly background: boolean;
  /** Ids of the background steps to wait for. */
  readonly wait?: readonly string[] | "all";
  /** 1-based line of `run:` or `uses:`. */
  readonly line: number;
  readonly places: StepPlaces;
}

/** Where a step's texts begin, 1-based. */
export interface StepPlaces {
  readonly name?: Place;
  readonly run?: Place;
  readonly with?: Place;
  readonly inputs: Readonly<Record<string, Place>>;
}

export interface Place {
  readonly line: number;
  readonly col: number;
}

/** A `container:` or a service. */
export interface Container {
  readonly image: string;
  readonly env: Texts;
}

/** One job of a workflow, one leg of its matrix. */
export interface Job {
  /** The YAML key; in a called workflow that of the called job. */
  readonly key: string;
  /** Keys from the caller down, with dots. */
  readonly path: string;
  readonly display_name: string;
  readonly workflow_name: string;
  /** Path in the repository of the workflow that was triggered. */
  readonly workflow_file: string;
  /** Path in the repository of the file with the steps. */
  readonly file: string;
  readonly matrix: Scalars | null;
  readonly matrix_index: number;
  readonly matrix_total: number;
  readonly inputs: Scalars;
  readonly env: Texts;
  readonly shell?: string;
  readonly working_directory?: string;
  readonly container?: Container;
  readonly services: Readonly<Record<string, Container>>;
  readonly steps: readonly Step[];
}

/** Everything about a job that does not stand in its workflow. */
export interface Identity {
  readonly repository: string;
  readonly run_id: number;
  readonly run_attempt: number;
  readonly run_number: number;
  readonly check_run_id: number;
  readonly event: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly ref: string;
  readonly sha: string;
  readonly workflow_sha: string;
  readonly head_ref: string;
  readonly base_ref: string;
}

/** How containers are made on this host. */
export interface DockerOptions {
  /** `none` for a daemon without a bridge. */
  readonly network: "create" | "none";
  readonly pull: boolean;
  /** Path of the socket that is mounted as `/var/run/docker.sock`. */
  readonly socket: string;
}

/** What the Worker needs and the real one gets from the network. */
export interface StandIn {
  readonly name: string;
  readonly job: Job;
  readonly identity: Identity;
  readonly job_id: string;
  readonly plan_id: string;
  readonly secrets: Texts;
  readonly token: string;
  /** Folder with `<owner>/<repo>/<ref>/`. */
  readonly actions: string;
  /** Folder of the repository that the workflow lies in. */
  readonly source: string;
  readonly docker: DockerOptions;
  readonly truth: string;
  readonly log: string;
}
