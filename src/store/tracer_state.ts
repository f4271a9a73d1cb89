import type { Database, Statement } from "better-sqlite3";

/** Where an agent that starts again goes on: ring positions and repetitions on no row yet. */
export class TracerState {
  readonly #setPosition: Statement<[string, string, number]>;
  readonly #position: Statement<[string, string], number>;
  readonly #forget: Statement<[string]>;
  readonly #setUnsettled: Statement<[number, string, number]>;
  readonly #settle: Statement<[number, string]>;
  readonly #lose: Statement<[string]>;
  readonly #clear: Statement<[string]>;

  constructor(db: Database) {
    this.#setPosition = db.prepare(`
      INSERT INTO ring_position (tracer, ring, position) VALUES (?, ?, ?)
          ON CONFLICT (tracer, ring) DO UPDATE SET position = excluded.position
    `);
    this.#position = db
      .prepare<[string, string], number>(
        "SELECT position FROM ring_position WHERE tracer = ? AND ring = ?",
      )
      .pluck();
    this.#forget = db.prepare("DELETE FROM ring_position WHERE tracer <> ?");
    this.#setUnsettled = db.prepare(`
      INSERT INTO unsettled (job, kind, count) VALUES (?, ?, ?)
          ON CONFLICT (job, kind) DO UPDATE SET count = excluded.count
    `);
    this.#settle = db.prepare("DELETE FROM unsettled WHERE job = ? AND kind = ?");
    const ofTracer = "job IN (SELECT id FROM job WHERE tracer = ?)";
    this.#lose = db.prepare(`
      INSERT INTO loss (job, kind, lost) SELECT job, kind, count FROM unsettled WHERE ${ofTracer}
          ON CONFLICT (job, kind) DO UPDATE SET lost = lost + excluded.lost
    `);
    this.#clear = db.prepare(`DELETE FROM unsettled WHERE ${ofTracer}`);
  }

  /** What is before the position is stored, from the commit of this batch on. */
  setPosition(tracer: string, ring: string, position: number): void {
    this.#setPosition.run(tracer, ring, position);
  }

  /** @returns undefined when nothing of that ring was stored */
  position(tracer: string, ring: string): number | undefined {
    return this.#position.get(tracer, ring);
  }

  /** Of all tracers but this one. */
  forgetOthers(tracer: string): void {
    this.#forget.run(tracer);
  }

  /** Repetitions of that kind that are in memory only. */
  setUnsettled(job: number, kind: string, count: number): void {
    if (count > 0) this.#setUnsettled.run(job, kind, count);
    else this.#settle.run(job, kind);
  }

  /** The process that had them in memory has died: they are lost, and counted so, once. */
  loseUnsettled(tracer: string): void {
    this.#lose.run(tracer);
    this.#clear.run(tracer);
  }
}
