/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* memory_protect: memory that existed, from which code may run now. Fields: src/events/memory_protect.ts. */
#include "code.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The protection is changed. What becomes executable this way was filled before, as data. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_memory_protect, struct pt_regs *regs)
{
	__u32 protection = jw_arg(regs, 2);

	if (protection & PROT_EXEC)
		jw_protected(protection & PROT_WRITE ? JW_PROTECT_write_execute : JW_PROTECT_execute,
			     JW_CALL_mprotect);
	return 0;
}
