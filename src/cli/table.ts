import { printable } from "../base/escape_terminal.ts";
import type { Terminal } from "./context.ts";
import { type Paint, painter } from "./style.ts";
import { cut, displayWidth } from "./width.ts";

export interface Cell {
  readonly text: string;
  readonly style?: Parameters<Paint>[0];
}
export type Row = readonly (string | Cell)[];

export interface Column {
  readonly title: string;
  readonly align?: "right";
}

const gap = "  ";
/** Rows that decide how wide the columns are; later ones may stand out, but memory stays the same. */
const measuredRows = 500;
/** The last column keeps at least this much, so that a narrow terminal shows some of it. */
const leastLast = 12;
/** On a terminal no other column takes more than this share of it. */
const largestShare = 0.4;

/**
 * Lines of a table: as wide as its content, and cut where the terminal ends. Every cell is made
 * inert here. Rows are read as lines are asked for.
 */
export function* tableLines(
  columns: readonly Column[],
  rows: Iterable<Row>,
  { colour, columns: available }: Pick<Terminal, "colour" | "columns">,
): Generator<string> {
  const paint = painter(colour);
  const last = columns.length - 1;
  const most = available && Math.max(leastLast, Math.floor(available * largestShare));
  const measured: Cell[][] = [
    columns.map(({ title }) => ({ text: printable(title), style: "dim" })),
  ];
  let widths: number[] | undefined;

  for (const row of rows) {
    const cells = row.map(inertCell);
    if (widths) {
      yield line(cells, widths);
      continue;
    }
    if (measured.push(cells) <= measuredRows) continue;
    widths = measure();
    yield* flushed(widths);
  }
  if (!widths) yield* flushed(measure());

  function measure(): number[] {
    return columns.map((_, at) => {
      const texts = measured.map((cells) => displayWidth(cells[at]?.text ?? ""));
      const widest = texts.reduce((a, b) => Math.max(a, b), 0);
      return at === last ? widest : Math.min(widest, most ?? widest);
    });
  }

  function* flushed(known: readonly number[]): Generator<string> {
    for (const cells of measured) yield line(cells, known);
  }

  function line(cells: readonly Cell[], known: readonly number[]): string {
    const before = known.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
    const room = available && Math.max(available - before, leastLast);
    return cells
      .map(({ text, style }, at) => {
        const fitted = cut(text, at === last ? room : most);
        const painted = style ? paint(style, fitted) : fitted;
        const padding = " ".repeat(Math.max(0, (known[at] ?? 0) - displayWidth(fitted)));
        if (columns[at]?.align === "right") return padding + painted;
        return at === last ? painted : painted + padding;
      })
      .join(gap)
      .trimEnd();
  }
}

function inertCell(cell: string | Cell): Cell {
  return typeof cell === "string"
    ? { text: printable(cell) }
    : { ...cell, text: printable(cell.text) };
}
