import type { Scalar } from "./plan.ts";

/** What an expression may name: `matrix.os` is `contexts.matrix.os`. */
export type Contexts = Readonly<Record<string, unknown>>;

const expression = /\$\{\{\s*(.*?)\s*\}\}/g;

/**
 * Replaces each `${{ a.b.c }}`; what is not there is empty. Only paths of names are understood.
 * @throws Error for an expression that is more than a path
 */
export function evaluate(text: string, contexts: Contexts): string {
  return text.replace(expression, (_, path: string) => String(lookUp(path, contexts) ?? ""));
}

/** The pieces of a text: what stands as it is, and the paths. */
export function piecesOf(text: string): readonly { readonly text?: string; path?: string }[] {
  const pieces: { text?: string; path?: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(expression)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ path: match[1] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** How the steps before went, for `if:`. */
export interface Status {
  readonly failed: boolean;
  readonly cancelled: boolean;
}

/**
 * Whether a step with this `if:` runs: `always()`, `success()`, `failure()`, `cancelled()`, `true`,
 * `false`, or a path.
 */
export function holds(
  condition: string,
  { failed, cancelled }: Status,
  contexts: Contexts,
): boolean {
  const text = condition.replace(/^\$\{\{\s*|\s*\}\}$/g, "").trim();
  const success = !failed && !cancelled;
  if (text === "always()") return true;
  if (text === "failure()") return failed && !cancelled;
  if (text === "cancelled()") return cancelled;
  if (text === "success()" || text === "true") return success;
  if (text === "false") return false;
  const value = lookUp(text, contexts);
  return success && value !== undefined && value !== null && value !== false && value !== "";
}

function lookUp(path: string, contexts: Contexts): Scalar | undefined {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(path)) throw new Error(`the stand-in cannot evaluate ${path}`);
  let found: unknown = contexts;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return typeof found === "object" ? undefined : (found as Scalar | undefined);
}
