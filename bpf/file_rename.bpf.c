/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_rename: one record for each successful rename. Fields: src/events/file_rename.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline int jw_renamed(__u64 from, int from_directory, __u64 to, int to_directory,
				      __u32 flags)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_rename *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_rename, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->rename_flags = flags;
	e->path_length = jw_given_path(&e->h, JW_HALF_BYTES, from, from_directory);
	e->new_path_length = jw_given_path(&e->h, JW_SMALL_BYTES, to, to_directory);
	JW_SUBMIT(file_rename, e, small);
	return 0;
}

/* The directory entry has changed. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_rename, struct pt_regs *regs)
{
	return jw_renamed(jw_arg(regs, 0), JW_AT_FDCWD, jw_arg(regs, 1), JW_AT_FDCWD, 0);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_renameat, struct pt_regs *regs)
{
	return jw_renamed(jw_arg(regs, 1), jw_arg(regs, 0), jw_arg(regs, 3), jw_arg(regs, 2), 0);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_renameat2, struct pt_regs *regs)
{
	return jw_renamed(jw_arg(regs, 1), jw_arg(regs, 0), jw_arg(regs, 3), jw_arg(regs, 2),
			  jw_arg(regs, 4));
}

/* Both names are resolved, and their directories locked. */
SEC("fentry/security_path_rename")
int BPF_PROG(jw_file_rename_fentry, const struct path *from, struct dentry *old, const struct path *to,
	     struct dentry *new)
{
	struct jw_given *given = jw_keep_paths();

	jw_keep_path(given, from->mnt, old);
	jw_keep_path(given, to->mnt, new);
	return 0;
}
