import { readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { JobEvent } from "../src/events/index.ts";
import { ChangedFiles } from "../src/jobs/changed_files.ts";
import type { CrossJobEdge, Edge } from "../src/jobs/edge.ts";
import { Edges } from "../src/jobs/edges.ts";
import type { FileHeirs } from "../src/jobs/file_heirs.ts";
import { type Home, Places } from "../src/jobs/places.ts";
import type { Process } from "../src/jobs/process.ts";
import type { WriterRole } from "../src/jobs/runner_writes.ts";
import type { Tables } from "../src/store/tables.ts";
import { type JobCgroup, pathBelowMount } from "./cgroup.ts";
import { type LeftContainer, type ResidueReport, ResidueSearch } from "./residue.ts";
import type { RunnerJob } from "./runner_job.ts";
import { isSameFile } from "./same_file.ts";
import type { Survivor } from "./survivor_search.ts";

export interface JobTrailOptions {
  readonly job: RunnerJob;
  readonly heirs: FileHeirs;
  /** Home directories whose files matter. */
  readonly homes: readonly Home[];
  /** What a process of the job is to its workflow. */
  readonly roleOf: (process_key: number) => WriterRole;
}

/** What a job asks others to do, what it changes, what it uses of earlier jobs, and what it leaves. */
export class JobTrail {
  readonly #job: RunnerJob;
  readonly #heirs: FileHeirs;
  readonly #places: Places;
  readonly #changed: ChangedFiles;
  readonly #edges: Edges;
  #new_edges: Edge[] = [];
  #new_uses: CrossJobEdge[] = [];
  #search: ResidueSearch | undefined;
  #report: ResidueReport | undefined;
  #is_stored = false;

  constructor({ job, heirs, homes, roleOf }: JobTrailOptions) {
    this.#job = job;
    this.#heirs = heirs;
    const { root, work_folder } = job.runner ?? {};
    this.#places = new Places({
      homes,
      ...(root === undefined ? {} : { runner_root: root }),
      ...(work_folder === undefined ? {} : { work_folder }),
    });
    this.#changed = new ChangedFiles({
      places: this.#places,
      host_mount_namespace: mountNamespace(),
      roleOf,
    });
    this.#edges = new Edges({
      addresses: ownAddresses(),
      isForeign: (process_key) => this.#changed.isForeign(process_key),
    });
  }

  /** Whether the search for what the job has left is over and its result stored; or never began. */
  get is_done(): boolean {
    return this.#search === undefined || this.#is_stored;
  }

  onEvent(event: JobEvent, process: Process | undefined): void {
    this.#changed.apply(event);
    const edge = this.#edges.apply(event, process);
    if (edge) this.#new_edges.push(edge);
    const found = this.#heirs.apply(this.#job.record.job, event);
    if (found && isSameFile(found.written)) this.#new_uses.push(found.edge);
  }

  /** The job's own group, once it has one: what moves within it does not leave. */
  addGroup(group: JobCgroup): void {
    this.#edges.addGroup(pathBelowMount(group));
  }

  /** What a process asked docker for is followed: there is its container. */
  addContainer(process_key: number, id: string): void {
    this.#new_edges.push(...this.#edges.follow("docker", process_key, [id]));
  }

  /** The Worker has ended. @param boot_us Unix microseconds of boot, as the tracer was told */
  end(
    survivors: readonly Survivor[],
    containers: readonly LeftContainer[],
    ended_us: number,
    boot_us: number,
  ): void {
    this.#heirs.forgetUses(this.#job.record.job);
    this.#search = new ResidueSearch({
      job: this.#job.record.job,
      ...{ survivors, containers, ended_us, boot_us },
      processOf: (process_key) => this.#job.record.tree.get(process_key),
      changed: this.#changed.files(),
      places: this.#places,
    });
  }

  /** Between batches: looks on, for a short while. @returns whether there is something to store */
  step(): boolean {
    if (!this.#search || this.#report || !this.#search.step(sliceMs)) return false;
    this.#report = this.#search.report;
    this.#heirs.remember(this.#report.written);
    return true;
  }

  /** In a batch. */
  store(job: number, tables: Tables): void {
    for (const edge of this.#new_edges) tables.edges.put(job, edge);
    for (const use of this.#new_uses) tables.uses.add({ ...use, job });
    if (this.#report && !this.#is_stored) {
      for (const one of this.#report.residue) tables.residues.add(job, one);
      tables.written.add(job, this.#report.written);
      this.#is_stored = true;
    }
    this.#stored = { edges: this.#new_edges, uses: this.#new_uses, report: this.#is_stored };
    this.#new_edges = [];
    this.#new_uses = [];
  }
  #stored: { edges: Edge[]; uses: CrossJobEdge[]; report: boolean } = {
    ...{ edges: [], uses: [], report: false },
  };

  /** The batch was not stored: all of it is stored again. */
  notStored(): void {
    this.#new_edges = [...this.#stored.edges, ...this.#new_edges];
    this.#new_uses = [...this.#stored.uses, ...this.#new_uses];
    if (this.#stored.report) this.#is_stored = false;
    this.#stored = { edges: [], uses: [], report: false };
  }
}

const sliceMs = 5;

/** Inode of the mount namespace that this process, and so the host, has: `mnt:[4026531832]`. */
const mountNamespace = (): number =>
  Number(/\d+/.exec(readlinkSync("/proc/self/ns/mnt"))?.[0] ?? 0);

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
