import { flagWatch, namesProgram } from "./secret_flags.ts";
import { harmlessEnds, isWorthHiding, secretWords } from "./secret_names.ts";
import { secretShapes, shapeStarts } from "./secret_shapes.ts";

/** Gives what is shown in the place of a secret. */
export type Hide = (secret: string) => string;

/**
 * Every expression here takes time linear in the text, because a job chooses it: a repetition
 * starts only where a run of its characters starts, so that no character is in two of them.
 */
const harmless = new RegExp(
  `${secretWords}|${shapeStarts}|:\\/\\/[^\\s/@]*@|authorization|bearer|pass:|${namesProgram.source}`,
  "i",
);

/** Whether a text may have a secret in it. Most have nothing, and this is all that they cost. */
export const maySayMore = (text: string): boolean => harmless.test(text);

/** Takes the secrets out of a script, a header, a URL, a piece of JSON. */
export function hideInText(text: string, hide: Hide): string {
  const hideAfter = (_: string, start: string, secret: string) => start + hide(secret);
  const hideValue = (_: string, start: string, value: string) => start + hideQuoted(value, hide);
  const rest = text
    .replace(userInfo, (_, info: string) => `://${hideUserInfo(info, hide)}@`)
    .replace(authorization, hideAfter)
    .replace(passArgument, hideAfter)
    .replace(assigned, hideValue)
    .replace(paired, hideValue);
  const flagsHidden = namesProgram.test(rest) ? hideFlags(rest, hide) : rest;
  return flagsHidden.replace(secretShapes, (secret) => hide(secret));
}

/** Between `://` and the last `@` before the host ends. */
const userInfo = /:\/\/([^\s/?#"']*)@/g;

/** Hides the password; and the user, when that is long enough for a token without a password. */
function hideUserInfo(info: string, hide: Hide): string {
  const colon = info.indexOf(":");
  const user = colon < 0 ? info : info.slice(0, colon);
  const shownUser = user.length < shortestToken ? user : hide(user);
  if (colon < 0) return shownUser;
  const password = info.slice(colon + 1);
  const isNone = password === "" || password.startsWith("$");
  return `${shownUser}:${isNone ? password : hide(password)}`;
}
const shortestToken = 20;

const schemes = "(?:bearer|basic|token|digest|negotiate|apikey)";
const authorization = new RegExp(
  `(authorization\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?(?:${schemes}\\s{1,4})?|\\bbearer\\s{1,4}(?=\\S{16}))` +
    `([^\\s"'\\\\,;$<>][^\\s"'\\\\,;<>]*)`,
  "gi",
);

/** OpenSSL's way: `-passin pass:…`. */
const passArgument = /(?<![\w-])(pass:)([^\s"'`;&|<>()]+)/g;

/** A name whose value is a secret; it starts where a run of its characters starts. */
const name = `(?=[\\w-]*?(?:${secretWords}))(?![\\w-]*${harmlessEnds}(?![\\w-]))[\\w-]+`;
const nameStart = "(?<![\\w-])";

/** One quoted value, with its quotes; the first form is JSON within a quoted script. */
const inQuotes = `\\\\"[^"\\\\]*\\\\"|"(?:[^"\\\\]|\\\\[^])*"|'[^']*'`;
const bare = '[^\\s"\'`;&|<>()\\\\]|\\\\[^"]';
const bareInList = '[^\\s"\'`;&|<>()\\\\,]|\\\\[^"]';

/** `NAME=value` and `--name value`, as a shell reads them: `NAME=a"b c"d` is one value. */
const assigned = new RegExp(
  `(${nameStart}(?:${name}=|--${name}[ \\t]{1,4}(?!-)))` +
    `((?:${inQuotes})(?:${inQuotes}|${bareInList})*|(?:${bare})(?:${inQuotes}|${bare})*)`,
  "gi",
);

/** `"name": value`, `name: value`, `name = "value"`: JSON, YAML, headers, programs. */
const paired = new RegExp(
  `(${nameStart}${name}` +
    `(?:\\\\?["']\\s{0,4}[:=]\\s{0,4}|\\s{1,4}=\\s{0,4}(?=\\\\?["'])|:\\s{1,4}))` +
    `(${inQuotes}|(?:${bareInList})+)`,
  "gi",
);

/** Keeps the quotes around a value; a value that only names a variable is shown. */
function hideQuoted(value: string, hide: Hide): string {
  const quote = quotes.find((start) => value.startsWith(start)) ?? "";
  const inside = value.slice(quote.length, value.length - quote.length);
  const isOne = quote !== "" && value.endsWith(quote) && !inside.includes(quote);
  const secret = isOne ? inside : value;
  const isVariable = quote !== "'" && /^\$(?:[\w{(]|$)/.test(secret);
  if (isVariable || !isWorthHiding(secret)) return value;
  return isOne ? quote + hide(secret) + quote : hide(secret);
}
const quotes = ['\\"', '"', "'"] as const;

/** Short options, command by command. */
function hideFlags(script: string, hide: Hide): string {
  const hideWord: Hide = (word) => {
    const secret = word.replace(/^["']|["']$/g, "");
    return secret.startsWith("$") ? word : hide(secret);
  };
  let watch = flagWatch(hideWord);
  return script.replace(/[^\S\n]+|\S+|\n/g, (word) => {
    if (word.trim() === "" && word !== "\n") return word;
    const shown = watch(word) ?? word;
    if (/[\n;&|]$/.test(word)) watch = flagWatch(hideWord);
    return shown;
  });
}
