import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** A terminal sends these to every process in its foreground, so the command has them by itself. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT"]);
const passedOn: readonly NodeJS.Signals[] = [
  ...fromTerminal,
  ...(["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const),
];

/**
 * Passes signals on to the command, which decides by itself whether to end. When it has ended they
 * are taken and ignored, until what was seen of it is stored.
 * @returns what stops it
 */
export function passSignals(child: ChildProcess): () => void {
  const listeners = passedOn.map((signal) => {
    const listener = (): void => {
      if (!(fromTerminal.has(signal) && isInForeground())) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

/** Whether our process group, which is the command's too, is what a terminal sends signals to. */
function isInForeground(): boolean {
  const stat = readFileSync("/proc/self/stat", "latin1");
  // After the name, which may hold anything: state, parent, group, session, terminal, its group.
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return group === foreground;
}
