import { chmodSync, lstatSync, mkdirSync, type Stats, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { type ErrorCode, JobwardenError } from "../src/base/errors.ts";

/** Everybody may ask; who asked is told by the kernel, and judged. */
export const socketMode = 0o666;

const directoryMode = 0o755;
const writableByOthers = 0o022;

/**
 * Makes the place of the socket ready: its directory, and no file of an agent that has gone.
 * @throws JobwardenError AGENT_RUNNING, HOOK_SOCKET
 */
export async function clearSocketPath(path: string): Promise<void> {
  ensureDirectory(dirname(path));
  const found = statOf(path);
  if (!found) return;
  if (!found.isSocket()) throw denied(`${path} is there and is no socket`);
  if (await isAnswered(path)) throw refusal("AGENT_RUNNING", `something answers on ${path}`);
  unlinkSync(path);
}

/** Who could rename a file in the directory could put another socket in the place of ours. */
function ensureDirectory(directory: string): void {
  try {
    if (mkdirSync(directory, { recursive: true })) chmodSync(directory, directoryMode);
  } catch (cause) {
    throw denied(`${directory} cannot be made: ${cause}`, { cause });
  }
  const found = lstatSync(directory);
  const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
  if (!found.isDirectory()) throw denied(`${directory} is no directory`);
  if (found.uid !== process.geteuid?.() || (found.mode & writableByOthers) !== 0) {
    throw denied(`${directory} is of user ${found.uid} with mode ${mode}; expected our own, 0755`);
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Only a refusal means that nobody listens: an agent whose queue is full lives too. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
    });
  });
}

export const denied = (message: string, options?: ErrorOptions): JobwardenError =>
  refusal("HOOK_SOCKET", message, options);

const refusal = (code: ErrorCode, message: string, options?: ErrorOptions): JobwardenError =>
  new JobwardenError(code, message, options);
