import { existsSync } from "node:fs";
import { join } from "node:path";
import { orchestrationId } from "../job_message.ts";
import { FileCommands } from "./file_commands.ts";
import { contextVariables, truthVariables } from "./frame.ts";
import { invoke } from "./invoke.ts";
import type { Session } from "./session.ts";
import { which } from "./which.ts";

const hooks = {
  hook_started: {
    variable: "ACTIONS_RUNNER_HOOK_JOB_STARTED",
    step: "Set up runner",
    says: "A job started hook has been configured by the self-hosted runner administrator",
  },
  hook_completed: {
    variable: "ACTIONS_RUNNER_HOOK_JOB_COMPLETED",
    step: "Complete runner",
    says: "A job completed hook has been configured by the self-hosted runner administrator",
  },
} as const;

/** Runs a hook, when the Worker's environment names one. A hook that fails makes the job fail. */
export async function runHook(session: Session, kind: keyof typeof hooks): Promise<void> {
  const { variable, step, says } = hooks[kind];
  const script = process.env[variable];
  if (!script) return;
  session.trace.info("StepsRunner", `Processing step: DisplayName='${step}'`);
  session.log.line(`##[group]${says}`);
  session.log.line(`Run '${script}'`);
  session.log.line("##[endgroup]");
  const files = new FileCommands(session.folders.temp);
  const code = existsSync(script) ? await start(session, kind, script, files) : 1;
  const { env, path, summary } = files.read();
  Object.assign(session.env, env);
  session.path.unshift(...path.reverse());
  if (summary) session.summaries.push({ step, text: session.mask(summary) });
  if (code === 0) return;
  session.log.line(`##[error]Process completed with exit code ${code}.`);
  session.status.failed = true;
}

async function start(
  session: Session,
  kind: keyof typeof hooks,
  script: string,
  files: FileCommands,
): Promise<number> {
  const { folders, github, log } = session;
  const path = [...session.path, process.env["PATH"] ?? ""].join(":");
  const origin = {
    kind,
    position: null,
    nested: [],
    // At the end that of the last step is still there.
    action: (github["action"] as string | undefined) ?? null,
    uses: null,
    name: hooks[kind].step,
    file: null,
    line: null,
  };
  const shell = which("bash", path) ?? which("sh", path) ?? "sh";
  // Without quotes: a space in the path takes it apart.
  const words = script.split(" ");
  const javaScript = script.endsWith(".js");
  return await invoke(session, {
    file: javaScript ? join(folders.externals, "node20", "bin", "node") : shell,
    args: javaScript ? words : ["-e", ...words],
    cwd: folders.workspace,
    env: {
      ...(session.path.length > 0 && { PATH: path }),
      ...contextVariables(session, { ...github, ...files.context }),
      ACTIONS_ORCHESTRATION_ID: orchestrationId(session.standIn),
      ...truthVariables(session, origin),
    },
    origin,
    output: (text) => log.write(text),
  });
}
