/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * process_access: one record for each way into another process. Fields: src/events/process_access.ts.
 * What is opened in procfs is told by the programs that see opens.
 */
#include "access.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Of uapi/linux/ptrace.h and asm/ptrace-abi.h; not all are on every architecture. */
#define PTRACE_PEEKTEXT	  1
#define PTRACE_PEEKDATA	  2
#define PTRACE_PEEKUSR	  3
#define PTRACE_POKETEXT	  4
#define PTRACE_POKEDATA	  5
#define PTRACE_POKEUSR	  6
#define PTRACE_GETREGS	  12
#define PTRACE_SETREGS	  13
#define PTRACE_GETFPREGS  14
#define PTRACE_SETFPREGS  15
#define PTRACE_ATTACH	  16
#define PTRACE_DETACH	  17
#define PTRACE_GETREGSET  0x4204
#define PTRACE_SETREGSET  0x4205
#define PTRACE_SEIZE	  0x4206

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

/* Of what failed, what was not permitted is told. A bad address comes after the permission. */
static __always_inline bool jw_is_worth(long result)
{
	return result >= 0 || result == -JW_EPERM || result == -JW_EACCES || result == -JW_EFAULT;
}

static __always_inline int jw_did(struct pid *pid, __u16 way, __u32 request, long result)
{
	struct jw_deed deed = { .pid = pid, .way = way, .request = request };

	if (!pid)
		return 0;
	deed.error = result < 0 ? -result : 0;
	return jw_tell_access(&deed);
}

/* What tells of a tracer's own business, such as going on, is of no interest; nor is being traced. */
static __always_inline __u16 jw_way_of(__u32 request)
{
	switch (request) {
	case PTRACE_ATTACH:
	case PTRACE_SEIZE:
		return JW_WAY_attach;
	case PTRACE_DETACH:
		return JW_WAY_detach;
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
		return JW_WAY_read_memory;
	case PTRACE_PEEKUSR:
	case PTRACE_GETREGS:
	case PTRACE_GETFPREGS:
	case PTRACE_GETREGSET:
		return JW_WAY_read_registers;
	case PTRACE_POKETEXT:
	case PTRACE_POKEDATA:
		return JW_WAY_write_memory;
	case PTRACE_POKEUSR:
	case PTRACE_SETREGS:
	case PTRACE_SETFPREGS:
	case PTRACE_SETREGSET:
		return JW_WAY_write_registers;
	}
	return JW_WAY_none;
}

/* The request has been carried out, or refused. Its arguments are in registers: nobody changes them. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_process_ptrace, struct pt_regs *regs, long result)
{
	__u32 request = jw_arg(regs, 0);
	__u16 way = jw_way_of(request);

	if (way == JW_WAY_none || !jw_is_worth(result))
		return 0;
	return jw_did(jw_pid(jw_arg(regs, 1)), way, request, result);
}

#if defined(__TARGET_ARCH_x86)
#define JW_VM_WRITE	  311
#define JW_VM_WRITE_32BIT 348
#else
#define JW_VM_WRITE	  271
#define JW_VM_WRITE_32BIT JW_NO_CALL
#endif

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_process_vm, struct pt_regs *regs, long result)
{
	__u32 call = jw_call(regs);
	bool writes = call == JW_VM_WRITE || call == JW_VM_WRITE_32BIT + JW_32BIT;

	if (!jw_is_worth(result))
		return 0;
	return jw_did(jw_pid(jw_arg(regs, 0)), writes ? JW_WAY_vm_write : JW_WAY_vm_read, 0, result);
}

/* Since 6.9 (cb12fd8e0dab) the inode of a pidfd holds the process, before that the open file does. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_process_descriptor, struct pt_regs *regs, long result)
{
	struct file *file = jw_file(jw_arg(regs, 0));
	struct pid *pid;

	if (!file || !jw_is_worth(result))
		return 0;
	pid = BPF_CORE_READ(file, private_data);
	if (!pid)
		pid = BPF_CORE_READ(file, f_inode, i_private);
	return jw_did(pid, JW_WAY_take_descriptor, 0, result);
}
