import { defineSignature, type Match, type Samples } from "../engine/signature.ts";
import { programName } from "./acting_program.ts";
import { baseName } from "./base_name.ts";

/*
 * The owner of a store is asked to print what is in it. What was asked is in the arguments of the
 * executed program, which the kernel tells as the program got them.
 */
export const secretPrinted = defineSignature({
  id: "JW-125",
  name: "secret_printed",
  title: "A Tool Was Asked for Its Secret",
  severity: "medium",
  behaviours: ["credential_access"],
  attack: ["T1552", "T1555"],
  doc:
    "A tool was started to print a secret that it keeps: the checkout's token in git's configuration, " +
    "a private key, a password or the token of a command-line client.",
  why:
    "The store need not be read when its owner hands it out. The token of a checkout can push to the " +
    "repository; malware has asked `gh auth token` for the developer's own.",
  benign: [
    "A script that takes the checkout's token to fetch submodules or to push.",
    "Scripts that log in elsewhere with `gh auth token` or `gcloud auth print-access-token`: low.",
  ],
  evade: [
    "Print the whole configuration: `git config --list`.",
    "Ask over a library or a socket, or with an alias in the tool's configuration.",
    "Start the tool under another name: it is recognised by the executed file's.",
  ],
  events: ["process_exec"],

  match(event, { process }): Match | undefined {
    const name = baseName(event.path);
    const asks = questions.get(name);
    if (!asks) return undefined;
    const line = event.args.slice(1).join(" ");
    const found = asks.find(({ asked, unless }) => asked.test(line) && !unless?.test(line));
    if (!found) return undefined;
    return {
      message: `${programName(process)} (pid ${process.pid}) was asked for ${found.what}.`,
      evidence: { program: event.path, what: found.what },
      key: `${name} ${found.what}`,
      severity: found.severity ?? "medium",
    };
  },

  examples: {
    fires: [
      [exec("git", "config", "--get", "http.https://github.com/.extraheader")],
      [exec("git", "-C", "/w", "config", "--get-regexp", ".*extraheader")],
      [exec("git", "config", "http.https://github.com/.extraheader")],
      [exec("git", "credential", "fill")],
      [exec("gpg", "--batch", "--export-secret-keys", "-a")],
      [exec("gh", "auth", "token")],
      [exec("kubectl", "config", "view", "--raw")],
    ],
    silent: [
      // As the checkout action looks whether there is one, sets it and removes it.
      [exec("git", "config", "--local", "--name-only", "--get-regexp", "http.*extraheader")],
      [
        exec(
          "git",
          "config",
          "--local",
          "http.https://github.com/.extraheader",
          "AUTHORIZATION: x",
        ),
      ],
      [exec("git", "config", "--local", "--unset-all", "http.https://github.com/.extraheader")],
      [exec("git", "config", "--get", "user.name")],
      [exec("git", "commit", "-m", "config: drop --get of extraheader")],
      [exec("gh", "auth", "status")],
      [exec("gpg", "--import", "key")],
    ],
  },
});

interface Question {
  readonly what: string;
  /** The arguments, joined by spaces. */
  readonly asked: RegExp;
  readonly unless?: RegExp;
  readonly severity?: "low";
}

const gnupg: readonly Question[] = [
  { what: "a private key", asked: /(?:^| )--export-secret-(?:sub)?keys?\b/ },
];
const low = "low";

const questions: ReadonlyMap<string, readonly Question[]> = new Map([
  [
    "git",
    [
      {
        what: "the token of the checkout",
        // Options before the command; then a question, which names the header last.
        asked: /^(?:-\S+ (?:[^- ]\S* )?)*config .*extraheader['"$]?$/i,
        unless: /--name-only|--unset|--add|--replace-all| set | unset /,
      },
      {
        what: "a password that it keeps",
        asked: /^(?:-\S+ (?:[^- ]\S* )?)*credential fill$/,
        severity: low,
      },
    ],
  ],
  ["gpg", gnupg],
  ["gpg2", gnupg],
  [
    "gh",
    [{ what: "its token", asked: /^auth (?:token|status .*(?:-t|--show-token))\b/, severity: low }],
  ],
  ["kubectl", [{ what: "its logins", asked: /^config view .*--raw/, severity: low }]],
  [
    "aws",
    [{ what: "its keys", asked: /^configure (?:export-credentials|get .*secret)/, severity: low }],
  ],
  [
    "gcloud",
    [
      {
        what: "its token",
        asked: /auth (?:application-default )?print-access-token/,
        severity: low,
      },
    ],
  ],
  ["secret-tool", [{ what: "a password", asked: /^(?:lookup|search)\b/ }]],
  ["vault", [{ what: "its token", asked: /^print token/, severity: low }]],
]);

function exec(name: string, ...args: string[]): Samples {
  const path = `/usr/bin/${name}`;
  return { event: "process_exec", process_key: 1, parent_key: 0, path, args: [name, ...args] };
}
