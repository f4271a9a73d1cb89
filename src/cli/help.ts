import type { Command, Option, Positional } from "./command.ts";

const widest = 96;

type Row = readonly [left: string, right: string];

/** Exit codes that mean the same in every command. */
export const exitCodes = {
  0: "It is done.",
  1: "It failed; the message says why and what to do.",
  2: "The command line was not understood.",
  70: "A bug in jobwarden: please report it.",
} as const;

/** What `jobwarden --help` prints. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }): Row => [name, summary]);
  return [
    "jobwarden traces what a command does, with eBPF, and judges it.",
    "",
    "Usage: jobwarden COMMAND [OPTIONS]",
    "",
    "Commands:",
    ...aligned([...rows, ["help COMMAND", "Say how a command is used."]]),
    "",
    "Options:",
    ...aligned([
      ["--help", "Show this help"],
      ["--version", "Show the version"],
    ]),
    "",
  ].join("\n");
}

/** What `jobwarden CMD --help` prints. */
export function commandHelp(command: Command): string {
  const { summary, notes = [], positionals, options, examples } = command;
  return [
    ...wrapped(summary, widest),
    "",
    ...usage(command),
    "",
    ...section("Arguments", positionals.map(positionalRow)),
    ...section("Options", [
      ...Object.entries(options).map(
        ([name, option]): Row => [optionText(name, option), option.help],
      ),
      ["-h, --help", "Show this help"],
    ]),
    ...notes.flatMap((note) => [...wrapped(note, widest), ""]),
    "Examples:",
    ...examples.flatMap(({ line, does }) => [`  ${line}`, `      ${does}`]),
    "",
    ...section("Exit codes", exitRows(command)),
  ].join("\n");
}

/** Codes of this command, with the ones that every command has. */
export const exitRows = ({ exits = {} }: Command): Row[] =>
  Object.entries({ ...exitCodes, ...exits });

/** `--name NAME`, `--json[=PATH]`, `--quiet`. */
export function optionText(name: string, { type, value = "VALUE" }: Option): string {
  if (type === "boolean") return `--${name}`;
  return type === "optional" ? `--${name}[=${value}]` : `--${name} ${value}`;
}

/** The usage on one line. */
export function usageText({ name, positionals, options }: Command): string {
  const optional = Object.entries(options).map(([name, option]) => `[${optionText(name, option)}]`);
  return ["jobwarden", name, ...optional, ...positionals.map(positionalText)].join(" ");
}

function usage(command: Command): string[] {
  const [first = "", ...more] = wrapped(usageText(command), widest - 7);
  return [`Usage: ${first}`, ...more.map((line) => `       ${line}`)];
}

const positionalText = ({ name, rest, many }: Positional): string =>
  rest ? `-- ${name}` : many ? `[${name}...]` : name;
const positionalRow = ({ name, help }: Positional): Row => [name, help];

function section(title: string, rows: readonly Row[]): string[] {
  return rows.length === 0 ? [] : [`${title}:`, ...aligned(rows), ""];
}

function aligned(rows: readonly Row[]): string[] {
  const left = Math.min(28, Math.max(...rows.map(([text]) => text.length)));
  return rows.flatMap(([text, help]) => {
    const [first = "", ...more] = wrapped(help, widest - left - 4);
    const lines = more.map((line) => " ".repeat(left + 4) + line);
    if (text.length <= left) return [`  ${text.padEnd(left)}  ${first}`, ...lines];
    return [`  ${text}`, " ".repeat(left + 4) + first, ...lines];
  });
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  // A part in brackets stays whole.
  for (const word of text.match(/\[[^[\]]*(?:\[[^\]]*\][^[\]]*)*\]|\S+/g) ?? []) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = "";
    }
    line += line ? ` ${word}` : word;
  }
  return [...lines, line];
}
