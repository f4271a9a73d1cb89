/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_symlink: one record for each new symbolic link. Fields: src/events/file_symlink.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline int jw_symlinked(__u64 target, __u64 link, int directory)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_symlink *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_symlink, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->path_length = jw_given_path(&e->h, JW_HALF_BYTES, link, directory);
	e->target_length = jw_given_text(&e->h, JW_SMALL_BYTES, jw_given_names(), target);
	JW_SUBMIT(file_symlink, e, small);
	return 0;
}

/* The link is in its directory. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_symlink, struct pt_regs *regs)
{
	return jw_symlinked(jw_arg(regs, 0), jw_arg(regs, 1), JW_AT_FDCWD);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_symlinkat, struct pt_regs *regs)
{
	return jw_symlinked(jw_arg(regs, 0), jw_arg(regs, 2), jw_arg(regs, 1));
}

/* The place of the link is resolved; the target is the kernel's copy. */
SEC("fentry/security_path_symlink")
int BPF_PROG(jw_file_symlink_fentry, const struct path *directory, struct dentry *link,
	     const char *target)
{
	struct jw_given *given = jw_keep_paths();

	jw_keep_path(given, directory->mnt, link);
	if (given)
		jw_keep_text(given, JW_RESOLVED, target);
	return 0;
}
