/**
 * `npm run bench [-- counts|overhead|engine] [--quick]`: what tracing costs, and that nothing is lost.
 * Numbers hold for an idle machine; --quick only shows that the benchmark works.
 */
import { cpus, release, totalmem } from "node:os";
import { counts } from "./counts.ts";
import { engine } from "./engine.ts";
import { overhead } from "./overhead.ts";

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const parts = words.filter((word) => !word.startsWith("-"));
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);

if (process.geteuid?.() !== 0) {
  process.stderr.write("bench: tracing needs root; run it with sudo.\n");
  process.exit(1);
}
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
process.stdout.write(`Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${memory}\n\n`);
const isExact = !wants("counts") || counts(quick);
if (wants("overhead")) overhead(quick);
if (wants("engine")) engine(quick);
if (!isExact) {
  process.stderr.write("bench: a count was not exact, or something was lost.\n");
  process.exitCode = 1;
}
