/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds a process by its number, as the kernel does: before 6.2 there is no function for it. */
#pragma once

#include "jobwarden.bpf.h"

/* The tree of ids by which a namespace finds its processes (include/linux/xarray.h). */
#define JW_TREE_LEVELS	 6
#define JW_TREE_SLOTS	 64
#define JW_TREE_NODE	 2 /* how the address of a node is marked */
#define JW_TREE_MARKS	 3
#define JW_TREE_NO_NODES 4096 /* marked values below are no addresses */

static __always_inline bool jw_is_node(__u64 entry)
{
	return (entry & JW_TREE_MARKS) == JW_TREE_NODE && entry > JW_TREE_NO_NODES;
}

/* The pid namespace of the current task, in which its calls name processes. */
static __always_inline struct pid_namespace *jw_pid_namespace(void)
{
	struct pid *own = BPF_CORE_READ(bpf_get_current_task_btf(), thread_pid);
	struct upid *innermost = (void *)own + bpf_core_field_offset(struct pid, numbers) +
				 BPF_CORE_READ(own, level) * bpf_core_type_size(struct upid);

	return BPF_CORE_READ(innermost, ns);
}

/* The kernel's object of a process or thread, by its number as the current task knows it. */
static __always_inline struct pid *jw_pid(__u32 number)
{
	struct pid_namespace *space = jw_pid_namespace();
	__u64 entry = (__u64)BPF_CORE_READ(space, idr.idr_rt.xa_head);
	__u32 index = number - BPF_CORE_READ(space, idr.idr_base);

	for (int i = 0; i < JW_TREE_LEVELS && jw_is_node(entry); i++) {
		struct xa_node *node = (void *)(entry - JW_TREE_NODE);
		__u32 slot = index >> (BPF_CORE_READ(node, shift) & 31);

		if (i == 0 && slot >= JW_TREE_SLOTS)
			return NULL;
		entry = 0;
		bpf_probe_read_kernel(&entry, sizeof(entry),
				      (void *)node + bpf_core_field_offset(struct xa_node, slots) +
					      (slot & (JW_TREE_SLOTS - 1)) * sizeof(entry));
	}
	return entry & JW_TREE_MARKS ? NULL : (struct pid *)entry;
}
