/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* process_fork: one record for each new process. Fields: src/events/process_fork.ts. */
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * The child inherits job, key of the parent and credentials; a thread is the same process. By
 * control group alone when the parent is of no job (CLONE_INTO_CGROUP fires no attach).
 */
static __always_inline struct jw_tag *jw_tag_child(struct task_struct *child, struct jw_tag *parent,
						   __u32 job, __u64 flags)
{
	struct jw_process process = { .job = job };
	__u32 tgid = child->tgid;
	struct jw_tag *tag;

	if (!parent)
		return jw_adopt(child, job);
	tag = bpf_task_storage_get(&jw_tasks, child, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tag) {
		jw_lose(job, 0);
		return NULL;
	}
	*tag = *parent;
	tag->connecting = 0;
	tag->written_inode = 0;
	if (flags & CLONE_THREAD)
		return tag;
	process.process_key = __sync_fetch_and_add(&jw_next_key, 1);
	tag->process_key = process.process_key;
	/* With CLONE_PARENT the child is its creator's sibling. */
	tag->parent_key = flags & CLONE_PARENT ? parent->parent_key : parent->process_key;
	tag->tgid = tgid;
	tag->role = JW_ROLE_NONE;
	tag->code_told = 0;
	if (parent->role == JW_ROLE_WORKER) {
		tag->role = JW_ROLE_STEP;
		tag->step_key = tag->process_key;
	}
	process.step_key = tag->step_key;
	if (bpf_map_update_elem(&jw_processes, &tgid, &process, BPF_ANY))
		jw_lose(job, 0);
	return tag;
}

/*
 * Runs at the end of copy_process: the child is whole, in its control group, and cannot fail any
 * more, but has not run. Unlike sched_process_fork it also comes for io_uring's and vhost's workers,
 * and tells the flags.
 */
SEC("tp_btf/task_newtask")
int BPF_PROG(jw_process_fork, struct task_struct *child, __u64 clone_flags)
{
	struct jw_tag *parent = jw_self(), *tag;
	struct jw_small *small;
	struct jw_process_fork *e;
	__u64 cgroup = jw_cgroup_of(child);
	__u32 job;

	if (!parent && jw_with_threads)
		parent = jw_adopt_thread(bpf_get_current_task_btf());
	job = parent ? parent->job : jw_job_of_cgroup(cgroup);
	if (!job)
		return 0;
	/* Kernels before 6.16 declare the flags as unsigned long; both are 64 bits here. */
	tag = jw_tag_child(child, parent, job, clone_flags);
	if (!tag || clone_flags & CLONE_THREAD)
		return 0;

	e = JW_BEGIN(process_fork, small, job, parent ? parent->process_key : tag->process_key);
	if (!e)
		return 0;
	e->child_key = tag->process_key;
	e->parent_key = tag->parent_key;
	e->cgroup_id = cgroup;
	e->clone_flags = clone_flags;
	e->child_pid = child->tgid;
	e->step_key = tag->step_key;
	if (e->parent_key)
		e->parent_pid = BPF_CORE_READ(child, real_parent, tgid);
	JW_SUBMIT(process_fork, e, small);
	return 0;
}
