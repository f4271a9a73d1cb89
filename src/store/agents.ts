import type { Database, Statement } from "better-sqlite3";

export type AgentState = "protected" | "degraded" | "blind" | "stopped";

/** What the agent of this host said last. Times are Unix microseconds. */
export interface StoredAgent {
  readonly pid: number;
  readonly boot_id: string;
  readonly version: string;
  /** The loading of the programs that it reads. */
  readonly tracer: string;
  readonly started_us: number;
  readonly seen_us: number;
  readonly state: AgentState;
  /** Why it is not more than that, as sentences without a full stop. */
  readonly reasons: readonly string[];
}

type Row = Omit<StoredAgent, "reasons"> & { readonly reasons: string };

/** The `agent` table: one row, that of the newest agent. */
export class Agents {
  readonly #set: Statement<(string | number)[]>;
  readonly #get: Statement<[], Row>;

  constructor(db: Database) {
    this.#set = db.prepare(`
      INSERT OR REPLACE INTO agent (id, pid, boot_id, version, tracer, started_us, seen_us, state,
                                    reasons)
      VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
    `);
    this.#get = db.prepare(`
      SELECT pid, boot_id, version, tracer, started_us, seen_us, state, reasons FROM agent
    `);
  }

  say({ pid, boot_id, version, tracer, started_us, seen_us, state, reasons }: StoredAgent): void {
    const what = [pid, boot_id, version, tracer, started_us, seen_us, state];
    this.#set.run(...what, JSON.stringify(reasons));
  }

  /** Undefined when no agent has ever written to this database. */
  last(): StoredAgent | undefined {
    const row = this.#get.get();
    return row && { ...row, reasons: JSON.parse(row.reasons) };
  }
}
