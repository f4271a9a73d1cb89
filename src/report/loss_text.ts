import { printable } from "../base/escape_terminal.ts";
import { counted, number } from "../base/text.ts";
import type { StoredLoss } from "../store/losses.ts";

/** `complete`, or `incomplete: 12 events lost (file_open 10, process_tag 2)`. Inert. */
export function completenessText(losses: readonly StoredLoss[]): string {
  if (losses.length === 0) return "complete";
  const total = losses.reduce((sum, { lost }) => sum + lost, 0);
  const [only] = losses;
  const kinds =
    losses.length === 1 && only
      ? only.kind
      : losses.map(({ kind, lost }) => `${kind} ${number(lost)}`).join(", ");
  return `incomplete: ${counted(total, "event")} lost (${printable(kinds)})`;
}
