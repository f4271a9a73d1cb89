import type { Socket } from "node:net";
import type { JobMessage } from "./job_message.ts";

/** What the stand-in for GitHub asks of a Listener, one JSON line each. */
export type Request =
  | { readonly do: "run"; readonly message: JobMessage }
  | { readonly do: "cancel" }
  | { readonly do: "update"; readonly version: string }
  | { readonly do: "stop" };

/** What a Listener tells. */
export type Report =
  | { readonly is: "listening"; readonly pid: number }
  | { readonly is: "started"; readonly pid: number; readonly start_time: number }
  | { readonly is: "ended"; readonly exit: number | null; readonly signal: string | null };

/** Sends one line. */
export const sendLine = (socket: Socket, value: Request | Report): void => {
  socket.write(`${JSON.stringify(value)}\n`);
};

/** Calls back for each line that arrives whole. */
export function onLine<T>(socket: Socket, got: (value: T) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) got(JSON.parse(line) as T);
  });
}
