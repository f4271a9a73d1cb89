import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import type { Variant } from "../variant.ts";

/** Mounts by the calls of descriptors, in a namespace of its own. */
const byDescriptor = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	int tree;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 1;
	tree = syscall(SYS_open_tree, AT_FDCWD, "users", OPEN_TREE_CLONE);
	if (syscall(SYS_move_mount, tree, "", AT_FDCWD, "/etc/passwd", MOVE_MOUNT_F_EMPTY_PATH))
		return 2;
	execlp("head", "head", "-1", "/etc/passwd", NULL);
}`;

const found = {
  ...{ signature: "JW-205", severity: "medium", behaviour: "namespace_abuse" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "unshare and mount put a list of users over the real one",
    command: () => [
      ...["sh", "-c"],
      `echo evil::0:0::/:/bin/sh >users; unshare --user --map-root-user --mount sh -c '
         mount --bind users /etc/passwd; head -1 /etc/passwd'`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /^evil/),
    found: { ...found, program: "/mount", message: /\/users over \/etc\/passwd/ },
  },
  {
    name: "a program of the job's own mounts over it by descriptors",
    prepare: (place) => compile(place, "cover", byDescriptor),
    command: () => ["sh", "-c", "echo evil::0:0::/:/bin/sh >users; ./cover"],
    happened: ({ stdout }) => assert.match(stdout, /^evil/),
    found: { ...found, program: "/cover", message: /over \/etc\/passwd/ },
  },
];
