/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_unlink: one record for each name that is removed. Fields: src/events/file_unlink.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define AT_REMOVEDIR 0x200

static __always_inline int jw_unlinked(__u64 name, int directory, bool is_directory)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_unlink *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_unlink, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->directory = is_directory ? JW_BOOL_yes : JW_BOOL_no;
	e->path_length = jw_given_path(&e->h, JW_SMALL_BYTES, name, directory);
	JW_SUBMIT(file_unlink, e, small);
	return 0;
}

/* The name is gone from its directory. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_unlink, struct pt_regs *regs)
{
	return jw_unlinked(jw_arg(regs, 0), JW_AT_FDCWD, false);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_unlinkat, struct pt_regs *regs)
{
	return jw_unlinked(jw_arg(regs, 1), jw_arg(regs, 0), jw_arg(regs, 2) & AT_REMOVEDIR);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_rmdir, struct pt_regs *regs)
{
	return jw_unlinked(jw_arg(regs, 0), JW_AT_FDCWD, true);
}

/* The name is resolved, and its directory locked. */
SEC("fentry/security_path_unlink")
int BPF_PROG(jw_file_unlink_fentry, const struct path *directory, struct dentry *dentry)
{
	return jw_keep_only(directory, dentry);
}

SEC("fentry/security_path_rmdir")
int BPF_PROG(jw_file_rmdir_fentry, const struct path *directory, struct dentry *dentry)
{
	return jw_keep_only(directory, dentry);
}
