import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { removeCgroup } from "../../agent/cgroup.ts";
import {
  aloneWithContainers,
  assertInstalled,
  groupsCalled,
  imageTar,
  removeTree,
} from "./container_host.ts";

const client = "/usr/bin/docker";
const server = "/usr/sbin/dockerd";
const image = "bb";

/** A dockerd of its own, that leaves the host's networks and rules alone. */
export class Docker {
  readonly directory: string;
  readonly socket: string;
  /** Below the root of each hierarchy: where its containers' groups are. */
  readonly group: string;
  readonly #server: ChildProcess;
  /** BuildKit makes its groups where it always does; those that the host has stay. */
  readonly #buildGroups = groupsCalled("docker", false);
  #log = "";

  readonly #release: () => void;

  private constructor(directory: string, release: () => void) {
    this.directory = directory;
    this.#release = release;
    this.socket = join(directory, "docker.sock");
    this.group = basename(directory);
    const place = (name: string) => join(directory, name);
    const args = [
      ...["--data-root", place("data"), "--exec-root", place("exec"), "--pidfile", place("pid")],
      ...["--host", `unix://${this.socket}`, "--group", "root", "--shutdown-timeout", "1"],
      `--cgroup-parent=/${this.group}`,
      ...["--bridge=none", "--iptables=false", "--ip-forward=false", "--ip-masq=false"],
    ];
    this.#server = spawn(server, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#server.stderr?.on("data", (chunk) => (this.#log += chunk));
  }

  /** Comes when it serves, and has an image of busybox. */
  static async start(): Promise<Docker> {
    assertInstalled(client, server);
    const release = await aloneWithContainers();
    // A socket's path has at most 107 bytes.
    const docker = new Docker(mkdtempSync("/tmp/docker-"), release);
    try {
      await docker.#serves();
      docker.#importImage();
      return docker;
    } catch (error) {
      await docker.stop();
      throw error;
    }
  }

  /** The pid of dockerd. */
  get pid(): number {
    return this.#server.pid ?? 0;
  }

  /** A command line of the client, for a shell. */
  command(args: string): string {
    return `${client} -H unix://${this.socket} ${args}`;
  }

  /** What the client prints, called as a process of no job. */
  call(...args: string[]): string {
    const all = ["-H", `unix://${this.socket}`, ...args];
    return execFileSync(client, all, { encoding: "utf8", stdio: "pipe" }).trim();
  }

  /** Stops all of it, and removes what it made. */
  async stop(): Promise<void> {
    if (this.#server.exitCode === null && this.#server.signalCode === null) {
      const gone = once(this.#server, "exit");
      this.#server.kill("SIGTERM");
      await gone;
    }
    removeTree(this.directory);
    for (const path of [...groupsCalled(this.group), ...this.#buildGroups]) {
      removeCgroup({ path, id: 0n });
    }
    this.#release();
  }

  async #serves(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.on("error", reject);
      this.#server.on("exit", () => reject(new Error(`dockerd ended: ${this.#log}`)));
      this.#server.stderr?.on("data", () => this.#log.includes("API listen on") && resolve());
    });
  }

  #importImage(): void {
    const tar = imageTar(this.directory);
    execFileSync(client, ["-H", `unix://${this.socket}`, "import", "-", image], { input: tar });
  }
}
