/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * process_access: one record for each way into another process. Fields: src/events/process_access.ts.
 * What is opened in procfs is told by the programs that see opens.
 */
#include "access.bpf.h"
#include "pid.bpf.h"

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
