/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* io_uring_setup: one record for each new ring. Fields: src/events/io_uring_setup.ts. */
#include "jobwarden.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The ring is behind the descriptor, unless it is a registered one, which leads nowhere. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_io_uring_setup, struct pt_regs *regs, long result)
{
	struct jw_tag *tag = jw_self();
	struct jw_io_uring_setup *e;
	struct jw_small *small;
	struct io_ring_ctx *ring;

	if (!tag)
		return 0;
	e = JW_BEGIN(io_uring_setup, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->entries = jw_arg(regs, 0);
	e->error = result < 0 ? -result : 0;
	if (result >= 0) {
		ring = BPF_CORE_READ(jw_file(result), private_data);
		e->setup_flags = BPF_CORE_READ(ring, flags);
	}
	JW_SUBMIT(io_uring_setup, e, small);
	return 0;
}
