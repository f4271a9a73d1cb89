import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import { type Outsider, outsider } from "../outsider.ts";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let other: Outsider;

/** Someone's container, as far as namespaces go. */
async function prepare(place: Place) {
  other = await outsider(["unshare", "--mount", "--uts", "sh", "-c", "echo; exec cat"], true);
  compile(place, "enter", enter);
  return other.close;
}

const enter = `
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	int process = syscall(SYS_pidfd_open, atoi(argv[1]), 0);

	printf("entered %d\\n", setns(process, CLONE_NEWNS | CLONE_NEWUTS));
	return 0;
}`;

const found = {
  ...{ signature: "JW-203", severity: "high", behaviour: "container_escape" },
  message: /entered someone else's mount namespace/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "nsenter goes into the mounts of somebody's container",
    prepare,
    command: () => ["nsenter", "--target", String(other.pid), "--mount", "echo", "entered 0"],
    happened: ({ stdout }) => assert.match(stdout, /entered 0/),
    found: { ...found, program: "/nsenter" },
  },
  {
    name: "a program of the job's own goes in by the descriptor of a process",
    prepare,
    command: () => ["./enter", String(other.pid)],
    happened: ({ stdout }) => assert.match(stdout, /entered 0/),
    found: { ...found, program: "/enter", message: /that of process \d+/ },
  },
];
