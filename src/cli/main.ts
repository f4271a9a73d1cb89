import type { Command } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { reportFailure } from "./failure.ts";
import { commandHelp, overview } from "./help.ts";
import { parse } from "./parse.ts";
import { quoted } from "./text.ts";
import { nearest, wrongUsage } from "./usage.ts";

/**
 * The command line. Everything goes wrong inside: it does not throw.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[], context: Context): Promise<number> {
  let command: Command | undefined;
  try {
    const [word, ...rest] = argv;
    if (word === undefined) {
      context.err.write(overview(commands));
      return 2;
    }
    if (word === "--version") return say(`jobwarden ${context.version}\n`, context);
    if (isHelp(word)) return help(rest, context);
    command = named(word);
    const { values, positionals, help: wantsHelp } = parse(command, rest);
    if (wantsHelp) return say(commandHelp(command), context);
    return await command.run(values, positionals, context);
  } catch (error) {
    return reportFailure(error, command, context);
  }
}

const isHelp = (word: string): boolean => word === "help" || word === "--help" || word === "-h";

function help([word]: readonly string[], context: Context): number {
  return say(word === undefined ? overview(commands) : commandHelp(named(word)), context);
}

function named(word: string): Command {
  const command = commands.find(({ name }) => name === word);
  if (command) return command;
  if (word.startsWith("-")) {
    const near = nearest(word.replace(/^-+/, ""), ["help", "version"], "--");
    throw wrongUsage(`unknown option ${quoted(word)}${near}`);
  }
  const near = nearest(word, [...commands.map(({ name }) => name), "help"]);
  throw wrongUsage(`unknown command ${quoted(word)}${near}`);
}

function say(text: string, { out }: Context): number {
  out.write(text);
  return 0;
}
