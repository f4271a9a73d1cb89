import { printable } from "../base/escape_terminal.ts";
import { counted, number } from "../base/text.ts";
import { beforeTracing, type StoredLoss } from "../store/losses.ts";

/** What a job's record lacks whose beginning nobody saw. */
export const begunBeforeText = "tracing began in the middle of the job";

/** `complete`, or `incomplete: 12 events lost (file_open 10, process_tag 2)`. Inert. */
export function completenessText(losses: readonly StoredLoss[]): string {
  const events = losses.filter(({ kind }) => kind !== beforeTracing);
  const why = [
    ...(events.length < losses.length ? [begunBeforeText] : []),
    ...(events.length > 0 ? [lostText(events)] : []),
  ];
  return why.length === 0 ? "complete" : `incomplete: ${why.join("; ")}`;
}

function lostText(losses: readonly StoredLoss[]): string {
  const total = losses.reduce((sum, { lost }) => sum + lost, 0);
  const [only] = losses;
  const kinds =
    losses.length === 1 && only
      ? only.kind
      : losses.map(({ kind, lost }) => `${kind} ${number(lost)}`).join(", ");
  return `${counted(total, "event")} lost (${printable(kinds)})`;
}
