/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * process_found: jobs that were begun before this was loaded, or before their runner was known.
 * Fields: src/events/notices/process_found.ts.
 */
#include "path.bpf.h"
#include "runner.bpf.h"
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_ANCESTORS 16 /* of a Listener: systemd, two scripts, or a container's runtime and shim */
#define NS_PER_US    1000

/* What is known of a task that is to be taken in. */
struct jw_found {
	struct jw_process process;
	__u64 parent_key;
	__u32 runner;
};

/* The number of the runner whose program of that kind a task runs; 0 when it runs none. */
static __always_inline __u32 jw_runs(struct task_struct *task, __u32 kind, struct jw_root *root)
{
	struct dentry *program = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);
	__u32 *runner;

	if (!program || jw_runner_program(program) != kind)
		return 0;
	jw_root_of(root, program);
	runner = bpf_map_lookup_elem(&jw_runner_roots, root);
	return runner ? *runner : 0;
}

/* Whether a task was started by a job, traced or not yet: what a job calls a runner is none. */
static __always_inline bool jw_is_of_job(struct task_struct *task)
{
	struct jw_root root;

	for (int i = 0; i < JW_ANCESTORS; i++) {
		__u32 tgid = BPF_CORE_READ(task, tgid);

		if (tgid <= 1)
			return false;
		if (bpf_map_lookup_elem(&jw_processes, &tgid))
			return true;
		if (jw_runs(task, JW_RUNNER_worker, &root))
			return true;
		task = BPF_CORE_READ(task, real_parent);
	}
	return false;
}

/* Whose it is, if it is of a job: of one that its parent is of, or of the one that begins with it. */
static __always_inline bool jw_is_found(struct jw_found *found, struct task_struct *task)
{
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	struct jw_process *above = bpf_map_lookup_elem(&jw_processes, &parent_tgid);
	struct jw_root root;

	if (above) {
		found->process.job = above->job;
		found->process.step_key = above->step_key;
		found->parent_key = above->process_key;
	} else {
		found->runner = jw_runs(task, JW_RUNNER_worker, &root);
		if (!found->runner || !jw_is_listener(parent, &root) || jw_is_of_job(parent))
			return false;
		found->process.job = __sync_fetch_and_add(&jw_next_job, 1);
		found->process.role = JW_ROLE_WORKER;
	}
	found->process.process_key = __sync_fetch_and_add(&jw_next_key, 1);
	return true;
}

static __always_inline void jw_tell_found(const struct jw_found *found, struct task_struct *task)
{
	const struct jw_settings *settings = jw_settings();
	struct jw_small *small;
	struct jw_process_found *e =
		JW_BEGIN(process_found, small, found->process.job, found->process.process_key);

	if (!e)
		return;
	e->parent_key = found->parent_key;
	e->started_us = BPF_CORE_READ(task, group_leader, start_boottime) / NS_PER_US +
			(settings ? settings->boot_us : 0);
	e->runner = found->runner;
	e->pid = task->tgid;
	e->role = found->process.role == JW_ROLE_WORKER ? JW_FOUND_worker : JW_FOUND_other;
	e->path_length = jw_file_path(&e->h, JW_HALF_BYTES, BPF_CORE_READ(task, mm, exe_file));
	JW_SUBMIT(process_found, e, small);
}

/* One byte for each task that is new to its job, so that who asked knows when there is none. */
static __always_inline void jw_count(struct bpf_iter__task *ctx)
{
	__u8 one = 1;

	bpf_seq_write(ctx->meta->seq, &one, sizeof(one));
}

/*
 * Runs for each thread of the host that is not ending, when user space asks. The tasks of a job are
 * wherever they are in the order, so it is asked again until nothing is new. The record is made before
 * the tag: what the task does with its tag comes after it.
 */
SEC("iter/task")
int jw_find(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct jw_found found = {};
	struct jw_process *known;
	struct jw_tag *tag;
	__u32 tgid;

	if (!task || !task->mm || jw_tag_of(task))
		return 0;
	tgid = task->tgid;
	known = bpf_map_lookup_elem(&jw_processes, &tgid);
	if (known) {
		/* A thread of a process that was found by another one. */
		if (jw_adopt(task, known->job))
			jw_count(ctx);
		return 0;
	}
	if (!jw_is_found(&found, task))
		return 0;
	jw_tell_found(&found, task);
	if (BPF_CORE_READ(task, signal, nr_threads) > 1)
		jw_with_threads = 1;
	if (bpf_map_update_elem(&jw_processes, &tgid, &found.process, BPF_NOEXIST))
		jw_lose(found.process.job, 0);
	tag = jw_adopt(task, found.process.job);
	if (tag)
		tag->parent_key = found.parent_key;
	/* It may have come to its end meanwhile, without a tag: then nobody else removes this. */
	if (!BPF_CORE_READ(task, signal, live.counter))
		bpf_map_delete_elem(&jw_processes, &tgid);
	jw_count(ctx);
	return 0;
}
