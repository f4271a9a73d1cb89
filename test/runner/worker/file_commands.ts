import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a step wrote to the files that the runner gave it. */
export interface Written {
  readonly env: Record<string, string>;
  readonly path: string[];
  readonly output: Record<string, string>;
  readonly state: Record<string, string>;
  readonly summary: string;
}

/** The files for one step: `GITHUB_ENV`, `GITHUB_PATH` and so on. */
export class FileCommands {
  /** Keys of the `github` context and the paths that they get. */
  readonly context: Readonly<Record<"env" | "path" | "output" | "state" | "step_summary", string>>;

  constructor(temp: string) {
    const folder = join(temp, "_runner_file_commands");
    const id = crypto.randomUUID();
    mkdirSync(folder, { recursive: true });
    const file = (name: string) => {
      const path = join(folder, `${name}_${id}`);
      writeFileSync(path, "");
      return path;
    };
    this.context = {
      env: file("set_env"),
      path: file("add_path"),
      output: file("set_output"),
      state: file("save_state"),
      step_summary: file("step_summary"),
    };
  }

  /** Reads them all; a file that the step removed counts as empty. */
  read(): Written {
    const { env, path, output, state, step_summary } = this.context;
    const { NODE_OPTIONS: _, ...variables } = pairs(textOf(env));
    return {
      env: variables,
      path: textOf(path).split("\n").filter(Boolean),
      output: pairs(textOf(output)),
      state: pairs(textOf(state)),
      summary: textOf(step_summary),
    };
  }
}

function textOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : "";
}

/** `name=value` lines, and `name<<END` with the lines until `END`. */
function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const many = /^([^=]+?)<<(.+)$/.exec(line);
    if (many) {
      const end = lines.indexOf(many[2] ?? "", i + 1);
      const last = end < 0 ? lines.length : end;
      found[many[1] ?? ""] = lines.slice(i + 1, last).join("\n");
      i = last;
      continue;
    }
    const equals = line.indexOf("=");
    if (equals > 0) found[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return found;
}
