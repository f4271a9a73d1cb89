/** What the name of an option, a variable or a header has in it when its value is a secret. */
export const secretWords = [
  "secret",
  "passw(?:or)?d",
  "passphrase",
  "token(?!s(?![a-z])|iz)",
  "credential",
  "(?:api|access|private|signing|encryption|account|auth|deploy|master|shared|storage)[_-]?key",
  "sshpass",
  "oauth2-bearer",
  "[_-]pass(?![a-z])",
  "[_-]pwd(?![a-z])",
  "_auth(?![a-z])",
].join("|");

/** How a name ends when its value says something about a secret and is none. */
export const harmlessEnds =
  "[_-](?:file|path|dir|directory|url|uri|name|stdin|type|env|fd|command|prompt|expiration|ttl|length|size|helper|version|only|required)";

// One run over the name each, and nothing to go back for.
const secretName = new RegExp(secretWords, "i");
const harmlessEnd = new RegExp(`${harmlessEnds}$`, "i");

/** @param name with or without its dashes; `--no-…` switches something off */
export const isSecretName = (name: string): boolean =>
  secretName.test(name) && !harmlessEnd.test(name) && !name.startsWith("--no-");

/** Not a switch, not a number of one or two digits, and not the name of a key file. */
export const isWorthHiding = (value: string): boolean =>
  !/^(?:|true|false|yes|no|on|off|none|null|\d{1,2})$/i.test(value) && !isKeyFile(value);

const isKeyFile = (value: string): boolean =>
  value.length <= longestPath &&
  /^(?:~|\.{0,2})\/[\w./-]+\.(?:pem|key|pub|json|txt|p12|pfx|crt|ya?ml|cfg|conf)$/.test(value);
const longestPath = 4096;
