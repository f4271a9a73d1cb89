/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs of a self-hosted runner: where a job begins. Fields: src/events/notices/job_start.ts,
 * src/events/notices/runner_program.ts.
 */
#include "path.bpf.h"
#include "runner.bpf.h"
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline void jw_tell_start(struct task_struct *task, struct file *file,
					  const struct jw_root *root, __u32 runner,
					  const struct jw_tag *tag)
{
	struct jw_small *small;
	struct jw_job_start *e = JW_BEGIN(job_start, small, tag->job, tag->process_key);

	if (!e)
		return;
	e->root_inode = root->inode;
	e->root_device = root->device;
	e->runner = runner;
	e->pid = tag->tgid;
	e->listener_pid = BPF_CORE_READ(task, real_parent, tgid);
	e->path_length = jw_file_path(&e->h, JW_HALF_BYTES, file);
	JW_SUBMIT(job_start, e, small);
}

static __always_inline void jw_tell_program(struct task_struct *task, struct file *file,
					    const struct jw_root *root, __u32 kind)
{
	struct jw_small *small;
	struct jw_runner_program *e = JW_BEGIN(runner_program, small, 0, 0);

	if (!e)
		return;
	e->root_inode = root->inode;
	e->root_device = root->device;
	e->pid = task->tgid;
	e->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	e->kind = kind;
	e->path_length = jw_file_path(&e->h, JW_HALF_BYTES, file);
	JW_SUBMIT(runner_program, e, small);
}

/*
 * The kernel has accepted the new image, and nothing of it has run. A job begins where a registered
 * runner's Listener, itself of no job, has forked what is now that runner's Worker: an exec has left
 * one thread, so one tag is the whole process. Attached before the program that records the exec.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(jw_runner_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct file *file = BPF_CORE_READ(bprm, file);
	struct dentry *program = BPF_CORE_READ(file, f_path.dentry);
	__u32 kind = jw_runner_program(program), *runner;
	struct jw_root root;
	struct jw_tag *tag;

	if (kind == JW_NO_PROGRAM || jw_tag_of(task))
		return 0;
	jw_root_of(&root, program);
	runner = bpf_map_lookup_elem(&jw_runner_roots, &root);
	if (!runner || kind != JW_RUNNER_worker ||
	    !jw_is_listener(BPF_CORE_READ(task, real_parent), &root)) {
		jw_tell_program(task, file, &root, kind);
		return 0;
	}
	tag = jw_adopt(task, __sync_fetch_and_add(&jw_next_job, 1));
	if (!tag)
		return 0;
	tag->role = JW_ROLE_WORKER;
	jw_tell_start(task, file, &root, *runner, tag);
	return 0;
}
