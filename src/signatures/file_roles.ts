/**
 * What a file is for by its name, as far as it matters who changes it. All of these run code later,
 * or say who may: `host` for the machine, `repository` for whoever works with a checkout, `ci` for
 * the steps and jobs that follow.
 */
export interface FileRole {
  readonly group: "host" | "repository" | "ci";
  readonly kind: HostKind | RepositoryKind | CiKind;
  /** Completes "…, which is"; with an article. */
  readonly what: string;
  /** Where the part of the path begins that makes it so; before it is a home, or a repository. */
  readonly at: number;
}

export type HostKind =
  | ("cron" | "unit" | "keys" | "sudo" | "preload" | "login" | "boot" | "autostart" | "hook")
  | ("profile" | "tuning" | "interpreter");
export type RepositoryKind = "git_hook" | "git_config" | "workflow" | "editor";
export type CiKind = "command_file" | "step_script" | "action" | "tool";

/**
 * Called for every file that a job changes, by several signatures in turn for the same event: so the
 * last answer is kept, and most paths are done with after a look at their beginning and their dots.
 */
export function roleOf(path: string): FileRole | undefined {
  if (path === lastPath) return lastRole;
  lastPath = path;
  lastRole = find(path);
  return lastRole;
}
let lastPath = "";
let lastRole: FileRole | undefined;

function find(path: string): FileRole | undefined {
  switch (path.charCodeAt(1)) {
    case letters.e:
      if (path.startsWith("/etc/")) return ofEtc(path);
      break;
    case letters.v:
      if (isSpool.test(path)) return host("cron", "a table of timed commands");
      break;
    case letters.u:
    case letters.l:
    case letters.r:
      if (isUnitFolder.test(path)) return host("unit", "a unit of systemd");
      break;
    case letters.p:
    case letters.s:
    case letters.d:
      if (isKernels.test(path)) return undefined;
      break;
  }
  return dotted(path) ?? underscored(path) ?? startUp(path);
}
const letters = { d: 100, e: 101, l: 108, p: 112, r: 114, s: 115, u: 117, v: 118 } as const;
const isKernels = /^\/(proc|sys|dev)\//;
const isSpool = /^\/var\/spool\/(cron|at|anacron)\//;
const isUnitFolder =
  /^(\/usr(\/local)?)?\/lib\/systemd\/(system|user)(-generators|-sleep|-shutdown|-environment-generators)?\/|^\/run\/systemd\/(system|user|generator|transient)[^/]*\//;

const host = (kind: HostKind, what: string, at = 0): FileRole => ({
  group: "host",
  kind,
  what,
  at,
});

/** Below /etc, by what comes after; the first that fits counts. */
const etcRoles: readonly (readonly [RegExp, FileRole])[] = [
  [/^cron|^anacrontab$/, host("cron", "a table of timed commands")],
  [/^systemd\/(system|user)/, host("unit", "a unit of systemd")],
  [/^(sudoers(\.d\/.|$)|doas\.conf$)/, host("sudo", "a rule for sudo")],
  [/^ld\.so\.preload$/, host("preload", "the list of libraries that every program loads")],
  [/^(pam\.d\/|pam\.conf$|security\/pam_)/, host("login", "a rule for logging in")],
  [/^(passwd|shadow|group)$/, host("login", "the list of accounts")],
  [/^ssh\/(sshd_config|authorized_keys|sshrc)/, host("login", "a setting of the ssh server")],
  [/^(rc\.local$|init\.d\/|rc[\dS]?\.d\/|inittab$|init\/)/, host("boot", "a start-up script")],
  [/^xdg\/autostart\//, host("autostart", "a program that each session starts")],
  [
    /^NetworkManager\/dispatcher\.d\/|^network\/if-|^dhcp\/dhclient-.*hooks/,
    host("hook", "a hook of the network"),
  ],
  [/^update-motd\.d\//, host("hook", "a script that runs at each login")],
  [/^(acpi|logrotate\.d|kernel\/(postinst|install)\.d)\//, host("hook", "a hook of the system")],
  [
    /^(udev\/rules\.d|modprobe\.d|modules-load\.d|ld\.so\.conf\.d|apt\/apt\.conf\.d|sysctl\.d)\//,
    host("tuning", "a setting of the system"),
  ],
  [/^gitconfig$/, host("tuning", "git's setting for all users")],
  [
    /^(profile|bash\.?bashrc|zsh\/.*|zshenv|environment|fish\/.*)$|^profile\.d\//,
    host("profile", "read by every shell"),
  ],
];

function ofEtc(path: string): FileRole | undefined {
  const below = path.slice("/etc/".length);
  for (const [pattern, role] of etcRoles) if (pattern.test(below)) return role;
  return startUp(path);
}

/** A name that begins with a dot, anywhere in the path. */
function dotted(path: string): FileRole | undefined {
  for (let at = path.indexOf("/."); at >= 0; at = path.indexOf("/.", at + 2)) {
    mayMatter.lastIndex = at + 2;
    if (!mayMatter.test(path)) continue;
    const below = path.slice(at + 1);
    for (const [pattern, make] of dottedRoles) if (pattern.test(below)) return make(at);
  }
  return undefined;
}
const mayMatter =
  /(bash|profile|z(shrc|shenv|profile|login)|kshrc|login|ssh|config|local|git\/(hooks|config|modules)|github|vscode|claude|cursor|mcp|gemini|devcontainer|xprofile|xsession|tcshrc|cshrc)/y;

const repository =
  (kind: RepositoryKind, what: string) =>
  (at: number): FileRole => ({
    ...{ group: "repository", kind, what, at },
  });
const inHome = (kind: HostKind, what: string) => (at: number) => host(kind, what, at);

const hookNames =
  "applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|" +
  "post-commit|pre-rebase|post-checkout|post-merge|pre-push|pre-receive|update|proc-receive|post-receive|" +
  "post-update|reference-transaction|push-to-checkout|pre-auto-gc|post-rewrite|sendemail-validate|fsmonitor-watchman";

const dottedRoles: readonly (readonly [RegExp, (at: number) => FileRole])[] = [
  [/^\.ssh\/(authorized_keys2?|rc|environment)$/, inHome("keys", "who may log in over ssh")],
  [
    /^\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|login|cshrc|tcshrc|xprofile|xsession|xsessionrc)$|^\.config\/fish\/(config\.fish$|conf\.d\/)|^\.bashrc\.d\//,
    inHome("profile", "read by the shells of that user"),
  ],
  [
    /^\.(config|local\/share)\/systemd\/user(\/|$)|^\.config\/environment\.d\//,
    inHome("unit", "a unit of systemd for that user"),
  ],
  [
    /^\.config\/(autostart|plasma-workspace\/env)\//,
    inHome("autostart", "started with each session"),
  ],
  [
    new RegExp(`^\\.git/(modules/.+/)?hooks(/(${hookNames}))?$`),
    repository("git_hook", "a hook that git runs"),
  ],
  [
    /^\.git\/(modules\/.+\/)?config(\.worktree)?$/,
    repository("git_config", "the repository's git settings"),
  ],
  [/^\.github\/workflows\/[^/]+\.ya?ml$/, repository("workflow", "a workflow")],
  [
    /^\.(vscode\/(tasks|settings|launch)\.json|claude\/(settings[^/]*\.json|hooks\/|commands\/|agents\/|skills\/)|cursor\/(rules|hooks|mcp)|mcp\.json$|gemini\/settings|devcontainer\/devcontainer\.json)/,
    repository("editor", "run or obeyed by an editor or a coding agent"),
  ],
];

const ci = (kind: CiKind, what: string, at: number): FileRole => ({ group: "ci", kind, what, at });

/** The runner's folders begin with an underscore. */
function underscored(path: string): FileRole | undefined {
  for (let at = path.indexOf("/_"); at >= 0; at = path.indexOf("/_", at + 2)) {
    runnerFolder.lastIndex = at;
    const found = runnerFolder.exec(path);
    if (!found) continue;
    if (found[1]) return ci("command_file", "what the runner sets for the next steps", at);
    if (found[2]) return ci("step_script", "a step's script", at);
    if (found[3]) return ci("action", "code of an action", at);
    if (found[4]) return ci("tool", "a tool that later jobs use", at);
  }
  return path.startsWith("/opt/hostedtoolcache/")
    ? ci("tool", "a tool that later jobs use", 0)
    : undefined;
}
const runnerFolder =
  /\/_temp\/(?:(_runner_file_commands\/(?:set_env|add_path)_)|([0-9a-f]{8}-[0-9a-f-]{27}\.(?:sh|py|ps1)$))|\/_work\/(?:(_actions\/)|(_tool\/))/y;

/** What an interpreter reads before any program. */
function startUp(path: string): FileRole | undefined {
  if (path.endsWith(".pth") || path.endsWith("customize.py")) {
    const isStart = /\/(site|dist)-packages\/[^/]+\.pth$|\/(site|user)customize\.py$/.test(path);
    if (isStart) return host("interpreter", "run by each start of Python", path.lastIndexOf("/"));
  }
  return undefined;
}
