/** The program: arguments, environment and exit code meet the command line of src/cli here. */
import { resolve } from "node:path";
import { main } from "../src/cli/main.ts";
import { runAgent } from "./daemon.ts";
import { diagnose } from "./doctor.ts";
import { isRunning } from "./interrupted.ts";
import { loadRules, usualRules } from "./rules.ts";
import { openSink, terminalOn } from "./terminal.ts";
import { trace } from "./trace.ts";
import { version } from "./version.ts";

const { JOBWARDEN_STATE, JOBWARDEN_DEBUG, NO_COLOR } = process.env;
const hasColour = NO_COLOR === undefined || NO_COLOR === "";

process.exitCode = await main(process.argv.slice(2), {
  out: terminalOn(1, process.stdout, hasColour),
  err: terminalOn(2, process.stderr, hasColour),
  now: () => Date.now() * 1000,
  state_directory: JOBWARDEN_STATE || "/var/lib/jobwarden",
  tracing: { run: trace, diagnose: async () => diagnose(), agent: runAgent },
  loadRules: (directory = usualRules) => loadRules(resolve(directory)),
  isRunning,
  openSink,
  version,
  debug: Boolean(JOBWARDEN_DEBUG),
});
