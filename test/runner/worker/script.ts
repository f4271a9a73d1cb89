import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "../expressions.ts";
import type { FileCommands } from "./file_commands.ts";
import { contextsOf, envOf, type Frame, variablesOf } from "./frame.ts";
import { startStep } from "./step_host.ts";
import { which } from "./which.ts";

interface Shell {
  readonly command: string;
  readonly extension: string;
}

/** Command lines by `shell:`; `{0}` is the path of the script. */
const shells: Readonly<Record<string, Shell>> = {
  bash: { command: "bash --noprofile --norc -e -o pipefail {0}", extension: ".sh" },
  sh: { command: "sh -e {0}", extension: ".sh" },
  python: { command: "python {0}", extension: ".py" },
  pwsh: { command: "pwsh -command . '{0}'", extension: ".ps1" },
  powershell: { command: "pwsh -command . '{0}'", extension: ".ps1" },
};

/**
 * Runs a `run:` step.
 * @throws Error when its shell is not found, or is a custom one without `{0}`
 */
export async function runScript(frame: Frame, files: FileCommands): Promise<number> {
  const { session, step } = frame;
  const { job } = session.standIn;
  const contexts = contextsOf(frame, envOf(frame));
  const chosen = step.shell ?? (frame.scope.within ? undefined : job.shell);
  const folder = step.working_directory ?? (frame.scope.within ? undefined : job.working_directory);
  const variables = variablesOf(frame, files, {});
  const path = variables["PATH"] ?? process.env["PATH"] ?? "";
  const { command, extension } = shellOf(chosen, session.container !== undefined, path);
  const script = join(session.folders.temp, `${crypto.randomUUID()}${extension}`);
  writeFileSync(script, `${evaluate(step.run ?? "", contexts)}\n`);

  const [name = "", ...rest] = command.split(" ");
  return await startStep(frame, {
    program: name,
    // Not quoted, so a name with a space falls apart, as it does in the runner for hooks.
    args: (script) => rest.map((word) => word.replace("{0}", script)),
    script,
    search: path,
    cwd: join(session.folders.workspace, evaluate(folder ?? "", contexts)),
    env: variables,
  });
}

function shellOf(chosen: string | undefined, contained: boolean, path: string): Shell {
  if (chosen === undefined) {
    const name = !contained && which("bash", path) ? "bash" : "sh";
    return { command: `${name} -e {0}`, extension: ".sh" };
  }
  const known = shells[chosen];
  if (known) return known;
  if (!chosen.includes("{0}")) throw new Error(`shell "${chosen}" has no {0}`);
  return { command: chosen, extension: "" };
}
