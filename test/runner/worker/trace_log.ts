import { appendFileSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** Hides the secrets of a text. */
export type Mask = (text: string) => string;

/**
 * Replaces each secret by `***`, wherever it stands, as the runner does: also where this breaks the
 * JSON around it.
 */
export function maskOf(secrets: readonly string[]): Mask {
  const inJson = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  // The longest first, so that a secret within another leaves nothing of it.
  const all = [...new Set([...secrets, ...inJson])].filter(Boolean);
  all.sort((a, b) => b.length - a.length);
  return (text) => all.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
}

/** A file of `_diag`, kept open: one line for each thing, `[2026-04-11 02:45:56Z INFO Worker] text`. */
export class TraceLog {
  readonly path: string;
  readonly #descriptor: number;
  readonly #mask: Mask;

  constructor(folder: string, program: "Runner" | "Worker", mask: Mask) {
    const now = new Date().toISOString().replaceAll(/[-:]/g, "");
    this.path = `${folder}/${program}_${now.slice(0, 8)}-${now.slice(9, 15)}-utc.log`;
    mkdirSync(dirname(this.path), { recursive: true });
    this.#descriptor = openSync(this.path, "a");
    this.#mask = mask;
  }

  info(category: string, text: string): void {
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    appendFileSync(this.#descriptor, `[${time}Z INFO ${category}] ${this.#mask(text)}\n`);
  }
}
