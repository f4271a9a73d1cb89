import { printable } from "../base/escape_terminal.ts";
import type { Finding } from "../engine/finding.ts";
import { programText } from "../report/process_text.ts";
import type { Terminal } from "./context.ts";
import { type Paint, painter, severityStyle } from "./style.ts";
import { treeLines } from "./tree.ts";
import { cut, displayWidth } from "./width.ts";

/** Lines that show one finding to a person: what, who, and the facts behind it. All inert. */
export function findingLines(
  finding: Finding,
  { colour, columns }: Pick<Terminal, "colour" | "columns">,
): string[] {
  const paint = painter(colour);
  const { severity, message, step, evidence } = finding;
  const facts = Object.entries({ ...(step === null ? {} : { step }), ...evidence });
  return [
    `${paint(severityStyle[severity], severity.toUpperCase())}  ${titleText(finding, paint)}`,
    `  ${printable(message)}`,
    ...ancestryLines(finding, columns, paint).map((line) => `  ${line}`),
    ...factLines(facts, columns, paint).map((line) => `  ${line}`),
  ];
}

function titleText({ title, signature, formerly }: Finding, paint: Paint): string {
  const before = formerly.length === 0 ? "" : ` (formerly ${formerly.join(", ")})`;
  return `${paint("bold", printable(title))}  ${printable(signature + before)}`;
}

/** The oldest ancestor first, the process that did it last. */
function ancestryLines(finding: Finding, columns: number | undefined, paint: Paint): string[] {
  const line = [...finding.ancestry.toReversed(), finding.process];
  const [root] = line;
  const below = (at: number) => (at + 1 < line.length ? [at + 1] : []);
  return [...treeLines(root ? [0] : [], below)].flatMap(({ prefix, node }) => {
    const one = line[node];
    if (!one) return [];
    const pid = ` [${one.pid}]`;
    const room = columns && Math.max(20, columns - 2 - displayWidth(prefix) - pid.length);
    const text = cut(programText(one), room);
    const isActor = node === line.length - 1;
    return [paint("dim", prefix) + (isActor ? paint("bold", text) : text) + paint("dim", pid)];
  });
}

function factLines(
  facts: readonly (readonly [string, string | number])[],
  columns: number | undefined,
  paint: Paint,
): string[] {
  const inert = facts.map(([name, value]) => [printable(name), printable(String(value))] as const);
  const widest = Math.max(0, ...inert.map(([name]) => displayWidth(name)));
  return inert.map(([name, value]) => {
    const room = columns && Math.max(20, columns - widest - 4);
    return `${paint("dim", name.padEnd(widest))}  ${cut(value, room)}`;
  });
}
