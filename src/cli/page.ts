import type { Command, Positional } from "./command.ts";
import { commands } from "./commands/index.ts";
import { exitRows, optionText, usageText } from "./help.ts";

/** The text of CLI.md: every command, generated from its definition. */
export function cliPage(): string {
  return [
    "# Command line",
    "<!-- Generated from src/cli/commands by `npm run gen`; do not edit. -->",
    "`jobwarden COMMAND [OPTIONS]`; `jobwarden help COMMAND` shows what stands here. " +
      "Options may stand before or after arguments; after `--` nothing is an option.",
    table(["command", "what it does"], commands.map(overviewRow)),
    ...commands.flatMap(commandParts),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

const overviewRow = ({ name, summary }: Command) => [`[${name}](#${name})`, cell(summary)];

function commandParts(command: Command): string[] {
  const { name, summary, notes = [], positionals, options, examples } = command;
  const optionRows = Object.entries(options).map(([option, definition]) => [
    code(optionText(option, definition)),
    cell(definition.help),
  ]);
  return [
    `## ${name}`,
    summary,
    fenced(usageText(command)),
    ...(positionals.length === 0
      ? []
      : [table(["argument", "what"], positionals.map(positionalRow))]),
    table(["option", "what"], [...optionRows, [code("-h, --help"), "Show this help"]]),
    ...notes,
    fenced(examples.map(({ line, does }) => `# ${does}\n${line}`).join("\n\n"), "sh"),
    table(
      ["exit code", "meaning"],
      exitRows(command).map(([exit, meaning]) => [exit, cell(meaning)]),
    ),
  ];
}

const positionalRow = ({ name, help }: Positional) => [code(name), cell(help)];

const code = (text: string): string => `\`${cell(text)}\``;
const cell = (text: string): string => text.replaceAll("|", "\\|");

const fenced = (text: string, language = "text"): string =>
  ["```".concat(language), text, "```"].join("\n");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
