/**
 * Secrets that show themselves. A letter, digit, dash or underscore never stands before one: where
 * a run of such characters starts is the only place to look, which keeps the time linear.
 */
const tokens: readonly string[] = [
  "gh[pousr]_[A-Za-z0-9_]{16,}(?:\\.[A-Za-z0-9_-]+)*", // GitHub; dots in the newer ones
  "github_pat_[A-Za-z0-9_]{16,}",
  "xox[a-z]-[A-Za-z0-9-]{8,}", // Slack
  "xapp-[A-Za-z0-9-]{8,}",
  "npm_[A-Za-z0-9]{20,}",
  "pypi-AgE[A-Za-z0-9_-]{8,}",
  "gl(?:pat|ptt|dt|rt|rtr|cbt|soat|ft|imt|agent|oas|ffct)-[A-Za-z0-9_-]{16,}(?:\\.[A-Za-z0-9_-]+)*", // GitLab
  "AIza[A-Za-z0-9_-]{30,}", // Google
  "ya29\\.[A-Za-z0-9_.-]{16,}",
  "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}", // Stripe
  "sk-(?:ant|proj|svcacct)-[A-Za-z0-9_-]{16,}",
  "hf_[A-Za-z0-9]{20,}",
  "dop_v1_[a-f0-9]{32,}",
  "dckr_pat_[A-Za-z0-9_-]{16,}",
  "SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
  "hvs\\.[A-Za-z0-9_-]{16,}", // Vault
  "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?", // JSON Web Token
  "A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])", // AWS
];

/** Up to its end, or to the end of the text when the end is missing. */
const privateKey =
  "-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)";

export const secretShapes = new RegExp(
  `${privateKey}|(?<![A-Za-z0-9_-])(?:${tokens.join("|")})|(?<=hooks\\.slack\\.com/services/)[A-Za-z0-9/]+`,
  "g",
);

/** What a text has in it when one of these may be there; literals only, so that it is fast. */
export const shapeStarts =
  "gh[pousr]_|github_pat_|xox[a-z]-|xapp-|npm_|pypi-|gl[a-z]{2,5}-|AIza|ya29\\.|[sr]k_|sk-|hf_|dop_v1_|dckr_pat_|SG\\.|hvs\\.|eyJ|A(?:KIA|SIA|BIA|CCA)|PRIVATE KEY|hooks\\.slack";
