/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_link: one record for each new hard link. Fields: src/events/file_link.ts. */
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define AT_EMPTY_PATH 0x1000

static __always_inline int jw_linked(__u64 from, int from_directory, __u64 to, int to_directory,
				     __u32 flags)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_link *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(file_link, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->path_length = jw_given_path(&e->h, JW_HALF_BYTES, from, from_directory);
	if (!e->path_length && !(e->h.flags & JW_UNREADABLE) && flags & AT_EMPTY_PATH)
		e->path_length = jw_descriptor_path(&e->h, JW_HALF_BYTES, from_directory);
	e->new_path_length = jw_given_path(&e->h, JW_SMALL_BYTES, to, to_directory);
	JW_SUBMIT(file_link, e, small);
	return 0;
}

/* The new name is in its directory. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_link, struct pt_regs *regs)
{
	return jw_linked(jw_arg(regs, 0), JW_AT_FDCWD, jw_arg(regs, 1), JW_AT_FDCWD, 0);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_linkat, struct pt_regs *regs)
{
	return jw_linked(jw_arg(regs, 1), jw_arg(regs, 0), jw_arg(regs, 3), jw_arg(regs, 2),
			 jw_arg(regs, 4));
}

/* Both names are resolved. A link is on the mount of its file: the kernel has compared them. */
SEC("fentry/security_path_link")
int BPF_PROG(jw_file_link_fentry, struct dentry *old, const struct path *directory, struct dentry *new)
{
	struct jw_given *given = jw_keep_paths();

	jw_keep_path(given, directory->mnt, old);
	jw_keep_path(given, directory->mnt, new);
	return 0;
}
