import { parseArgs } from "node:util";
import type { Command, Options, ValuesOf } from "./command.ts";
import { quoted } from "./text.ts";
import { nearest, wrongUsage } from "./usage.ts";

export interface Parsed {
  readonly values: ValuesOf<Options>;
  readonly positionals: readonly string[];
  readonly help: boolean;
}

/**
 * Reads the words that follow the command's name. Nothing after `--` is read as an option.
 *
 * @throws JobwardenError USAGE, naming the word that is wrong
 */
export function parse(command: Command, argv: readonly string[]): Parsed {
  const { tokens } = parseArgs({
    args: withoutBareOptionals(command, argv),
    options: parserOptions(command.options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const words: string[] = [];
  const rest: string[] = [];
  let isAfterDashes = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") isAfterDashes = true;
    else if (token.kind === "positional" && isAfterDashes) rest.push(token.value);
    else if (token.kind === "positional") words.push(wordBefore(command, token.value));
    else values[token.name] = optionValue(command, token);
  }
  if (values["help"]) return { values, positionals: [], help: true };
  return { values, positionals: positionalsOf(command, words, rest), help: false };
}

/** `--json` becomes `--json=`, which the parser reads as a value; only before `--`. */
function withoutBareOptionals({ name, options }: Command, argv: readonly string[]): string[] {
  const dashesAt = argv.indexOf("--");
  const end = dashesAt < 0 ? argv.length : dashesAt;
  return argv.map((word, at) => {
    const [option = "", value] = word.startsWith("--") && at < end ? word.slice(2).split("=") : [];
    if (options[option]?.type !== "optional") return word;
    if (value === "") throw wrongUsage(`--${option}= has an empty value`, name);
    return value === undefined ? `${word}=` : word;
  });
}

function parserOptions(options: Options) {
  const typed = Object.entries(options).map(
    ([name, { type }]) =>
      [name, { type: type === "boolean" ? ("boolean" as const) : ("string" as const) }] as const,
  );
  return { ...Object.fromEntries(typed), help: { type: "boolean", short: "h" } as const };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function optionValue({ name, options }: Command, token: OptionToken): string | boolean {
  const { rawName, value } = token;
  const option =
    token.name === "help" ? ({ type: "boolean", help: "" } as const) : ownOption(options, token);
  if (!option) {
    const near = nearest(token.name, [...Object.keys(options), "help"], "--");
    throw wrongUsage(`unknown option ${quoted(rawName)} of ${name}${near}`, name);
  }
  if (option.type === "boolean") {
    if (value === undefined) return true;
    throw wrongUsage(`${rawName} takes no value`, name);
  }
  if (value === undefined || (value === "" && option.type === "string")) {
    throw wrongUsage(`${rawName} needs a value`, name);
  }
  if (!token.inlineValue && value.startsWith("-")) {
    throw wrongUsage(`${rawName} needs a value, and ${quoted(value)} is an option`, name);
  }
  checkChoice(option.choices, rawName, value, name);
  return value;
}

const ownOption = (options: Options, { name }: OptionToken) =>
  Object.hasOwn(options, name) ? options[name] : undefined;

function checkChoice(
  choices: readonly string[] | undefined,
  option: string,
  value: string,
  command: string,
): void {
  if (!choices || choices.includes(value)) return;
  const known = choices.join(", ");
  throw wrongUsage(`${option} is ${quoted(value)}, which is none of ${known}`, command);
}

function positionalsOf(command: Command, words: readonly string[], rest: readonly string[]) {
  const { name, positionals } = command;
  if (takesRest(command)) return commandLine(name, rest);
  const given = [...words, ...rest];
  const missing = positionals[given.length];
  if (positionals.at(-1)?.many) return given;
  if (missing) throw wrongUsage(`${name} needs ${missing.name}: ${missing.help}`, name);
  const extra = given[positionals.length];
  if (extra !== undefined) throw wrongUsage(`${name} does not expect ${quoted(extra)}`, name);
  return given;
}

const takesRest = ({ positionals }: Command): boolean => positionals.some(({ rest }) => rest);

/** Refused at once where `--` must come first: what follows may be options of another program. */
function wordBefore(command: Command, word: string): string {
  if (!takesRest(command)) return word;
  const found = `${quoted(word)} stands where an option is expected`;
  throw wrongUsage(`${found}; write -- before the command to ${command.name}`, command.name);
}

function commandLine(name: string, rest: readonly string[]): readonly string[] {
  const [program] = rest;
  if (program === undefined) throw wrongUsage(`${name} needs a command after --`, name);
  if (program === "") throw wrongUsage(`the command to ${name} is an empty word`, name);
  return rest;
}
