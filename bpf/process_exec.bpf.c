/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* process_exec: one record for each program that starts. Fields: src/events/process_exec.ts. */
#include "large.bpf.h"
#include "path.bpf.h"
#include "socket.bpf.h"
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_NAME_SIZE  4096 /* PATH_MAX */
/* How far each text may grow the record. */
#define JW_PATH_LIMIT JW_HALF_BYTES
#define JW_NAME_LIMIT (JW_PATH_LIMIT + JW_NAME_SIZE)
#define JW_CWD_LIMIT  JW_SMALL_BYTES

static __always_inline void jw_fill_ids(struct jw_process_exec *e, struct task_struct *task,
					struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	e->inode = BPF_CORE_READ(inode, i_ino);
	e->device = BPF_CORE_READ(inode, i_sb, s_dev);
	e->links = BPF_CORE_READ(inode, i_nlink);
	e->cgroup_id = jw_cgroup_of(task);
	e->pid = task->tgid;
	e->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	e->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	e->pid_namespace = BPF_CORE_READ(task, nsproxy, pid_ns_for_children, ns.inum);
	e->network_namespace = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	e->uid = BPF_CORE_READ(task, cred, uid.val);
	e->euid = BPF_CORE_READ(task, cred, euid.val);
	e->gid = BPF_CORE_READ(task, cred, gid.val);
	e->egid = BPF_CORE_READ(task, cred, egid.val);
	e->user_namespace = BPF_CORE_READ(task, cred, user_ns, ns.inum);
}

/*
 * Appends the arguments. They lie on the new stack, whose pages were written just now and which no
 * other task has mapped; a page that is swapped out all the same leaves them unread.
 */
static __always_inline __u32 jw_append_args(struct jw_process_exec *e, struct task_struct *task)
{
	unsigned long start = BPF_CORE_READ(task, mm, arg_start);
	__u64 length = BPF_CORE_READ(task, mm, arg_end) - start;
	__u32 end = e->h.size;

	e->args_bytes = length;
	if (length > JW_ARGS_BYTES) {
		length = JW_ARGS_BYTES;
		e->h.flags |= JW_TRUNCATED;
	}
	if (end > JW_LARGE_BYTES - JW_ARGS_BYTES)
		return 0;
	if (bpf_probe_read_user((__u8 *)e + end, length, (void *)start)) {
		e->h.flags |= JW_UNREADABLE;
		return 0;
	}
	e->h.size = end + length;
	return length;
}

static __always_inline void jw_append_texts(struct jw_process_exec *e, struct task_struct *task,
					    struct linux_binprm *bprm)
{
	e->path_length = jw_file_path(&e->h, JW_PATH_LIMIT, BPF_CORE_READ(bprm, file));
	e->called_as_length = jw_append_text(&e->h, JW_NAME_LIMIT, JW_NAME_SIZE,
					     BPF_CORE_READ(bprm, filename));
	e->cwd_length = jw_path(&e->h, JW_CWD_LIMIT, BPF_CORE_READ(task, fs, pwd.mnt),
				BPF_CORE_READ(task, fs, pwd.dentry));
	e->args_length = jw_append_args(e, task);
}

static __always_inline void jw_fill_stdio(struct jw_process_exec *e)
{
	jw_describe(jw_file(0), &e->stdin_kind, &e->stdin_inode, &e->stdin_local, &e->stdin_peer);
	jw_describe(jw_file(1), &e->stdout_kind, &e->stdout_inode, &e->stdout_local, &e->stdout_peer);
	jw_describe(jw_file(2), &e->stderr_kind, &e->stderr_inode, &e->stderr_local, &e->stderr_peer);
}

/*
 * Runs after the kernel has accepted the new image and before its first instruction, so the record
 * is made even when the program kills itself at once. A task that came into a job's control group
 * unseen is adopted here, before it runs anything new.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(jw_process_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct jw_tag *tag = jw_tag_of(task);
	struct jw_process_exec *e;
	struct jw_large *large;

	if (!tag) {
		__u32 job = jw_job_of_cgroup(jw_cgroup_of(task));

		tag = job ? jw_adopt(task, job) : NULL;
	}
	if (!tag)
		return 0;
	tag->code_told = 0;
	large = jw_take_large();
	if (!large) {
		jw_lose(tag->job, JW_ID_process_exec);
		return 0;
	}
	e = (void *)large->bytes;
	__builtin_memset(e, 0, sizeof(*e));
	jw_fill_header(&e->h, JW_ID_process_exec, sizeof(*e), tag->job, tag->process_key);
	e->parent_key = tag->parent_key;
	e->step_key = tag->step_key;
	jw_fill_ids(e, task, BPF_CORE_READ(bprm, file));
	jw_fill_stdio(e);
	jw_append_texts(e, task, bprm);
	jw_send(&e->h, JW_LARGE_BYTES, JW_BULK_process_exec);
	large->busy = 0;
	return 0;
}
