import type { ChangedFile } from "../src/jobs/changed_file.ts";
import type { WrittenFile } from "../src/jobs/edge.ts";
import type { Places } from "../src/jobs/places.ts";
import type { Process } from "../src/jobs/process.ts";
import type { Residue, ResidueFact } from "../src/jobs/residue.ts";
import { LeftFileSearch, type UntoldFiles } from "./left_files.ts";
import { type Survivor, SurvivorSearch, type UnseenSurvivors } from "./survivor_search.ts";

export interface LeftContainer {
  readonly id: string;
  /** Empty when it is not known. */
  readonly name: string;
  readonly image: string;
  /** Who started it; 0 when that is not known. */
  readonly process_key: number;
  /** Unix microseconds of its start. */
  readonly time_us: number;
  readonly detail?: Readonly<Record<string, ResidueFact>>;
}

export interface ResidueQuestion {
  readonly job: number;
  /** What the kernel's map of tagged processes has of the job, at its end. */
  readonly survivors: readonly Survivor[];
  readonly processOf: (process_key: number) => Process | undefined;
  readonly changed: Iterable<ChangedFile>;
  readonly places: Places;
  readonly containers: readonly LeftContainer[];
  /** Unix microseconds: the end of the job. */
  readonly ended_us: number;
  /** Unix microseconds of boot, as the tracer was told. */
  readonly boot_us: number;
  /** Default: /proc. */
  readonly proc?: string;
}

export interface ResidueReport {
  readonly residue: readonly Residue[];
  /** Files that later jobs may find, for the table and for `FileHeirs`. */
  readonly written: readonly WrittenFile[];
  readonly left_out: UnseenSurvivors & UntoldFiles & { readonly residue: number };
}

/** Residue of one job that is told thing by thing, of each of its three sources. */
const toldResidue = 4_096;

/**
 * Looks for what a job left, in slices: the thread that asks has rings to drain meanwhile.
 * Processes come first, because they may end.
 */
export class ResidueSearch {
  readonly #question: ResidueQuestion;
  readonly #survivors: SurvivorSearch;
  readonly #files: LeftFileSearch;
  readonly #run: Generator<void, void>;

  constructor(question: ResidueQuestion) {
    const { proc = "/proc" } = question;
    this.#question = question;
    this.#survivors = new SurvivorSearch({ ...question, proc });
    this.#files = new LeftFileSearch(question);
    this.#run = this.#all();
  }

  /**
   * Goes on for about so long: a slice ends after at most a few hundred descriptors or one file.
   * @returns whether all is found
   */
  step(budget_ms = 10): boolean {
    const until_ms = performance.now() + budget_ms;
    do {
      if (this.#run.next().done) return true;
    } while (performance.now() < until_ms);
    return false;
  }

  /** What was found until now. */
  get report(): ResidueReport {
    const [survivors, files] = [this.#survivors, this.#files];
    const found = [survivors.residue, this.#containers(), files.residue];
    const residue = found.flatMap((some) => some.slice(0, toldResidue));
    const all = found.reduce((sum, { length }) => sum + length, 0);
    return {
      residue,
      written: files.written,
      left_out: { ...survivors.unseen, ...files.untold, residue: all - residue.length },
    };
  }

  *#all(): Generator<void, void> {
    yield* this.#survivors.run();
    yield* this.#files.run();
  }

  #containers(): Residue[] {
    return this.#question.containers.map(
      ({ id, name, image, process_key, time_us, detail = {} }) => ({
        kind: "container",
        what: `container still runs: ${name || id.slice(0, shortId)}${image && ` of ${image}`}`,
        ...{ process_key, pid: 0, path: "", time_us },
        detail: { ...detail, id, name, image },
      }),
    );
  }
}

/** As docker shows ids. */
const shortId = 12;
