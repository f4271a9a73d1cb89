/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_truncate: one record for each length that is set. Fields: src/events/file_truncate.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline int jw_truncated(__u64 name, int descriptor, __u64 length)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_truncate *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_truncate, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->length = length;
	e->path_length = name ? jw_given_path(&e->h, JW_SMALL_BYTES, name, JW_AT_FDCWD) :
				jw_descriptor_path(&e->h, JW_SMALL_BYTES, descriptor);
	JW_SUBMIT(file_truncate, e, small);
	return 0;
}

/* The length is set. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_truncate, struct pt_regs *regs)
{
	return jw_truncated(jw_arg(regs, 0), 0, jw_arg(regs, 1));
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_ftruncate, struct pt_regs *regs)
{
	return jw_truncated(0, jw_arg(regs, 0), jw_arg(regs, 1));
}

/* As the two above, from the 32-bit entry: the length comes in two halves. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_truncate64, struct pt_regs *regs)
{
	return jw_truncated(jw_arg(regs, 0), 0, jw_arg(regs, 1) | jw_arg(regs, 2) << 32);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_ftruncate64, struct pt_regs *regs)
{
	return jw_truncated(0, jw_arg(regs, 0), jw_arg(regs, 1) | jw_arg(regs, 2) << 32);
}

/* The name is resolved. Comes for ftruncate and O_TRUNC too, whose names are not wanted. */
SEC("fentry/security_path_truncate")
int BPF_PROG(jw_file_truncate_fentry, const struct path *path)
{
	return jw_keep_only(path, path->dentry);
}
