/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_chmod: one record for each change of permission bits. Fields: src/events/file_chmod.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_PERMISSIONS 07777

static __always_inline int jw_changed(__u64 name, int directory, __u32 mode)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_chmod *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_chmod, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->mode = mode & JW_PERMISSIONS;
	/* Without a name it is the descriptor itself: fchmod, or AT_EMPTY_PATH. */
	if (name)
		e->path_length = jw_given_path(&e->h, JW_SMALL_BYTES, name, directory);
	if (!e->path_length && !(e->h.flags & JW_UNREADABLE))
		e->path_length = jw_descriptor_path(&e->h, JW_SMALL_BYTES, directory);
	JW_SUBMIT(file_chmod, e, small);
	return 0;
}

/* The bits are set; the mode was passed in a register, which no other thread can change. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_chmod, struct pt_regs *regs)
{
	return jw_changed(jw_arg(regs, 0), JW_AT_FDCWD, jw_arg(regs, 1));
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_fchmod, struct pt_regs *regs)
{
	return jw_changed(0, jw_arg(regs, 0), jw_arg(regs, 1));
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_fchmodat, struct pt_regs *regs)
{
	return jw_changed(jw_arg(regs, 1), jw_arg(regs, 0), jw_arg(regs, 2));
}

/* The name is resolved. */
SEC("fentry/security_path_chmod")
int BPF_PROG(jw_file_chmod_fentry, const struct path *path)
{
	return jw_keep_only(path, path->dentry);
}
