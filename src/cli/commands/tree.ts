import type { StoredProcess } from "../../store/processes.ts";
import { defineCommand, jobArgument, jsonOption, stateOption } from "../command.ts";
import { withDatabase } from "../database.ts";
import { mapped } from "../iterables.ts";
import { printJson, printLines } from "../print.ts";
import { processLine, treeOf } from "../process_tree_text.ts";
import { type TreeLine, treeLines } from "../tree.ts";
import { wholeNumber } from "../usage.ts";

export const tree = defineCommand({
  name: "tree",
  summary: "Show the processes of a job as a tree: arguments, exit codes, durations.",
  positionals: [jobArgument],
  options: {
    depth: { type: "string", value: "N", help: "Show at most N levels; default: all" },
    state: stateOption,
    json: {
      ...jsonOption,
      help: "Print JSON, one process on each line, a parent before its children",
    },
  },
  examples: [
    { line: "jobwarden tree last", does: "Who started whom in the newest job." },
    { line: "jobwarden tree 7 --depth 3", does: "The upper three levels only." },
  ],

  run({ depth, state, json }, [which = ""], context) {
    const levels = depth === undefined ? undefined : wholeNumber(depth, 1, "--depth", "tree");
    const { out } = context;
    withDatabase(state, context, (reader) => {
      const job = reader.job(which);
      const { roots, childrenOf } = treeOf(reader.processes(job));
      const lines = treeLines(roots, childrenOf, levels);
      if (json) return printJson(out, mapped(lines, record));
      printLines(
        out,
        mapped(lines, (line) => processLine(line, job, out)),
      );
    });
    return 0;
  },
});

const record = ({ node, level, hidden }: TreeLine<StoredProcess>) => ({
  ...node,
  ended_us: node.ended_us ?? null,
  level,
  hidden_children: hidden,
});
