import { gunzipSync } from "node:zlib";

/**
 * Whether a text holds the environment of a process, as `env`, `export -p` or a program in JSON
 * print it; also when it was encoded, up to three times over. Pure: it works on the text alone.
 */
export function holdsEnvironment(text: string, depth = 0): boolean {
  if (text.length < shortest) return false;
  const names = new Set<string>();
  for (const [, name] of text.matchAll(variables)) names.add(name ?? "");
  if (names.size >= enough && names.has("PATH")) return true;
  return depth < deepest && decoded(text).some((inner) => holdsEnvironment(inner, depth + 1));
}

const shortest = 60;
/** How many of the names that nearly every environment has. */
const enough = 3;
const deepest = 3;

/** At the start of a line or of a value, or behind `declare -x`; as text, in a URL or in JSON. */
const variables =
  /(?:^|[\n\r\0;&?"'{, ]|%0A|%22|\\n)(PATH|HOME|PWD|OLDPWD|SHLVL|USER|LOGNAME|SHELL|TERM|LANG|HOSTNAME|MAIL|GITHUB_[A-Z]+|RUNNER_[A-Z]+)(?:=|%3D|"\s*:)/g;

/** What the longest encoded run of a text says. */
function decoded(text: string): readonly string[] {
  const plain = text.slice(0, longest).replaceAll(/%2B/gi, "+").replaceAll(/%2F/gi, "/");
  let run = "";
  for (const [found] of plain.matchAll(/[A-Za-z0-9+/_-]{80,}/g)) {
    if (found.length > run.length) run = found;
  }
  if (run === "") return [];
  const results: string[] = [];
  if (/^[0-9a-fA-F]+$/.test(run)) results.push(Buffer.from(run, "hex").toString("latin1"));
  const bytes = Buffer.from(run, "base64");
  results.push(bytes[0] === 0x1f && bytes[1] === 0x8b ? unpacked(bytes) : bytes.toString("latin1"));
  return results;
}
const longest = 131_072;

function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { maxOutputLength: longest }).toString("latin1");
  } catch {
    // It only looked like it, or is larger than any environment: then it is not one.
    return "";
  }
}

/** Whether code of an interpreter takes the environment as a whole, and not a variable or a copy. */
export function takesEnvironment(code: string): boolean {
  return whole.some((sign) => sign.test(code));
}
const whole: readonly RegExp[] = [
  // `env=dict(os.environ)` starts a program, and `dict(os.environ, A=1)` too.
  /(?<!\benv\s*=\s*)\b(?:dict|str|repr|dumps|sorted|urlencode|format)\(\s*(?:dict\(\s*)?os\.environ\s*\)/,
  /\bos\.environ\.items\(|\bfor\s+\w+(?:\s*,\s*\w+)?\s+in\s+(?:sorted\(\s*)?os\.environ\b/,
  /\b(?:json|data|params)\s*=\s*(?:dict\(\s*)?os\.environ\b(?!\s*[.[])/,
  /JSON\.stringify\(\s*process\.env\s*[,)]|Object\.(?:entries|keys)\(\s*process\.env\s*\)/,
  /(?:keys|values|each|map\s*\{[^}]*\}\s*(?:sort\s+)?(?:keys)?)\s*\(?\s*%ENV|%\{?ENV\b(?!\{)/,
  /\bENV\.(?:to_h|to_a|to_hash|inspect|map|each\w*|to_json)\b/,
  /\bgetenv\(\s*\)|json_encode\(\s*\$_(?:ENV|SERVER)\s*\)/,
];

/** Whether the text of a shell pipes its own variables, all of them, to a program that may send. */
export const pipesVariables = (text: string): boolean => dump.test(text);
const dump =
  /(?:^|[;&|({\n]|\bthen\b|\bdo\b)\s*(?:set|export(?:\s+-p)?|(?:declare|typeset)(?:\s+-[xp]+)?|compgen\s+-[ev])\s*\|[^;\n]*?\b(?:curl|wget|nc|ncat|netcat|socat|openssl|telnet|ssh|https?|python3?|perl|ruby|node)\b/;
