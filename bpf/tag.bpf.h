/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a task becomes a member of a job. */
#pragma once

#include "jobwarden.bpf.h"

#define CLONE_PARENT 0x00008000
#define CLONE_THREAD 0x00010000

/* The id of the task's control group in the v2 hierarchy: the inode of its directory. */
static __always_inline __u64 jw_cgroup_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
}

static __always_inline __u32 jw_job_of_cgroup(__u64 cgroup)
{
	__u32 *job = bpf_map_lookup_elem(&jw_cgroups, &cgroup);

	return job ? *job : 0;
}

/* cap_effective was two 32-bit words until 6.3 (f122a08b197d); little-endian reads alike. */
static __always_inline __u64 jw_capabilities(const struct cred *cred)
{
	__u64 bits = 0;

	BPF_CORE_READ_INTO(&bits, cred, cap_effective);
	return bits;
}

static __always_inline void jw_note_credentials(struct jw_tag *tag, const struct cred *cred)
{
	tag->cred = (__u64)cred;
	tag->capabilities = jw_capabilities(cred);
	tag->uid = BPF_CORE_READ(cred, uid.val);
	tag->euid = BPF_CORE_READ(cred, euid.val);
	tag->gid = BPF_CORE_READ(cred, gid.val);
	tag->egid = BPF_CORE_READ(cred, egid.val);
	tag->user_namespace = BPF_CORE_READ(cred, user_ns, ns.inum);
}

/* A container's group, from its mkdir to its rmdir. */
struct jw_container {
	__u64 step_key; /* of the client that made the container */
	__u32 job;
	__u32 begun; /* a process has come in: the container's first */
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct jw_container);
} jw_containers __weak SEC(".maps");

/* Runtimes that are bringing one more process into a container, by process id. */
struct jw_container_entry {
	__u64 started_ns; /* of the runtime: ids of processes are reused */
	__u64 step_key; /* of the client that asked for it */
	__u32 job; /* of that client */
	__u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct jw_container_entry);
} jw_container_entries __weak SEC(".maps");

/*
 * The step of a process that comes to a job from outside; 0 when it is not known. The first process
 * in a container is of the step that made the container. What is brought in later serves any step:
 * it is of the client whose request the runtime is carrying out, if that is of the same job.
 */
static __always_inline __u64 jw_step_on_arrival(struct task_struct *task, __u32 job)
{
	__u32 mover = bpf_get_current_pid_tgid() >> 32;
	struct jw_container_entry *entry = bpf_map_lookup_elem(&jw_container_entries, &mover);
	struct jw_container *container;
	__u64 cgroup;

	if (entry && entry->started_ns ==
			     BPF_CORE_READ(bpf_get_current_task_btf(), group_leader, start_boottime))
		return entry->job == job ? entry->step_key : 0;
	cgroup = jw_cgroup_of(task);
	container = bpf_map_lookup_elem(&jw_containers, &cgroup);
	if (!container || __sync_val_compare_and_swap(&container->begun, 0, 1))
		return 0;
	return container->job == job ? container->step_key : 0;
}

/* Processes with threads that came to a job by their group: one thread is moved for all. */
__u32 jw_with_threads __weak = 0;

/*
 * Makes `task` a member of `job`, as a process without a known parent. Returns its tag; NULL when
 * the kernel has no memory for one, which is counted as loss of a process.
 */
static __always_inline struct jw_tag *jw_adopt(struct task_struct *task, __u32 job)
{
	struct jw_process process = { .job = job }, *known;
	__u32 tgid = task->tgid;
	struct jw_tag value = { .job = job, .tgid = tgid }, *tag;

	known = bpf_map_lookup_elem(&jw_processes, &tgid);
	if (known) {
		process = *known;
	} else {
		process.process_key = __sync_fetch_and_add(&jw_next_key, 1);
		process.step_key = jw_step_on_arrival(task, job);
	}
	if (!known && bpf_map_update_elem(&jw_processes, &tgid, &process, BPF_NOEXIST))
		jw_lose(job, 0);
	value.process_key = process.process_key;
	value.step_key = process.step_key;
	value.role = process.role;
	jw_note_credentials(&value, BPF_CORE_READ(task, cred));
	/* Whole from the first: the task may be running, and making events, on another CPU. */
	tag = bpf_task_storage_get(&jw_tasks, task, &value, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tag)
		tag = jw_tag_of(task); /* given by another CPU meanwhile */
	if (!tag) {
		jw_lose(job, 0);
		return NULL;
	}
	if (!known && BPF_CORE_READ(task, signal, nr_threads) > 1)
		jw_with_threads = 1;
	return tag;
}

/* A thread of a process that came to a job while it was already running. */
static __always_inline struct jw_tag *jw_adopt_thread(struct task_struct *task)
{
	__u32 tgid = task->tgid;
	struct jw_process *process = bpf_map_lookup_elem(&jw_processes, &tgid);

	return process ? jw_adopt(task, process->job) : NULL;
}
