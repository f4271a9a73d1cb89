import type { Socket } from "node:net";
import { z } from "zod";
import { type HookName, hookNames } from "../src/jobs/hook_peer.ts";
import { refusedText } from "../src/report/hook_text.ts";
import { annotation } from "../src/report/workflow_command.ts";
import type { HookAnswer } from "./hook_jobs.ts";

export interface ConnectionLimits {
  /** Longest line that is read, its end not counted. */
  readonly line_bytes: number;
  /** Time for the line to be there. */
  readonly line_ms: number;
  /** Time for the answer to be made, and then to be read. */
  readonly answer_ms: number;
}

/** Longest line that native/hook/hook.cc reads. */
const longestAnswer = 1 << 20;

const call = z.strictObject({ hook: z.enum(hookNames) });

/** What was wrong with what a peer sent. */
export type HookTrouble = "too_long" | "too_slow" | "closed" | "not_one_line" | "not_a_call";

/**
 * Reads the one line of a connection.
 * @returns the hook that the peer claims to be, or what was wrong
 */
export async function readCall(
  socket: Socket,
  limits: ConnectionLimits,
): Promise<HookName | { readonly trouble: HookTrouble }> {
  const line = await readLine(socket, limits);
  if (typeof line !== "string") return line;
  const parsed = call.safeParse(jsonOf(line));
  return parsed.success ? parsed.data.hook : { trouble: "not_a_call" };
}

function readLine(
  socket: Socket,
  { line_bytes, line_ms }: ConnectionLimits,
): Promise<string | { readonly trouble: HookTrouble }> {
  return new Promise((resolve) => {
    let got: Buffer = Buffer.alloc(0);
    const finish = (found: string | { readonly trouble: HookTrouble }): void => {
      clearTimeout(timer);
      socket.off("data", add).off("close", close).off("end", close);
      socket.pause(); // what else it sends stays in the kernel, which makes it wait
      resolve(found);
    };
    const add = (piece: Buffer): void => {
      got = Buffer.concat([got, piece]);
      const end = got.indexOf("\n");
      if (end > line_bytes || (end < 0 && got.length > line_bytes)) finish({ trouble: "too_long" });
      else if (end >= 0 && end + 1 < got.length) finish({ trouble: "not_one_line" });
      else if (end >= 0) finish(got.toString("utf8", 0, end));
    };
    const close = (): void => finish({ trouble: "closed" });
    const timer = setTimeout(() => finish({ trouble: "too_slow" }), line_ms);
    socket.on("data", add).on("close", close).on("end", close);
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // which is no call
  }
}

/** Sends the answer and ends the connection; one that is not read in time is cut off. */
export function sendAnswer(socket: Socket, answer: HookAnswer, answer_ms: number): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), answer_ms);
  socket.once("close", () => clearTimeout(timer));
  // Once it is in the kernel the peer has it, whether or not it ever ends its own side.
  socket.end(answerLine(answer), () => socket.destroy());
}

/** One line of JSON that the hook can read; the exit code is told whatever the rest is. */
export function answerLine(answer: HookAnswer): string {
  const { exit, text, summary } = answer;
  for (const said of [
    { exit, text, summary },
    { exit, text },
  ]) {
    const line = JSON.stringify(said);
    if (Buffer.byteLength(line) <= longestAnswer) return `${line}\n`;
  }
  return `${JSON.stringify({ exit, text: warning("The report is too long for this log.") })}\n`;
}

/** The answer to a call that is none. It never fails a job. */
export const refusedAnswer = (trouble: HookTrouble): HookAnswer => ({
  exit: 0,
  text: refusedText(troubles[trouble]),
});

/** The answer when nobody could judge a call. */
export const failedAnswer: HookAnswer = {
  exit: 0,
  text: warning("The agent could not answer; its own log says why."),
};

function warning(message: string): string {
  return annotation("warning", { title: "jobwarden" }, message);
}

const troubles: Readonly<Record<HookTrouble, string>> = {
  too_long: "it is too long",
  too_slow: "it did not come in time",
  closed: "it ended in the middle",
  not_one_line: "it is more than one line",
  not_a_call: "it is not understood",
};
