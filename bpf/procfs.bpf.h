/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an opened file of procfs shows of which process: by its inode, whatever name led to it. */
#pragma once

#include "access.bpf.h"

#define FMODE_READ	 0x1
#define FMODE_WRITE	 0x2
#define PROC_SUPER_MAGIC 0x9fa0
#define JW_MAJOR_SHIFT	 20
#define JW_ENTRY_BYTES	 16 /* more than "smaps_rollup" */

/* A short name, as two numbers that can be compared at once. */
union jw_entry {
	char text[JW_ENTRY_BYTES];
	__u64 words[2];
};

#define JW_IS(entry, name)                                                                         \
	({                                                                                         \
		const union jw_entry name_ = { name };                                             \
		(entry).words[0] == name_.words[0] && (entry).words[1] == name_.words[1];          \
	})

/* File systems on no block device have the major number 0, procfs among them. */
static __always_inline bool jw_is_procfs(struct inode *inode, __u32 device)
{
	return !(device >> JW_MAJOR_SHIFT) &&
	       BPF_CORE_READ(inode, i_sb, s_magic) == PROC_SUPER_MAGIC;
}

static __always_inline __u16 jw_way_of_entry(struct file *file)
{
	union jw_entry entry = {};

	bpf_probe_read_kernel_str(entry.text, sizeof(entry.text),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (JW_IS(entry, "mem"))
		return JW_WAY_memory_file;
	if (JW_IS(entry, "environ"))
		return JW_WAY_environment;
	if (JW_IS(entry, "maps") || JW_IS(entry, "smaps") || JW_IS(entry, "smaps_rollup") ||
	    JW_IS(entry, "numa_maps") || JW_IS(entry, "pagemap") || JW_IS(entry, "map_files"))
		return JW_WAY_maps;
	return JW_IS(entry, "fd") || JW_IS(entry, "fdinfo") ? JW_WAY_descriptor_list : JW_WAY_none;
}

/*
 * The runner's Worker looks at the end of a job for processes that the job has left, by the
 * environment of every process of the host; nobody else has its role.
 */
static __noinline int jw_opened_procfs(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct proc_inode *entry = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);
	struct jw_tag *tag = jw_self();
	struct jw_deed deed = { .pid = BPF_CORE_READ(entry, pid) };

	if (!deed.pid || !tag || tag->role == JW_ROLE_WORKER)
		return 0;
	deed.way = jw_way_of_entry(file);
	if (deed.way == JW_WAY_none)
		return 0;
	deed.access = BPF_CORE_READ(file, f_mode) & (FMODE_READ | FMODE_WRITE);
	return jw_tell_access(&deed);
}
