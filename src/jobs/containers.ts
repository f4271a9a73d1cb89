import { BoundedMap } from "../base/bounded_map.ts";
import type { ContainerOwnership } from "../events/notices/container_cgroup.ts";
import type { Notice } from "../events/notices/index.ts";
import { type ContainerFacts, containerIdOf, type ListedContainer } from "./container_facts.ts";

/** One container, or one step of a BuildKit build. */
export interface ContainerRecord {
  /** 64 hexadecimal digits; BuildKit's own name for a step of a build. */
  readonly id: string;
  /** Name, image and labels are empty until they are known; a client chooses them. */
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The kernel side's number of the job; 0: of none. */
  readonly job: number;
  /** Key of the Worker's child whose client made it; 0: of no step, or not known. */
  readonly step_key: number;
  /** Of its last start; 0 when it was not seen. */
  readonly cgroup_id: number;
  /** When it was first started. Unix microseconds. */
  readonly created_us: number;
  /** When the last process had left it; undefined while it may run. */
  readonly removed_us: number | undefined;
  readonly how: ContainerOwnership;
}

const usualLimit = 10_000;

/** The containers of the host that are known, bounded: the one that was met first is dropped. */
export class Containers {
  readonly #byId: BoundedMap<string, ContainerRecord>;
  readonly #idOfGroup: BoundedMap<number, string>;

  constructor(limit: number = usualLimit) {
    this.#byId = new BoundedMap(limit);
    this.#idOfGroup = new BoundedMap(limit);
  }

  /** Containers that were forgotten to make room. */
  get dropped(): number {
    return this.#byId.dropped;
  }

  get(id: string): ContainerRecord | undefined {
    return this.#byId.get(id);
  }

  /** The container of a control group that is or was its. */
  ofCgroup(cgroup_id: number): ContainerRecord | undefined {
    return this.#byId.get(this.#idOfGroup.get(cgroup_id) ?? "");
  }

  /** Those that may still run, of one job: what it leaves behind, when it has ended. */
  runningOf(job: number): ContainerRecord[] {
    const all = [...this.#byId.entries()].map(([, record]) => record);
    return all.filter((record) => record.job === job && record.removed_us === undefined);
  }

  /** @returns the container as it now is; undefined when the notice changes none */
  take(notice: Notice): ContainerRecord | undefined {
    if (notice.event === "container_cgroup") return this.#begin(notice);
    if (notice.event !== "container_end") return undefined;
    const record = this.ofCgroup(notice.cgroup_id);
    // A container that was started again has another group by now.
    if (record?.cgroup_id !== notice.cgroup_id) return undefined;
    return this.#keep({ ...record, removed_us: notice.time_us });
  }

  /** Adds what dockerd says. @returns the container; undefined when it is not known */
  describe({ id, name, image, labels }: ContainerFacts): ContainerRecord | undefined {
    const record = this.#byId.get(id);
    return record && this.#keep({ ...record, name, image, labels });
  }

  /**
   * Adds containers that run already: of nobody, unless they are known.
   * @returns those that were not known
   */
  reconcile(listed: readonly ListedContainer[]): ContainerRecord[] {
    return listed.flatMap((facts) => {
      if (this.describe(facts)) return [];
      const unowned = { job: 0, step_key: 0, cgroup_id: 0, how: "unowned" } as const;
      return [this.#keep({ ...facts, ...unowned, removed_us: undefined })];
    });
  }

  #begin(notice: Extract<Notice, { event: "container_cgroup" }>): ContainerRecord {
    const { name: group, cgroup_id, job, step_key, how, time_us } = notice;
    const id = containerIdOf(group) ?? group;
    const known = this.#byId.get(id);
    this.#idOfGroup.set(cgroup_id, id);
    return this.#keep({
      id,
      name: known?.name ?? "",
      image: known?.image ?? "",
      labels: known?.labels ?? {},
      job,
      step_key,
      cgroup_id,
      created_us: known?.created_us ?? time_us,
      removed_us: undefined,
      how,
    });
  }

  #keep(record: ContainerRecord): ContainerRecord {
    this.#byId.set(record.id, record);
    return record;
  }
}
