import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import type { Variant } from "../variant.ts";

/** Makes a directory, and opens a file, without a call that says so. */
const work = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	struct io_uring_params params = {};
	int ring = syscall(SYS_io_uring_setup, 4, &params), read = PROT_READ | PROT_WRITE;
	char *area = mmap(NULL, 1 << 14, read, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	struct io_uring_sqe *sqe = mmap(NULL, 1 << 14, read, MAP_SHARED, ring, IORING_OFF_SQES);
	struct io_uring_cqe *cqe = (void *)(area + params.cq_off.cqes);

	sqe[0] = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD,
					.addr = (uintptr_t)"loot", .open_flags = O_RDONLY };
	*(unsigned int *)(area + params.sq_off.array) = 0;
	*(unsigned int *)(area + params.sq_off.tail) = 1;
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	printf("opened %d\\n", cqe->res > 0);
	return 0;
}`;

const byNumber = `
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print("made", libc.syscall(425, 4, ctypes.create_string_buffer(120)) > 0)`;

const found = {
  ...{ signature: "JW-210", severity: "low", behaviour: "io_uring_use" },
  message: /made an io_uring/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a program of the job's own opens a file through an io_uring",
    prepare: (place) => compile(place, "curing", work),
    command: () => ["sh", "-c", "echo x >loot; ./curing"],
    happened: ({ stdout }) => assert.equal(stdout, "opened 1\n"),
    found: { ...found, program: "/curing" },
  },
  {
    name: "python makes one by the number of the call",
    command: () => ["python3", "-c", byNumber],
    happened: ({ stdout }) => assert.equal(stdout, "made True\n"),
    found: { ...found, program: "/python3.11" },
  },
];
