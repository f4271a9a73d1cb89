/** The agent's pipeline thread: owns the tracer and the only writing connection to the database. */
import { setPriority } from "node:os";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { JobwardenError } from "../src/base/errors.ts";
import type { Log, LogLevel } from "../src/base/log.ts";
import { Daemon } from "./daemon_pipeline.ts";
import type { DaemonStart, FromPipeline, ToPipeline } from "./daemon_protocol.ts";

/** How long a record may lie in a ring that is not filling. */
const lookEveryMs = 25;
/** A batch smaller than this is followed by a wait, so that the next one is larger. */
const worthwhileBytes = 512 << 10;
/** Above what jobs run with, so that one which takes all processors does not outrun us. */
const niceness = -10;

function main(port: MessagePort, start: DaemonStart): void {
  const post = (message: FromPipeline): void => port.postMessage(message);
  setPriority(niceness); // of this thread only
  try {
    const daemon = new Daemon(start, post, logTo(post));
    post({ type: "ready", is_new: daemon.is_new, unseen: daemon.unseen });
    follow(daemon, port, post);
  } catch (error) {
    if (!(error instanceof JobwardenError)) throw error;
    post({ type: "failed", code: error.code, message: error.message });
  }
}

/** Until it is told to stop. What is in the rings then is for the next agent, or the next turn. */
function follow(daemon: Daemon, port: MessagePort, post: (message: FromPipeline) => void): void {
  for (;;) {
    let message = receiveMessageOnPort(port);
    while (message) {
      const told = message.message as ToPipeline;
      if (told.type === "stop") {
        daemon.stop();
        post({ type: "stopped" });
        return;
      }
      daemon.take(told);
      message = receiveMessageOnPort(port);
    }
    if (daemon.turn() < worthwhileBytes) daemon.wait(lookEveryMs);
  }
}

function logTo(post: (message: FromPipeline) => void): Log {
  const at =
    (level: LogLevel): Log[LogLevel] =>
    (fields, message) =>
      post({ type: "log", level, fields, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

if (parentPort) main(parentPort, workerData as DaemonStart);
