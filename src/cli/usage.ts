import { JobwardenError } from "../base/errors.ts";
import { quoted } from "./text.ts";

/** Wrong use of the command line, with the help to look at. */
export function wrongUsage(what: string, command?: string): JobwardenError {
  const help = command ? `jobwarden ${command} --help` : "jobwarden --help";
  const see = what.endsWith("?") ? " See" : "; see";
  return new JobwardenError("USAGE", `${what}${see} ${help}`);
}

/** `; did you mean X?`, or nothing when no known word is near. */
export function nearest(word: string, known: readonly string[], prefix = ""): string {
  const near = known
    .filter((candidate) => Math.abs(candidate.length - word.length) < 4)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, candidate.length / 3))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near ? `; did you mean ${prefix}${near.candidate}?` : "";
}

/** A whole number of at least `least`. */
export function wholeNumber(text: string, least: number, of: string, command: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (number >= least) return number;
  throw wrongUsage(`${of} is ${quoted(text)}, not a whole number from ${least}`, command);
}

/** Letters to insert, remove, change or swap with their neighbour to make `b` of `a`. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + change,
        isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(a.length, b.length);
}
