/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* code_mapping, and all else that is told of mmap. Fields: src/events/code_mapping.ts. */
#include "code.bpf.h"
#include "written.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * The mapping is made. From a shared writable one on, a store into memory writes the file, without
 * a call: that is told as file_write.
 */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_map, struct pt_regs *regs, long address)
{
	__u64 type = jw_arg(regs, 3) & MAP_TYPE;

	if (jw_arg(regs, 2) & PROT_EXEC)
		jw_code_mapped(jw_arg(regs, 2), jw_arg(regs, 3), jw_arg(regs, 4));
	if (!(jw_arg(regs, 2) & PROT_WRITE) || jw_arg(regs, 3) & MAP_ANONYMOUS)
		return 0;
	if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		return 0;
	return jw_wrote(jw_file(jw_arg(regs, 4)), JW_HOW_map);
}
