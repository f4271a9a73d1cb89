import { join } from "node:path";
import { evaluate } from "../expressions.ts";
import type { Texts } from "../plan.ts";
import type { NodeAction } from "./action.ts";
import type { FileCommands } from "./file_commands.ts";
import { contextsOf, envOf, evaluateAll, type Frame, variablesOf } from "./frame.ts";
import { startStep } from "./step_host.ts";

/** Runs one script of a JavaScript action. */
export async function runNode(
  frame: Frame,
  action: NodeAction,
  script: string,
  files: FileCommands,
  state: Texts,
): Promise<number> {
  const { folders, container } = frame.session;
  const node = container
    ? `/__e/${action.runtime}/bin/node`
    : join(folders.externals, action.runtime, "bin", "node");
  const own = { ...actionVariables(frame), ...inputVariables(inputsOf(frame, action)), ...state };
  return await startStep(frame, {
    program: node,
    args: (path) => [path],
    script: join(action.folder, script),
    search: "",
    cwd: folders.workspace,
    env: variablesOf(frame, files, own),
  });
}

/** The inputs that an action gets: what is given over its defaults. */
export function inputsOf(frame: Frame, { inputs }: { readonly inputs: Texts }): Texts {
  const contexts = contextsOf(frame, envOf(frame));
  const defaults = Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [name, evaluate(text, contexts)]),
  );
  return { ...defaults, ...evaluateAll(frame.step.with, contexts) };
}

/** `INPUT_<NAME>`: upper case, spaces become `_`, everything else stays. */
export const inputVariables = (inputs: Texts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      value,
    ]),
  );

/** What JavaScript and docker actions get for the services of GitHub, `run:` steps do not. */
export const actionVariables = ({ session }: Frame): Record<string, string> => ({
  ACTIONS_RUNTIME_URL: "https://pipelines.invalid/",
  ACTIONS_RUNTIME_TOKEN: session.standIn.token,
  ACTIONS_CACHE_URL: "https://cache.invalid/",
  ACTIONS_RESULTS_URL: "https://results.invalid/",
  ACTIONS_CACHE_SERVICE_V2: "True",
});
