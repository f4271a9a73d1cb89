import type { Command } from "../command.ts";
import { agent } from "./agent.ts";
import { doctor } from "./doctor.ts";
import { events } from "./events.ts";
import { findings } from "./findings.ts";
import { jobs } from "./jobs.ts";
import { replay } from "./replay.ts";
import { rules } from "./rules.ts";
import { run } from "./run.ts";
import { show } from "./show.ts";
import { sql } from "./sql.ts";
import { status } from "./status.ts";
import { tree } from "./tree.ts";

/** Every command, in the order of the help. A command that is not listed here does not exist. */
export const commands: readonly Command[] = [
  run,
  agent,
  status,
  jobs,
  show,
  tree,
  events,
  findings,
  replay,
  rules,
  sql,
  doctor,
];
