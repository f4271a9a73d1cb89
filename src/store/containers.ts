import type { Database, Statement } from "better-sqlite3";
import type { ContainerRecord } from "../jobs/containers.ts";

/**
 * The table `container`, for a migration. job: NULL for a container of no job. step_key: 0 when it is
 * of no step, or the step is not known. removed_us: NULL while it may run.
 */
export const containerTable = `
  CREATE TABLE container (
    container_id TEXT NOT NULL,
    created_us   INTEGER NOT NULL,
    job          INTEGER REFERENCES job (id) ON DELETE CASCADE,
    step_key     INTEGER NOT NULL,
    cgroup_id    INTEGER NOT NULL,
    removed_us   INTEGER,
    how          TEXT NOT NULL,
    name         TEXT NOT NULL,
    image        TEXT NOT NULL,
    labels       TEXT NOT NULL,
    PRIMARY KEY (container_id, created_us)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX container_job ON container (job, created_us);
`;

/** A stored container; its job is the store's number, null for none. */
export type StoredContainer = Omit<ContainerRecord, "job"> & { readonly job: number | null };

interface Row {
  readonly container_id: string;
  readonly created_us: number;
  readonly job: number | null;
  readonly step_key: number;
  readonly cgroup_id: number;
  readonly removed_us: number | null;
  readonly how: ContainerRecord["how"];
  readonly name: string;
  readonly image: string;
  readonly labels: string;
}

/** The `container` table, written. */
export class ContainerInsert {
  readonly #set: Statement<[Row]>;

  constructor(db: Database) {
    this.#set = db.prepare(`
      INSERT INTO container (container_id, created_us, job, step_key, cgroup_id, removed_us, how,
                             name, image, labels)
      VALUES (@container_id, @created_us, @job, @step_key, @cgroup_id, @removed_us, @how,
              @name, @image, @labels)
          ON CONFLICT (container_id, created_us)
          DO UPDATE SET job = excluded.job, step_key = excluded.step_key,
                        cgroup_id = excluded.cgroup_id, removed_us = excluded.removed_us,
                        how = excluded.how, name = excluded.name, image = excluded.image,
                        labels = excluded.labels
    `);
  }

  /** Stores a container as it now is, in place of what was stored of it. */
  set({ id, labels, removed_us, ...rest }: StoredContainer): void {
    this.#set.run({
      ...rest,
      container_id: id,
      removed_us: removed_us ?? null,
      labels: JSON.stringify(labels),
    });
  }
}

/** The `container` table, read. */
export class StoredContainers {
  readonly #ofJob: Statement<[number | null], Row>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`
      SELECT container_id, created_us, job, step_key, cgroup_id, removed_us, how, name, image, labels
        FROM container
       WHERE job IS ?
       ORDER BY created_us, container_id
    `);
  }

  /** The first started first. @param job null: those of no job */
  ofJob(job: number | null): StoredContainer[] {
    return this.#ofJob.all(job).map(({ container_id, removed_us, labels, ...rest }) => ({
      ...rest,
      id: container_id,
      removed_us: removed_us ?? undefined,
      labels: JSON.parse(labels),
    }));
  }
}
