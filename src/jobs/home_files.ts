import type { Place } from "./places.ts";

/**
 * What a file in a home directory is to those who log in, or run tools, later; undefined when it is
 * none of the known files.
 * @param below the path below the home
 */
export function homePlace(below: string): Place | undefined {
  if (isUnitFolder.test(below)) {
    return { kind: isTimer(below) ? "timer" : "unit", lasting: true, named: false };
  }
  if (names.has(below)) return { kind: "dotfile", lasting: true, named: true };
  return isFolder.test(below) ? { kind: "dotfile", lasting: true, named: false } : undefined;
}

/** A timer itself, a drop-in of it, or the link that enables it. */
export const isTimer = (path: string): boolean => /\.timer(\.d\/[^/]+)?$/.test(path);

const isUnitFolder = /^(\.config|\.local\/share)\/systemd\//;

const names: ReadonlySet<string> = new Set(
  [
    // Shells and sessions.
    ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile",
    ".zlogin .zlogout .kshrc .mkshrc .cshrc .tcshrc .login .logout .inputrc .pam_environment",
    ".xprofile .xsessionrc .xinitrc .tmux.conf .screenrc .vimrc .exrc .gdbinit .lldbinit",
    // Who may log in, and with what.
    ".ssh/authorized_keys .ssh/authorized_keys2 .ssh/config .ssh/rc .ssh/environment",
    ".ssh/known_hosts .ssh/id_rsa .ssh/id_ed25519 .ssh/id_ecdsa .rhosts .shosts .netrc",
    // Tools of builds that run code from here, or send what they are told from here.
    ".gitconfig .config/git/config .config/git/attributes .config/git/ignore .git-credentials",
    ".npmrc .yarnrc .yarnrc.yml .config/pnpm/rc .pypirc .pip/pip.conf .config/pip/pip.conf",
    ".docker/config.json .docker/daemon.json .config/containers/registries.conf .kube/config",
    ".aws/credentials .aws/config .m2/settings.xml .m2/settings-security.xml .mavenrc",
    ".gradle/gradle.properties .gradle/init.gradle .gradle/init.gradle.kts .cargo/config",
    ".cargo/config.toml .cargo/credentials .cargo/credentials.toml .cargo/env .gemrc",
    ".gem/credentials .bundle/config .condarc .composer/auth.json .composer/config.json",
    ".config/go/env .config/gh/hosts.yml .config/gh/config.yml .wgetrc .curlrc .irbrc .pryrc",
    ".Rprofile .Renviron .node_repl_history .claude/settings.json",
  ].flatMap((line) => line.split(" ")),
);

/** Folders of which each file counts. */
const isFolder = new RegExp(
  `^(${[
    "\\.ssh",
    "\\.gnupg",
    "\\.bashrc\\.d",
    "\\.gradle/init\\.d",
    "\\.docker/cli-plugins",
    "\\.config/(autostart|environment\\.d|fish|git|gcloud|containers|plasma-workspace)",
    // On PATH by the usual ~/.profile.
    "bin",
    "\\.local/bin",
    "\\.cargo/bin",
    "\\.git-templates?",
  ].join("|")})/`,
);
