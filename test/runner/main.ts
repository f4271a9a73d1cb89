import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { StandInRunner } from "./stand_in_runner.ts";

const usage = `node test/runner/main.ts [--root FOLDER] [--name NAME] [--repository OWNER/NAME]
  [--event EVENT] [--actions FOLDER] [--env KEY=VALUE]… WORKFLOW JOB

Plays one job of a workflow file on a runner that is made for it, prints the job's log, and ends
with 0 when the job succeeded. --root keeps the runner's folder; --env adds a line to its .env.`;

/** Plays one job from the command line and gives the exit code. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      root: { type: "string" },
      name: { type: "string", default: "stand-in" },
      repository: { type: "string", default: "octo/hello" },
      event: { type: "string", default: "push" },
      actions: { type: "string" },
      env: { type: "string", multiple: true, default: [] },
    },
  });
  const [workflow, job] = positionals;
  if (workflow === undefined || job === undefined) {
    console.error(usage);
    return 2;
  }
  const { repository, event, actions, name } = values;
  const root = values.root ?? mkdtempSync(join(tmpdir(), "stand-in-"));
  const env = Object.fromEntries(
    values.env.map((pair) => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]),
  );
  await using runner = new StandInRunner({ root, name, env });
  runner.install();
  await runner.start();
  const options = { workflow, job, repository, event, ...(actions !== undefined && { actions }) };
  const { log, result } = await runner.runJob(options);
  process.stdout.write(readFileSync(log));
  console.log(`Job ${job} ${result ?? "was killed"}.`);
  await runner.stop();
  if (values.root === undefined) rmSync(root, { recursive: true });
  return result === "Succeeded" ? 0 : 1;
}

process.exitCode = await main();
