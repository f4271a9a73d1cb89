/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* descriptor_duplicate: one record for each copy onto 0, 1 or 2. Fields: src/events/descriptor_duplicate.ts. */
#include "socket.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define F_DUPFD		0
#define F_DUPFD_CLOEXEC 1030
#define JW_LAST_STDIO	2

static __always_inline int jw_duplicated(__u32 from, long to)
{
	struct jw_descriptor_duplicate *e;
	struct jw_tag *tag = jw_self();
	struct jw_small *small;

	if (!tag || to > JW_LAST_STDIO || from == to)
		return 0;
	e = JW_BEGIN(descriptor_duplicate, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->from_descriptor = from;
	e->descriptor = to;
	jw_describe(jw_file(to), &e->kind, &e->inode, &e->local, &e->peer);
	JW_SUBMIT(descriptor_duplicate, e, small);
	return 0;
}

/* dup, dup2, dup3: the copy is in its place. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_descriptor_duplicate, struct pt_regs *regs, long to)
{
	return jw_duplicated(jw_arg(regs, 0), to);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_descriptor_fcntl, struct pt_regs *regs, long to)
{
	__u32 command = jw_arg(regs, 1);

	if (command != F_DUPFD && command != F_DUPFD_CLOEXEC)
		return 0;
	return jw_duplicated(jw_arg(regs, 0), to);
}
