import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const busybox = "/bin/busybox";
const hierarchies = "/sys/fs/cgroup";

/** Fails when a program that tests of containers run is not there, and says what to do. */
export function assertInstalled(...programs: string[]): void {
  const missing = [busybox, ...programs].filter((path) => !isProgram(path));
  const advice = "tests of containers need programs: run installer/test_packages.sh as root";
  assert.deepEqual(missing, [], advice);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Comes when no other test file has containers: what runtimes do is seen by every tracer of the host.
 * @returns what lets the next one go on
 */
export async function aloneWithContainers(): Promise<() => void> {
  for (;;) {
    const server = createServer();
    server.listen("\0jobwarden-test-containers"); // of one process, and gone with it
    const isOurs = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (isOurs) return () => server.close();
    await delay(again_ms);
  }
}
const again_ms = 50;

/** An image with busybox, which can run the host's programs when it is given its /usr. */
export function imageTar(scratch: string): Buffer {
  const root = join(scratch, "root");
  mkdirSync(join(root, "bin"), { recursive: true });
  copyFileSync(busybox, join(root, "bin/busybox"));
  for (const name of ["lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
  for (const name of ["sh", "echo", "sleep", "tail", "true"])
    symlinkSync("busybox", join(root, "bin", name));
  const tar = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 1 << 26 });
  rmSync(root, { recursive: true });
  return tar;
}

/** Directories of control groups of this name below the root of each hierarchy. */
export function groupsCalled(name: string, wanted = true): string[] {
  const places = ["", ...readdirSync(hierarchies)].map((place) => join(hierarchies, place, name));
  return places.filter((path) => existsSync(path) === wanted);
}

/** Removes a directory, and first what is mounted below it. */
export function removeTree(directory: string): void {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const places = lines.map((line) => line.split(" ")[4] ?? "");
  const below = places.filter((place) => place.startsWith(`${directory}/`)).reverse();
  for (const place of below) execFileSync("umount", ["-l", place]);
  rmSync(directory, { recursive: true, force: true });
}
