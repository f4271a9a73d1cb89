import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import { type Outsider, outsider, outsiderNamed } from "../outsider.ts";
import type { Variant } from "../variant.ts";

let victim: Outsider;
const named = (name: string) => async () => {
  victim = await outsiderNamed(name);
  return victim.close;
};

async function stranger(place: Parameters<NonNullable<Variant["prepare"]>>[0]) {
  compile(place, "stopper", stop);
  victim = await outsider(["cat"]);
  return victim.close;
}

/** Stops a process by its descriptor, without its number in the call. */
const stop = `
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	int process = syscall(SYS_pidfd_open, atoi(argv[1]), 0);

	return syscall(SYS_pidfd_send_signal, process, SIGSTOP, NULL, 0) != 0;
}`;

/** Waits until the victim stands still. */
const look = () =>
  `timeout 10 sh -c 'until grep -q "T (stopped)" /proc/${victim.pid}/status; do :; done' && echo stopped`;
const happened = ({ stdout }: { stdout: string }) => assert.equal(stdout, "stopped\n");

const found = {
  ...{ signature: "JW-207", behaviour: "agent_tampering" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a shell kills a security program",
    prepare: named("falco"),
    command: () => ["bash", "-c", `kill -9 ${victim.pid} && echo killed`],
    happened: ({ stdout }) => assert.equal(stdout, "killed\n"),
    found: { ...found, severity: "critical", program: "/bash", message: /SIGKILL to falco/ },
  },
  {
    name: "pkill stops the runner",
    prepare: named("Runner.Listener"),
    // By its whole path, which is of this test alone.
    env: { NAME: "/outsider-\\w+/Runner.Listener$" },
    command: () => ["sh", "-c", `pkill -STOP -f "$NAME"; ${look()}`],
    happened,
    found: { ...found, severity: "critical", program: "/pgrep", message: /SIGSTOP to / },
  },
  {
    name: "a program of the job's own stops a stranger by its descriptor",
    prepare: stranger,
    command: () => ["sh", "-c", `./stopper ${victim.pid}; ${look()}`],
    happened,
    found: { ...found, severity: "medium", program: "/stopper", message: /SIGSTOP to cat/ },
  },
  {
    name: "python tells the agent something",
    command: () => [...["python3", "-c"], `import os; os.kill(${process.pid}, 28); print("told")`],
    happened: ({ stdout }) => assert.equal(stdout, "told\n"),
    found: { ...found, severity: "high", program: "/python3.11", message: /jobwarden itself/ },
  },
];
