/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* namespace_change: namespaces and root directories. Fields: src/events/namespace_change.ts. */
#include "path.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID, NET; in clone the bit of TIME is of the exit signal. */
#define JW_NEW_NAMESPACES 0x7e020000ULL
#define CLONE_NEWTIME	  0x00000080
#define JW_NSFS		  0x6e736673
#define JW_PIDFS	  0x50494446

static __always_inline struct jw_namespace_change *jw_begin_namespace(struct jw_small **small,
								       struct task_struct *task,
								       struct jw_tag *tag, __u32 how,
								       long result)
{
	struct jw_namespace_change *e = JW_BEGIN(namespace_change, *small, tag->job, tag->process_key);

	if (!e)
		return NULL;
	e->how = how;
	e->error = result < 0 ? -result : 0;
	e->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	e->pid_namespace = BPF_CORE_READ(task, nsproxy, pid_ns_for_children, ns.inum);
	e->network_namespace = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	e->user_namespace = BPF_CORE_READ(task, cred, user_ns, ns.inum);
	return e;
}

static __always_inline void jw_end_namespace(struct jw_namespace_change *e, struct jw_small *small,
					     struct task_struct *task)
{
	e->root_length = jw_path(&e->h, JW_SMALL_BYTES, BPF_CORE_READ(task, fs, root.mnt),
				 BPF_CORE_READ(task, fs, root.dentry));
	JW_SUBMIT(namespace_change, e, small);
}

static __always_inline int jw_namespace(__u32 how, long result, __u32 kinds)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct jw_namespace_change *e;
	struct jw_tag *tag = jw_self();
	struct jw_small *small;

	if (!tag)
		return 0;
	e = jw_begin_namespace(&small, task, tag, how, result);
	if (!e)
		return 0;
	e->kinds = kinds;
	jw_end_namespace(e, small, task);
	return 0;
}

/*
 * The child is whole and has not run. Attached after the program that tags it. An io_uring's worker
 * or a thread shares what its process has.
 */
SEC("tp_btf/task_newtask")
int BPF_PROG(jw_namespace_clone, struct task_struct *child, __u64 clone_flags)
{
	struct jw_namespace_change *e;
	struct jw_small *small;
	struct jw_tag *tag;

	if (!(clone_flags & JW_NEW_NAMESPACES))
		return 0;
	tag = jw_tag_of(child);
	if (!tag)
		return 0;
	e = jw_begin_namespace(&small, child, tag, JW_NAMESPACE_clone, 0);
	if (!e)
		return 0;
	e->kinds = clone_flags & JW_NEW_NAMESPACES;
	jw_end_namespace(e, small, child);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_namespace_unshare, struct pt_regs *regs, long result)
{
	__u32 kinds = jw_arg(regs, 0) & (JW_NEW_NAMESPACES | CLONE_NEWTIME);

	return kinds ? jw_namespace(JW_NAMESPACE_unshare, result, kinds) : 0;
}

/* The process of a descriptor. Processes have a file system of their own since 6.9 (cb12fd8e0dab). */
static __always_inline __u32 jw_process_of(struct file *file, __u64 magic)
{
	struct pid *pid = magic == JW_PIDFS ? BPF_CORE_READ(file, f_inode, i_private) :
					      BPF_CORE_READ(file, private_data);

	return BPF_CORE_READ(pid, numbers[0].nr);
}

/* The descriptor of a namespace has its number as inode; that of a process leads to the process. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_namespace_set, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file = jw_file(jw_arg(regs, 0));
	struct jw_namespace_change *e;
	struct jw_tag *tag = jw_self();
	struct jw_small *small;
	__u64 magic;

	if (!tag)
		return 0;
	e = jw_begin_namespace(&small, task, tag, JW_NAMESPACE_setns, result);
	if (!e)
		return 0;
	e->kinds = jw_arg(regs, 1);
	magic = BPF_CORE_READ(file, f_inode, i_sb, s_magic);
	if (magic == JW_NSFS)
		e->target_inode = BPF_CORE_READ(file, f_inode, i_ino);
	else if (file && e->kinds)
		e->target_pid = jw_process_of(file, magic);
	jw_end_namespace(e, small, task);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_namespace_root, struct pt_regs *regs, long result)
{
	return jw_namespace(JW_NAMESPACE_chroot, result, 0);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_namespace_pivot, struct pt_regs *regs, long result)
{
	return jw_namespace(JW_NAMESPACE_pivot_root, result, 0);
}
