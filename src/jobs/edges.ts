import type { EventNamed, JobEvent } from "../events/index.ts";
import type { Edge, EdgeKind } from "./edge.ts";
import type { Process } from "./process.ts";
import { serviceOf } from "./services.ts";

export interface EdgesOptions {
  /** The job's control group, below the cgroup2 mount, as events have it; absent when it has none. */
  readonly group?: string;
  /** IP addresses of this host, beside the loopback ones. */
  readonly addresses?: readonly string[];
  /**
   * Whether a process sees other mounts than the host, as `ChangedFiles` knows it: the spools and
   * programs of a container are nobody's on the host. Where it changes the host's own file all the
   * same, that is residue. Default: none does.
   */
  readonly isForeign?: (process_key: number) => boolean;
  /** Edges remembered of one job. Default: 1,024. */
  readonly limit?: number;
}

/** What an edge was, before it is known whether it is new. */
type Seen = Pick<Edge, "kind" | "process_key" | "target" | "followed" | "how">;

/**
 * Work that others do for a job, from the job's events: each ask is an edge. An edge is followed
 * where the link is shown; otherwise it says why not.
 */
export class Edges {
  readonly #groups = new Set<string>();
  readonly #addresses: ReadonlySet<string>;
  readonly #isForeign: (process_key: number) => boolean;
  readonly #limit: number;
  readonly #edges = new Map<string, Edge>();
  #dropped = 0;

  constructor({ group, addresses = [], isForeign, limit = 1_024 }: EdgesOptions = {}) {
    if (group !== undefined) this.#groups.add(group);
    this.#addresses = new Set(addresses);
    this.#isForeign = isForeign ?? (() => false);
    this.#limit = limit;
  }

  /** In the order in which they were first seen. */
  get all(): readonly Edge[] {
    return [...this.#edges.values()];
  }

  /** Edges that were not remembered because the job had too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A group that is bound to the job, such as that of its container: moves into it are no exit. */
  addGroup(path: string): void {
    if (this.#groups.size < boundGroups) this.#groups.add(path);
  }

  /**
   * @param process who did it, with this event applied to it; undefined when that is not known
   * @returns the edge, when it is new
   */
  apply(event: JobEvent, process: Process | undefined): Edge | undefined {
    const seen = this.#look(event, process);
    if (!seen) return undefined;
    if (isOfHost.has(seen.kind) && this.#isForeign(seen.process_key)) return undefined;
    const target = cut(seen.target);
    const key = `${seen.kind} ${seen.process_key} ${target}`;
    if (this.#edges.has(key)) return undefined;
    if (this.#edges.size >= this.#limit) {
      this.#dropped++;
      return undefined;
    }
    const edge: Edge = { ...seen, target, time_us: event.time_us, key, containers: [] };
    this.#edges.set(key, edge);
    return edge;
  }

  /**
   * Containers are known to have been started by this process, over what its edges of that kind
   * name.
   * @returns the edges as they now are; none when no edge fits
   */
  follow(kind: EdgeKind, process_key: number, containers: readonly string[]): readonly Edge[] {
    const found: Edge[] = [];
    for (const [key, edge] of this.#edges) {
      if (edge.kind !== kind || edge.process_key !== process_key) continue;
      const all = [...new Set([...edge.containers, ...containers])].slice(0, containersOfEdge);
      const followed: Edge = { ...edge, followed: true, how: byContainer, containers: all };
      this.#edges.set(key, followed);
      found.push(followed);
    }
    return found;
  }

  #look(event: JobEvent, process: Process | undefined): Seen | undefined {
    switch (event.event) {
      case "socket_connect":
        return this.#connect(event, process);
      case "process_exec":
        return atExec(event);
      case "cgroup_move":
        return this.#move(event);
      case "file_open":
        if (event.access === "read" && event.created === "no") return undefined;
        return intoSpool(event, event.path);
      case "file_write":
        return intoSpool(event, event.path);
      case "file_rename":
      case "file_link":
        return intoSpool(event, event.new_path);
      case "file_symlink":
        return intoSpool(event, event.path);
      default:
        return undefined;
    }
  }

  #connect(event: EventNamed<"socket_connect">, process?: Process): Seen | undefined {
    const { process_key, peer, peer_path, error } = event;
    if (!beginnings.has(error)) return undefined;
    if (peer_path !== "") {
      const service = serviceOf(peer_path);
      return service && { ...service, process_key, target: peer_path, followed: false };
    }
    const at = peer.lastIndexOf(":");
    if (at < 0 || !this.#isThisHost(peer.slice(0, at))) return undefined;
    const port = Number(peer.slice(at + 1));
    if (port === sshPort || isSshClient(process)) {
      return { kind: "ssh", process_key, target: peer, followed: false, how: bySsh };
    }
    if (dockerPorts.has(port)) {
      return { kind: "docker", process_key, target: peer, followed: false, how: overTcp };
    }
    return undefined;
  }

  #isThisHost(address: string): boolean {
    const bare = address.replace(/^\[(.*)\]$/, "$1");
    // What is connected to "any address" is this host too.
    if (/^(127\.|0\.0\.0\.0$|::1?$)/.test(bare)) return true;
    return this.#addresses.has(bare);
  }

  #move(event: EventNamed<"cgroup_move">): Seen | undefined {
    const { moved_key, cgroup_path, joined } = event;
    // Without a group of its own the job cannot leave it.
    if (joined === "yes" || this.#groups.size === 0 || this.#isOwn(cgroup_path)) return undefined;
    return {
      ...{ kind: "cgroup", process_key: moved_key, target: cgroup_path },
      ...{ followed: true, how: byTag },
    };
  }

  #isOwn(path: string): boolean {
    for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1)) {
      if (this.#groups.has(path.slice(0, at))) return true;
    }
    return false;
  }
}

/** Known by paths that mean something on the host only. */
const isOfHost: ReadonlySet<EdgeKind> = new Set(["cron", "at"]);

/** Containers of one job, and those that one edge names. */
const boundGroups = 4_096;
const containersOfEdge = 64;
const sshPort = 22;
const dockerPorts = new Set([2375, 2376]);
/** Connected, in progress, already so, or interrupted, after which the kernel goes on. */
const beginnings = new Set([0, 4, 106, 114, 115]);

const longestTarget = 512;
const cut = (text: string): string =>
  text.length <= longestTarget ? text : `${text.slice(0, longestTarget)}…`;

const byContainer = "Its containers are part of the job.";
const byTag = "A process that changes its control group stays part of the job.";
const byNamespace = "What it starts in other namespaces is its child, and part of the job.";
const bySsh =
  "The server starts the shell, and nothing in the kernel says for whom: it could not be followed.";
const overTcp =
  "Over TCP the daemon does not learn which process asks: what it starts could not be followed.";
const bySpool = "It is started later, by a daemon, for a user: it could not be followed.";
const byTable =
  "The program leaves the work to a daemon that starts it later: it could not be followed.";

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const isSshClient = (process: Process | undefined): boolean =>
  process !== undefined && /^(ssh|dbclient|dropbear)$/.test(nameOf(process.path));

/** By the name of the program, which is a hint: a copy under another name is not seen here. */
function atExec({ path, args, process_key }: EventNamed<"process_exec">): Seen | undefined {
  const name = nameOf(path);
  switch (name) {
    case "nsenter":
      return { kind: "nsenter", process_key, target: path, followed: true, how: byNamespace };
    case "crontab":
      if (args.includes("-l")) return undefined;
      return { kind: "cron", process_key, target: path, followed: false, how: byTable };
    case "at":
    case "batch":
      // These list, show and remove.
      if (args.some((arg) => /^-(l|c|d|r|V)$/.test(arg))) return undefined;
      return { kind: "at", process_key, target: path, followed: false, how: byTable };
    default:
      return undefined;
  }
}

function intoSpool({ process_key }: JobEvent, path: string): Seen | undefined {
  // The first bytes reject nearly all.
  if (!path.startsWith("/etc/") && !path.startsWith("/var/spool/")) return undefined;
  if (isAtSpool.test(path)) {
    return { kind: "at", process_key, target: path, followed: false, how: bySpool };
  }
  if (!isCronSpool.test(path)) return undefined;
  return { kind: "cron", process_key, target: path, followed: false, how: bySpool };
}
const isAtSpool = /^\/var\/spool\/(at|cron\/at(jobs|spool))\//;
const isCronSpool = /^(\/etc\/(crontab$|anacrontab$|cron\.[^/]+\/)|\/var\/spool\/(cron|anacron)\/)/;
