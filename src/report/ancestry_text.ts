import type { FindingProcess } from "../engine/finding.ts";
import { cutUnits } from "./escape.ts";
import type { ReportedFinding } from "./job_report.ts";
import { programText } from "./process_text.ts";

/** Ancestors that are shown, those nearest to the process. */
const mostAncestors = 8;
const longestProgram = 240;
const longestPath = 4_096;

/**
 * Who did it, a line each: the oldest ancestor first, each indented below its parent. No terminal
 * and no log obeys them, but they are not escaped for Markdown.
 */
export function ancestryLines({ process, ancestry }: ReportedFinding): readonly string[] {
  const shown = [process, ...ancestry.slice(0, mostAncestors)].toReversed();
  const left_out = ancestry.length - mostAncestors;
  const above = left_out > 0 ? [`(${left_out} more above)`] : [];
  return [...above, ...shown.map((one, depth) => `${"  ".repeat(depth)}${lineOf(one)}`)];
}

/** Cut before it is escaped too: the arguments of one process may be as long as a small book. */
function lineOf({ path, args, pid }: FindingProcess): string {
  const first = args.slice(0, longestProgram).map((one) => cutUnits(one, longestProgram));
  const text = programText({ path: cutUnits(path, longestPath), args: first });
  return `${cutUnits(text, longestProgram)} [${pid}]`;
}
