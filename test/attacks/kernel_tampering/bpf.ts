import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import type { Variant } from "../variant.ts";

/** A filter of two instructions that is attached to nothing. */
const load = `
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	struct bpf_insn code[] = { { .code = 0xb7 }, { .code = 0x95 } };
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = (uintptr_t)code,
				.insn_cnt = 2, .license = (uintptr_t)"GPL", .prog_name = "spy" };
	printf("%d\\n", syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)) >= 0);
	return 0;
}`;

/** Takes other people's program by its number, as a tool that wants to detach the agent does. */
const look = `
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
bpf = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
attr = ctypes.create_string_buffer(struct.pack("III", 0, 0, 0), 120)
print(libc.syscall(bpf, 11, attr, 120), struct.unpack_from("I", attr, 4)[0] > 0)
`;

const found = {
  ...{ signature: "JW-200", behaviour: "kernel_tampering" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a BPF program of the job's own comes into the kernel",
    prepare: (place) => compile(place, "tracer", load),
    command: () => ["./tracer"],
    happened: ({ stdout }) => assert.equal(stdout, "1\n"),
    found: { ...found, severity: "high", program: "/tracer", message: /load a BPF program: spy/ },
  },
  {
    name: "python goes through the BPF programs of the machine",
    command: () => ["python3", "-c", look],
    happened: ({ stdout }) => assert.equal(stdout, "0 True\n"),
    found: { ...found, severity: "low", program: "/python3.11", message: /that others made/ },
  },
];
