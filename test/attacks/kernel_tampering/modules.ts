import assert from "node:assert/strict";
import { compile } from "../c_program.ts";
import type { Variant } from "../variant.ts";

const found = {
  ...{ signature: "JW-200", severity: "high", behaviour: "kernel_tampering" },
  message: /tried, and failed, to load a kernel module/,
} as const satisfies Partial<Variant["found"]>;

/** Loads bytes that no kernel takes, and says how it was refused. */
const fromMemory = `
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	long result = syscall(SYS_init_module, "garbage", 7, "");
	printf("%ld %d\\n", result, errno);
	return 0;
}`;

const fromFile = `
import ctypes, os
open("rootkit.ko", "wb").write(b"garbage")
libc = ctypes.CDLL(None, use_errno=True)
finit_module = {"x86_64": 313, "aarch64": 273}[os.uname().machine]
print(libc.syscall(finit_module, os.open("rootkit.ko", os.O_RDONLY), b"", 0), ctypes.get_errno())`;

const happened = ({ stdout }: { stdout: string }) => assert.match(stdout, /^-1 (1|8|38)\n/);

export const variants: Variant[] = [
  {
    name: "a program of the job's own hands the kernel a module from memory",
    prepare: (place) => compile(place, "loader", fromMemory),
    command: () => ["./loader"],
    happened,
    found: { ...found, program: "/loader" },
  },
  {
    name: "python hands the kernel a module's file",
    command: () => ["python3", "-c", fromFile],
    happened,
    found: { ...found, program: "/python3.11", message: /rootkit\.ko/ },
  },
];
