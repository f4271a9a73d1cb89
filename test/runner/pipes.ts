import { closeSync, constants, openSync, readdirSync, readlinkSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** The two ends of an anonymous pipe; the read end does not block, the write end does. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

const ready: Pipe[] = [];
let making: Promise<void> | undefined;
const madeAtOnce = 4;

/**
 * A real pipe(2), as the runner gives to its steps. Node itself offers only socket pairs, on which
 * `echo >/dev/stderr` fails. But the event loop of each thread owns a pipe: it is opened again
 * through /proc, and stays when the thread is gone.
 * @throws Error when no pipe was found in a new thread
 */
export async function openPipe(): Promise<Pipe> {
  while (ready.length === 0) {
    making ??= make().finally(() => {
      making = undefined;
    });
    await making;
  }
  return ready.shift() as Pipe;
}

let closed: Promise<number> | undefined;

/** A read end that is at its end, as a standard input that was closed at once; always the same. */
export function closedInput(): Promise<number> {
  closed ??= openPipe().then(({ read, write }) => {
    closeSync(write);
    return read;
  });
  return closed;
}

async function make(): Promise<void> {
  const before = new Set(pipesOpen().keys());
  const threads = Array.from({ length: madeAtOnce }, () => new Worker(forever, { eval: true }));
  await Promise.all(threads.map((thread) => new Promise((online) => thread.on("online", online))));
  for (const [name, descriptor] of pipesOpen()) {
    if (before.has(name)) continue;
    const path = `/proc/self/fd/${descriptor}`;
    const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    ready.push({ read, write: openSync(path, constants.O_WRONLY) });
  }
  await Promise.all(threads.map((thread) => thread.terminate()));
  if (ready.length === 0) throw new Error("a new thread owns no pipe: this Node differs");
}

const forever = "setInterval(() => {}, 1e6)";

/** A descriptor of each pipe of this process, by `pipe:[inode]`. */
function pipesOpen(): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      if (target.startsWith("pipe:")) found.set(target, Number(name));
    } catch {
      // the descriptor of the listing itself
    }
  }
  return found;
}
