import { homePlace, isTimer } from "./home_files.ts";

/**
 * What a path is to the machine that runs the job. `kernel` is /proc, /sys and /dev, where nothing
 * that is written stays.
 */
export type PlaceKind =
  | "runner_file"
  | "dotfile"
  | "unit"
  | "timer"
  | "crontab"
  | "system"
  | "temporary"
  | "workspace"
  | "kernel"
  | "other";

/**
 * What a runner file is for. `configuration` tells the runner who it is and with which environment
 * it starts; `program` is what it runs; `tool` and `action` are kept for later jobs.
 */
export type RunnerPart = "configuration" | "program" | "tool" | "action" | "update" | "log";

export interface Place {
  readonly kind: PlaceKind;
  /** Only of a runner file. */
  readonly part?: RunnerPart;
  /** Only in a home: whose. */
  readonly user?: string;
  /**
   * Whether it runs code, or decides who may do what, for those who come later. Of a `system` file
   * this is so for a short list; of `dotfile`, `unit`, `timer`, `crontab` always; of a runner file
   * unless it is a log.
   */
  readonly lasting: boolean;
  /**
   * One of a fixed number of paths, so that no job can make so many of them that one is forgotten.
   */
  readonly named: boolean;
}

export interface PlacesOptions {
  /** The directory of the runner, as the kernel resolves it; absent for a job without a runner. */
  readonly runner_root?: string;
  /** Default: `_work` in the root. */
  readonly work_folder?: string;
  /** The directory of the checked-out repository, when it is known. */
  readonly workspace?: string;
  /** Home directories whose dotfiles matter: of the runner's user, of root. */
  readonly homes?: readonly Home[];
}

export interface Home {
  readonly user: string;
  readonly path: string;
}

/** Says of absolute, resolved paths of the host what they are to one job. */
export class Places {
  readonly #root: string | undefined;
  readonly #work: string | undefined;
  readonly #workspace: string | undefined;
  readonly #homes: readonly Home[];

  constructor({ runner_root, work_folder, workspace, homes = [] }: PlacesOptions) {
    this.#root = runner_root && folder(runner_root);
    this.#work = work_folder ? folder(work_folder) : this.#root && `${this.#root}_work/`;
    this.#workspace = workspace && folder(workspace);
    this.#homes = homes.map(({ user, path }) => ({ user, path: folder(path) }));
  }

  /** The workspace is often known only when the first step has begun. */
  withWorkspace(workspace: string): Places {
    const [runner_root, work_folder] = [this.#root, this.#work];
    return new Places({
      ...(runner_root && { runner_root }),
      ...(work_folder && { work_folder }),
      ...{ workspace, homes: this.#homes },
    });
  }

  /** @param path absolute, without `..`; the path of another mount namespace is not the host's */
  of(path: string): Place {
    return (
      this.#ofWork(path) ??
      this.#ofRoot(path) ??
      this.#ofHome(path) ??
      systemPlace(path) ??
      plainly("other")
    );
  }

  #ofWork(path: string): Place | undefined {
    // Before the rest: a workspace may be anywhere, also below /tmp or in a home.
    if (this.#workspace && path.startsWith(this.#workspace)) return plainly("workspace");
    if (!this.#work || !path.startsWith(this.#work)) return undefined;
    const name = firstName(path.slice(this.#work.length));
    if (name === "_tool") return runnerFile("tool");
    if (name === "_actions") return runnerFile("action");
    if (name.startsWith("_update")) return runnerFile("update");
    if (name === "_temp") return plainly("temporary");
    // Folders without underscore are of repositories: this job's, when it is not known which.
    return name.startsWith("_") || this.#workspace ? plainly("other") : plainly("workspace");
  }

  #ofRoot(path: string): Place | undefined {
    if (!this.#root || !path.startsWith(this.#root)) return undefined;
    const below = path.slice(this.#root.length);
    const name = firstName(below);
    const isItself = name === below;
    if (isItself && isConfiguration.test(name)) return runnerFile("configuration", named);
    if (isItself && /\.sh(\.template)?$/.test(name)) return runnerFile("program");
    if (/^(bin|externals)(\.|$)/.test(name)) return runnerFile("program");
    if (name === "_diag") return runnerFile("log");
    return plainly("other");
  }

  #ofHome(path: string): Place | undefined {
    for (const home of this.#homes) {
      if (!path.startsWith(home.path)) continue;
      const found = homePlace(path.slice(home.path.length));
      if (found) return { ...found, user: home.user };
    }
    return undefined;
  }
}

const named = true;
const folder = (path: string): string => (path.endsWith("/") ? path : `${path}/`);
const firstName = (below: string): string => below.split("/", 1)[0] ?? "";

// .env and .path are read by the runner when it starts; .service holds the name of its unit;
// .credentials_rsaparams is the key with which it speaks to GitHub.
const isConfiguration =
  /^\.(env|path|service|setup_info|proxy\w*|runner(_migrated)?|credentials(_migrated|_rsaparams)?)$/;

const runnerFile = (part: RunnerPart, named = false): Place => ({
  ...{ kind: "runner_file", part, lasting: part !== "log", named },
});

const plainPlaces = {
  workspace: { kind: "workspace", lasting: false, named: false },
  temporary: { kind: "temporary", lasting: false, named: false },
  kernel: { kind: "kernel", lasting: false, named: false },
  system: { kind: "system", lasting: false, named: false },
  other: { kind: "other", lasting: false, named: false },
} as const satisfies Partial<Record<PlaceKind, Place>>;
const plainly = (kind: keyof typeof plainPlaces): Place => plainPlaces[kind];

/** By their first directory, which is all that most paths need. */
function systemPlace(path: string): Place | undefined {
  switch (firstName(path.slice(1))) {
    case "tmp":
      return plainly("temporary");
    case "proc":
    case "sys":
      return plainly("kernel");
    case "dev":
      return plainly(/^\/dev\/(shm|mqueue)\//.test(path) ? "temporary" : "kernel");
    case "var":
      return ofVar(path);
    case "run":
      return unitPlace(path, isRuntimeUnit) ?? ofRun(path);
    case "etc":
      return ofEtc(path);
    case "usr":
    case "lib":
      return unitPlace(path, isVendorUnit) ?? plainly("system");
    case "bin":
    case "boot":
    case "lib32":
    case "lib64":
    case "libx32":
    case "opt":
    case "sbin":
      return plainly("system");
    default:
      return undefined;
  }
}

// Only these folders below /run/systemd hold units and their generators; the rest is state.
const isRuntimeUnit =
  /^\/run\/systemd\/(system|user|transient|generator[.\w]*|system-generators|user-generators)\//;
const isVendorUnit = /^(\/usr(\/local)?)?\/lib\/systemd\//;
const isConfiguredUnit = /^\/etc\/systemd\//;

function unitPlace(path: string, isUnit: RegExp): Place | undefined {
  if (!isUnit.test(path)) return undefined;
  return { kind: isTimer(path) ? "timer" : "unit", lasting: true, named: false };
}

const crontab: Place = { kind: "crontab", lasting: true, named: false };

function ofVar(path: string): Place | undefined {
  if (/^\/var\/spool\/(cron|at|anacron)\//.test(path)) return crontab;
  return path.startsWith("/var/tmp/") ? plainly("temporary") : undefined;
}

const ofRun = (path: string): Place | undefined =>
  path.startsWith("/run/user/") || path.startsWith("/run/lock/") ? plainly("temporary") : undefined;

function ofEtc(path: string): Place {
  if (/^\/etc\/(cron[^/]*|anacrontab)(\/|$)/.test(path)) return crontab;
  const unit = unitPlace(path, isConfiguredUnit);
  if (unit) return unit;
  const name = path.slice("/etc/".length);
  if (lastingNames.has(name)) return { kind: "system", lasting: true, named: true };
  return { kind: "system", lasting: lastingFolders.has(firstName(name)), named: false };
}

/** Below /etc: who may do what, and what runs with everybody's programs and shells. */
const lastingNames = new Set(
  (
    "passwd shadow group gshadow sudoers ld.so.preload ld.so.conf environment profile bash.bashrc " +
    "zshenv zprofile hosts resolv.conf nsswitch.conf rc.local gitconfig npmrc pip.conf inittab " +
    "bashrc csh.cshrc csh.login crypto-policies fstab subuid subgid doas.conf"
  ).split(" "),
);
const lastingFolders = new Set(
  "sudoers.d pam.d profile.d ld.so.conf.d init.d rc.d ssh security udev polkit-1 docker xdg".split(
    " ",
  ),
);
