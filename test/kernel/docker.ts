import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { removeCgroup } from "../../agent/cgroup.ts";

/** The packages that a test of containers needs are those of installer/test_packages.sh. */
const client = "/usr/bin/docker";
const server = "/usr/sbin/dockerd";
const image = "bb";
const hierarchies = "/sys/fs/cgroup";

/** A dockerd of its own, that leaves the host's networks and rules alone. */
export class Docker {
  readonly directory: string;
  readonly socket: string;
  /** Below the root of each hierarchy: where its containers' groups are. */
  readonly group: string;
  readonly #server: ChildProcess;
  #log = "";

  private constructor(directory: string) {
    this.directory = directory;
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
    // A socket's path has at most 107 bytes.
    const docker = new Docker(mkdtempSync("/tmp/docker-"));
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
    for (const mount of mountsBelow(this.directory)) execFileSync("umount", ["-l", mount]);
    rmSync(this.directory, { recursive: true, force: true });
    const places = ["", ...readdirSync(hierarchies)].map((name) => join(hierarchies, name));
    for (const place of places) removeCgroup({ path: join(place, this.group), id: 0n });
  }

  async #serves(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.on("error", reject);
      this.#server.on("exit", () => reject(new Error(`dockerd ended: ${this.#log}`)));
      this.#server.stderr?.on("data", () => this.#log.includes("API listen on") && resolve());
    });
  }

  #importImage(): void {
    const root = join(this.directory, "root");
    mkdirSync(join(root, "bin"), { recursive: true });
    copyFileSync("/bin/busybox", join(root, "bin/busybox"));
    // The client in a container is the host's, with the libraries that it needs.
    for (const name of ["lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
    for (const name of ["sh", "echo", "sleep", "cat", "true", "id", "chroot", "head", "tail"]) {
      symlinkSync("busybox", join(root, "bin", name));
    }
    const tar = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 1 << 28 });
    execFileSync(client, ["-H", `unix://${this.socket}`, "import", "-", image], { input: tar });
    rmSync(root, { recursive: true });
  }
}

function mountsBelow(directory: string): string[] {
  const lines = execFileSync("cat", ["/proc/self/mountinfo"], { encoding: "utf8" }).split("\n");
  const places = lines.map((line) => line.split(" ")[4] ?? "");
  return places.filter((place) => place.startsWith(`${directory}/`)).reverse();
}

/** Whether the packages are there. */
export function assertInstalled(): void {
  const missing = [client, server, "/bin/busybox"].filter((path) => {
    try {
      execFileSync("test", ["-x", path]);
      return false;
    } catch {
      return true;
    }
  });
  assert.deepEqual(
    missing,
    [],
    "run installer/test_packages.sh as root: tests of containers need docker.io and busybox-static",
  );
}
