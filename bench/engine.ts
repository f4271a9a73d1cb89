/** What judging costs: stored jobs are judged again by all signatures, and by each alone. */
import Database from "better-sqlite3";
import { Engine } from "../src/engine/engine.ts";
import type { Signature } from "../src/engine/signature.ts";
import { briefArgs, rememberedProcesses } from "../src/jobs/brief_args.ts";
import { ProcessTree } from "../src/jobs/process_tree.ts";
import { signatures } from "../src/signatures/index.ts";
import type { StoredEvent } from "../src/store/events_of_job.ts";
import { Reader } from "../src/store/reader.ts";
import { makePlace, median, note, printTable, runTraced } from "./bench.ts";
import { works } from "./overhead.ts";

/** @param rounds in which each measurement is taken */
export function engine(quick: boolean, rounds = quick ? 2 : 5): void {
  const place = makePlace();
  const rows: string[][] = [];
  for (const { name, command, prepare } of works(place, quick)) {
    note(`judging ${name}`);
    prepare?.();
    const { job } = runTraced(place, command);
    const db = new Database(`${place.state}/jobwarden.db`, { readonly: true });
    const reader = new Reader(db);
    const events = [...reader.events(reader.job(job))];
    db.close();
    const none = costOf(events, [], rounds);
    const all = costOf(events, signatures, rounds) - none;
    const [worst, second] = signatures
      .map((one) => ({ id: one.id, us: costOf(events, [one], 1) - none }))
      .sort((a, b) => b.us - a.us);
    const worstText = [worst, second].map((one) => `${one?.id} ${one?.us.toFixed(2)}`).join(", ");
    rows.push([name, String(events.length), all.toFixed(2), worstText]);
  }
  printTable(["judged", "stored events", "µs an event, budget ≤ 1", "most costly alone"], rows);
}

/** Microseconds of processor time for each event, the tree of processes included. */
function costOf(events: readonly StoredEvent[], by: readonly Signature[], rounds: number): number {
  const costs = Array.from({ length: rounds }, () => {
    const tree = new ProcessTree({ limit: rememberedProcesses, redact: briefArgs });
    const judge = new Engine(by, tree, 1);
    const before = process.cpuUsage();
    for (const { id, event } of events) {
      tree.apply(event);
      judge.judge(event, id);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / events.length;
  });
  return median(costs);
}
