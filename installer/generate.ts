/**
 * Writes what follows from the definitions: `npm run gen`. With --check it writes nothing and names
 * what is stale, for CI.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configPage } from "../agent/config_page.ts";
import { cliPage } from "../src/cli/page.ts";
import { cHeader } from "../src/events/c_header.ts";
import { eventsPage } from "../src/events/page.ts";
import { signaturesPage } from "../src/signatures/page.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages: readonly (readonly [string, () => string])[] = [
  ["bpf/events.gen.h", cHeader],
  ["src/events/EVENTS.md", eventsPage],
  ["src/signatures/SIGNATURES.md", signaturesPage],
  ["src/cli/CLI.md", cliPage],
  ["agent/CONFIG.md", configPage],
];

const isCheck = process.argv.includes("--check");
const stale = pages.filter(([file, make]) => {
  const path = join(root, file);
  return !existsSync(path) || readFileSync(path, "utf8") !== make();
});
for (const [file, make] of stale) {
  if (!isCheck) writeFileSync(join(root, file), make());
  process.stdout.write(`${isCheck ? "stale" : "written"}: ${file}\n`);
}
if (isCheck && stale.length > 0) {
  process.stderr.write("Generated files are not what the definitions say; run `npm run gen`.\n");
  process.exitCode = 1;
}
