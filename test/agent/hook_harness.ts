import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { HookServer, type HookServerOptions } from "../../agent/hook_server.ts";
import { loadAddon } from "../../native/index.ts";

export const hookProgram = resolve("native/build/hook");
export const { peerOf } = loadAddon();

/** A folder that every user may look into. */
export function openFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "jobwarden-hook-"));
  chmodSync(path, 0o755);
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** The hook program where every user may start it, which a clone need not be. */
export function programFor(t: TestContext): string {
  const path = join(openFolder(t), "hook");
  copyFileSync(hookProgram, path);
  return path;
}

/** A hook server on a socket of its own. */
export async function serve(t: TestContext, options: Omit<HookServerOptions, "peerOf" | "path">) {
  const path = join(openFolder(t), "hook.sock");
  const server = await HookServer.open({ ...options, peerOf, path });
  t.after(() => server.close());
  return { server, path };
}

/** Runs a program to its end; `pid` is known at once. */
export function start(
  command: readonly [string, ...string[]],
  options: { uid?: number; env?: Record<string, string> } = {},
) {
  const [program, ...args] = command;
  const { uid, env = {} } = options;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return {
    pid: child.pid ?? 0,
    kill: () => child.kill("SIGKILL"),
    ended: ended.then(([[exit], out, err]) => ({ exit: exit as number | null, out, err })),
  };
}

/** A server of a few lines, for what the agent's would never do. */
export async function pretend(t: TestContext, onCall: (socket: Socket) => void): Promise<string> {
  const path = join(openFolder(t), "hook.sock");
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on("error", () => {}));
    onCall(socket);
  });
  server.listen({ path });
  await once(server, "listening");
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return path;
}

/** A socket whose listener has gone without taking it away, as after a crash. */
export async function leaveBehind(path: string): Promise<void> {
  const server = createServer().listen({ path: `${path}.first` });
  await once(server, "listening");
  renameSync(`${path}.first`, path);
  server.close();
  await once(server, "close");
}

/** Sends bytes as they are and gives all that comes back. */
export async function send(path: string, bytes: string | Buffer): Promise<string> {
  const socket = connect({ path });
  socket.write(bytes);
  return await text(socket);
}

/** Turns of the event loop until it holds; fails with the test when it never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setImmediate(next));
}
