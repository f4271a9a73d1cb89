/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* memory_protect: memory that existed, from which code may run now. Fields: src/events/memory_protect.ts. */
#include "code.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The protection is changed. What becomes executable this way was filled before, as data. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_memory_protect, struct pt_regs *regs)
{
	if (jw_arg(regs, 2) & PROT_EXEC)
		jw_protected(jw_arg(regs, 2), JW_CALL_mprotect);
	return 0;
}
