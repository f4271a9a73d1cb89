/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* signal_sent: signals that leave the job. Fields: src/events/signal_sent.ts. */
#include "path.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_COMM_BYTES	16
#define JW_INIT		1
#define ESRCH		3
/* In the place of a pointer to what the sender says: nothing, or the kernel itself. */
#define SEND_SIG_NOINFO 0
#define SEND_SIG_PRIV	1
/* The last code of a sender that is a process; timers and the kernel use others. */
#define SI_USER		0
#define SI_QUEUE	(-1)
#define SI_TKILL	(-6)

static __always_inline __u32 jw_target_kind(__u32 pid)
{
	const struct jw_settings *settings = jw_settings();

	if (pid == JW_INIT)
		return JW_RECEIVER_init;
	return settings && settings->agent_pid == pid ? JW_RECEIVER_agent : JW_RECEIVER_other;
}

/* Whether a process sent it: kill, tgkill and sigqueue say so, and nothing else does. */
static __always_inline bool jw_is_sent(__u64 info)
{
	int code = 1;

	if (info == SEND_SIG_NOINFO)
		return true;
	if (info == SEND_SIG_PRIV)
		return false;
	bpf_probe_read_kernel(&code, sizeof(code),
			      (void *)(info + bpf_core_field_offset(struct kernel_siginfo, si_code)));
	return code == SI_USER || code == SI_QUEUE || code == SI_TKILL;
}

#if defined(__TARGET_ARCH_x86)
#define JW_CALL_KILL	    62
#define JW_CALL_KILL_32BIT  37
#else
#define JW_CALL_KILL	    129
#define JW_CALL_KILL_32BIT  JW_CALL_KILL
#endif

/* 0 and less than -1 are groups in kill; every other call names one. */
static __always_inline __u32 jw_reach(int pid)
{
	return pid > 0 ? JW_REACH_one : pid == -1 ? JW_REACH_all : JW_REACH_group;
}

static __always_inline __u32 jw_reach_of_call(void)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u32 call = jw_call(regs);

	if (call != JW_CALL_KILL && call != JW_32BIT + JW_CALL_KILL_32BIT)
		return JW_REACH_one;
	return jw_reach(jw_arg(regs, 0));
}

/* The sender was allowed to, and the signal is on its way, or was on its way already. */
SEC("tp_btf/signal_generate")
int BPF_PROG(jw_signal_sent, int signal, struct kernel_siginfo *info, struct task_struct *target)
{
	struct jw_tag *tag = jw_self(), *other;
	struct jw_signal_sent *e;
	struct jw_small *small;
	struct file *program;

	if (!tag)
		return 0;
	other = jw_tag_of(target);
	if ((other && other->job == tag->job) || !jw_is_sent((__u64)info))
		return 0;
	e = JW_BEGIN(signal_sent, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->target_pid = target->tgid;
	e->target_job = other ? other->job : 0;
	e->signal = signal;
	e->target = jw_target_kind(target->tgid);
	e->reach = jw_reach_of_call();
	e->comm_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_COMM_BYTES,
					target->group_leader->comm);
	program = BPF_CORE_READ(target, mm, exe_file);
	if (program)
		e->path_length = jw_file_path(&e->h, JW_SMALL_BYTES, program);
	JW_SUBMIT(signal_sent, e, small);
	return 0;
}

static __always_inline int jw_refused(__u32 pid, __u32 signal, long result)
{
	struct jw_tag *tag = jw_self();
	struct jw_signal_sent *e;
	struct jw_small *small;

	/* To ask whether a process is there is no attempt, nor is a number that names none. */
	if (!tag || result >= 0 || result == -ESRCH || !signal)
		return 0;
	e = JW_BEGIN(signal_sent, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->target_pid = pid;
	e->error = -result;
	e->signal = signal;
	e->target = jw_target_kind(pid);
	e->reach = jw_reach(pid);
	JW_SUBMIT(signal_sent, e, small);
	return 0;
}

/* The kernel refused; both numbers were passed in registers. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_signal_refused, struct pt_regs *regs, long result)
{
	return jw_refused(jw_arg(regs, 0), jw_arg(regs, 1), result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_signal_refused_thread, struct pt_regs *regs, long result)
{
	return jw_refused(jw_arg(regs, 0), jw_arg(regs, 2), result);
}
