/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How an access to another process is told, whichever way it was made. */
#pragma once

#include "path.bpf.h"
#include "runner.bpf.h"

#define JW_EPERM	 1
#define JW_EACCES	 13
#define JW_EFAULT	 14
#define JW_PIDTYPE_PID	 0
#define JW_ANCESTORS	 32 /* how far up a process is looked for */
#define JW_COMM_BYTES	 32 /* more than a task's name has, so that none reads as cut */

/* What is done to whom. */
struct jw_deed {
	struct pid *pid; /* of a process, or of one of its threads */
	__u32 request;
	__u32 error;
	__u16 way;
	__u16 access;
	__u16 flags;
};

/* Who has been told of already. Programs count, so that none hides behind what another has done. */
struct jw_told {
	__u64 process_key;
	__u64 target_started;
	__u32 target;
	__u32 execs;
	__u32 target_execs;
	__u16 way;
	__u8 access;
	__u8 error;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct jw_told);
	__type(value, __u8);
} jw_accesses __weak SEC(".maps");

/* The task that a process id is linked to; NULL when it is gone. */
static __always_inline struct task_struct *jw_task_of(struct pid *pid)
{
	struct hlist_node *link = BPF_CORE_READ(pid, tasks[JW_PIDTYPE_PID].first);

	return link ? (void *)link - bpf_core_field_offset(struct task_struct, pid_links) : NULL;
}

static __always_inline void jw_fill_told(struct jw_told *told, const struct jw_tag *tag,
					 struct task_struct *self, struct task_struct *task,
					 const struct jw_deed *deed)
{
	told->process_key = tag->process_key;
	told->target_started = BPF_CORE_READ(task, group_leader, start_boottime);
	told->target = BPF_CORE_READ(task, tgid);
	told->execs = BPF_CORE_READ(self, self_exec_id);
	told->target_execs = BPF_CORE_READ(task, self_exec_id);
	told->way = deed->way;
	told->access = deed->access;
	told->error = deed->error;
}

/* Whether `task` was started by that process, by itself or through others that still live. */
static __always_inline bool jw_descends(struct task_struct *task, __u32 ancestor)
{
	for (int i = 0; i < JW_ANCESTORS; i++) {
		__u32 tgid;

		task = BPF_CORE_READ(task, real_parent);
		tgid = BPF_CORE_READ(task, tgid);
		if (tgid == ancestor)
			return true;
		if (tgid <= 1)
			return false;
	}
	return false;
}

static __always_inline __u16 jw_relation(const struct jw_tag *tag, struct task_struct *self,
					 struct task_struct *task, __u64 *key)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	struct jw_process *process = bpf_map_lookup_elem(&jw_processes, &tgid);

	if (!process)
		return JW_RELATION_outside;
	*key = process->process_key;
	if (process->job != tag->job)
		return JW_RELATION_other_job;
	if (jw_descends(task, tag->tgid))
		return JW_RELATION_descendant;
	return jw_descends(self, tgid) ? JW_RELATION_ancestor : JW_RELATION_job;
}

static __always_inline void jw_tell_role(struct jw_process_access *e, const struct dentry *program)
{
	__u32 kind = jw_runner_program(program);
	struct jw_root root;

	if (kind == JW_NO_PROGRAM)
		return;
	e->target_role = kind == JW_RUNNER_worker ? JW_TARGET_worker : JW_TARGET_listener;
	jw_root_of(&root, program);
	if (bpf_map_lookup_elem(&jw_runner_roots, &root))
		e->registered = JW_BOOL_yes;
}

static __always_inline bool jw_is_tracer(const struct jw_tag *tag, struct task_struct *task)
{
	return BPF_CORE_READ(task, ptrace) && BPF_CORE_READ(task, parent, tgid) == tag->tgid;
}

/*
 * Tells of the access, once. Who shares the caller's memory is no other process: sanitizers stop
 * their own threads from such a one. Kernel threads have nothing that could be read.
 */
static __noinline int jw_tell_access(struct jw_deed *deed)
{
	struct task_struct *self = bpf_get_current_task_btf(), *task = jw_task_of(deed->pid);
	struct mm_struct *memory = task ? BPF_CORE_READ(task, mm) : NULL;
	struct jw_tag *tag = jw_self();
	const struct jw_settings *settings = jw_settings();
	struct jw_process_access *e;
	struct jw_told told = {};
	struct jw_small *small;
	struct file *program;
	__u8 yes = 1;

	if (!tag || !settings || !memory || memory == BPF_CORE_READ(self, mm) ||
	    BPF_CORE_READ(task, tgid) == tag->tgid)
		return 0;
	jw_fill_told(&told, tag, self, task, deed);
	if (bpf_map_lookup_elem(&jw_accesses, &told))
		return 0;
	e = JW_BEGIN(process_access, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->relation = jw_relation(tag, self, task, &e->target_key);
	e->target_started_us =
		settings->boot_us + BPF_CORE_READ(task, group_leader, start_boottime) / 1000;
	e->target_pid = BPF_CORE_READ(task, tgid);
	e->target_uid = BPF_CORE_READ(task, cred, uid.val);
	e->request = deed->request;
	e->error = deed->error;
	e->way = deed->way;
	e->access = deed->access;
	e->h.flags |= deed->flags;
	e->other_mounts = BPF_CORE_READ(task, nsproxy, mnt_ns) == BPF_CORE_READ(self, nsproxy, mnt_ns) ?
				  JW_BOOL_no :
				  JW_BOOL_yes;
	e->traced = jw_is_tracer(tag, task) ? JW_BOOL_yes : JW_BOOL_no;
	program = BPF_CORE_READ(memory, exe_file);
	if (program) {
		jw_tell_role(e, BPF_CORE_READ(program, f_path.dentry));
		e->target_path_length = jw_file_path(&e->h, JW_HALF_BYTES, program);
	}
	e->target_comm_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_COMM_BYTES, task->comm);
	/* What found no room is told when it is done again. */
	if (jw_send(&e->h, JW_SMALL_BYTES, JW_BULK_process_access))
		bpf_map_update_elem(&jw_accesses, &told, &yes, BPF_ANY);
	small->busy = 0;
	return 0;
}
