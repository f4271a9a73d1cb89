import type { Process } from "../jobs/process.ts";
import { actingProgram } from "./acting_program.ts";
import { ownerNames } from "./credential_stores.ts";
import { programOf } from "./programs.ts";

/**
 * Whether a program that connects may send what another process of its tree has read. Programs that
 * fetch, such as a plain `curl -O` or a package manager, do not: they connect in every job.
 */
export function sendsOut(process: Process): boolean {
  const { path, args } = process;
  const { name, kind } = programOf(path, args);
  if (transfers.has(name)) return true;
  if (name === "curl") return args.some((arg) => curlSends.test(arg)) || carriesMuch(args);
  if (name === "wget" || name === "wget2") {
    return args.some((arg) => /^--(?:post|body)-/.test(arg)) || carriesMuch(args);
  }
  const words = byWords.get(name) ?? byWords.get(actingProgram(process)?.name ?? "");
  if (words) return args.some((arg) => words.has(arg));
  return (kind === "shell" || kind === "interpreter") && !isTool(process);
}

/** A well-known tool, such as a package manager: it has connections of its own. */
export const isTool = (process: Process): boolean =>
  ownerNames.has(actingProgram(process)?.name ?? "");

/** Programs that do nothing but carry bytes to a peer. */
const transfers = new Set(
  (
    "nc ncat netcat nc.openbsd nc.traditional socat openssl telnet ftp tnftp lftp tftp ssh scp sftp " +
    "rsync rclone croc ngrok cloudflared http https xh httpie websocat s_client sendmail msmtp mail " +
    "swaks nslookup dig host ping smbclient"
  ).split(" "),
);

const curlSends =
  /^(?:-[A-Za-z]*[dFT]|--(?:data|form|json|upload|url-query).*|POST|PUT|-X(?:POST|PUT)|PATCH)/;

/** An address or header that is longer than any that a person writes, or a question. */
const carriesMuch = (args: readonly string[]): boolean =>
  args.some((arg, at) => at > 0 && (/^\w+:\/\/.*\?./s.test(arg) || arg.length > longArgument));
const longArgument = 200;

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const clouds = set(
  "cp mv sync put put-object upload upload-batch rsync send-message invoke publish",
);
const byWords = new Map<string, ReadonlySet<string>>([
  ["git", set("push send-pack http-push svn")],
  ["git-remote-https", set("push")],
  ...["aws", "gcloud", "gsutil", "az", "s3cmd", "s5cmd", "mc"].map(
    (name) => [name, clouds] as const,
  ),
  ["gh", set("gist release api create upload")],
  ["glab", set("snippet release api")],
  ["npm-cli", set("publish")],
  ["npm", set("publish")],
  ["twine", set("upload")],
  ["docker", set("push")],
]);

/** Whether a connection goes anywhere that data can: not to ask for a name. */
export const isEgress = (event: {
  readonly family: string;
  readonly type: string;
  readonly peer: string;
}): boolean =>
  event.peer !== "" &&
  (event.family === "inet" || event.family === "inet6") &&
  !(event.type === "datagram" && event.peer.endsWith(":53"));

/** Whether connecting has begun; in progress, already in progress, interrupted or done. */
export const isBegun = (error: number): boolean => begun.has(error);
const begun = new Set([0, 4, 106, 114, 115]);

/** Where a peer is, for the reader of a finding. */
export const placeOf = (peer: string): string =>
  /^(?:127\.|\[::1\]|\[::ffff:127\.)/.test(peer) ? "this host" : "elsewhere";
