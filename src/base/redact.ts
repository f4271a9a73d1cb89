import { createHmac } from "node:crypto";
import { flagWatch } from "./secret_flags.ts";
import { isSecretName, isWorthHiding } from "./secret_names.ts";
import { type Hide, hideInText, maySayMore } from "./secret_text.ts";

/**
 * Takes secrets out of the arguments of a program: by their shape (tokens, keys, URLs with a
 * password) and by what stands before them (`--password`, `TOKEN=`, `Authorization:`), also within
 * an argument that is a script.
 *
 * A secret becomes `<redacted:XXXXXXXX>`: the first 32 bits of its HMAC-SHA256 under the key, so
 * that the same secret is recognised again, and nobody without the key can try guesses.
 *
 * Takes time linear in the length of the arguments, whatever they are. A secret that has no known
 * shape and no telling name stays.
 *
 * @returns a function that gives the same array when there was nothing to take out
 */
export function redactor(key: Buffer): (args: readonly string[]) => readonly string[] {
  const hide: Hide = (secret) => {
    if (alreadyHidden.test(secret)) return secret;
    return `<redacted:${createHmac("sha256", key).update(secret).digest("hex").slice(0, 8)}>`;
  };
  return (args) => redactAll(args, hide);
}

const alreadyHidden = /^<redacted:[0-9a-f]{8}>$/;

function redactAll(args: readonly string[], hide: Hide): readonly string[] {
  const watch = flagWatch(hide);
  let redacted: string[] | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!; // i is below its length
    const after = watch(arg) ?? redactOne(arg, args[i - 1] ?? "", hide);
    if (after === arg) continue;
    redacted ??= [...args];
    redacted[i] = after;
  }
  return redacted ?? args;
}

function redactOne(arg: string, before: string, hide: Hide): string {
  if (takesSecret(before) && !arg.startsWith("--")) return isWorthHiding(arg) ? hide(arg) : arg;
  if (!maySayMore(arg)) return arg;
  const assignment = /^(-{0,2}[\w.-]+)=/.exec(arg);
  const [start, name] = assignment ?? [];
  // After `-c` it is a script, and only a part of it is the value.
  if (start === undefined || name === undefined || /^-\w*c$/.test(before)) {
    return hideInText(arg, hide);
  }
  const value = arg.slice(start.length);
  if (!isSecretName(name)) return hideInText(arg, hide);
  return isWorthHiding(value) ? start + hide(value) : arg;
}

/** `--password`, and settings that are written as two arguments: `aws configure set …`. */
const takesSecret = (arg: string): boolean =>
  (arg.startsWith("-") && /^--?[\w.-]+$/.test(arg) && isSecretName(arg)) ||
  /(?:^|[.:])(?:aws_secret_access_key|aws_session_token|_authToken|_password)$/i.test(arg);
