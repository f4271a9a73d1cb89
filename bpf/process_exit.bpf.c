/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* process_exit: one record when the last thread has ended. Fields: src/events/process_exit.ts. */
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SIGNAL_GROUP_EXIT 0x00000004 /* include/linux/sched/signal.h */
#define NS_PER_US	  1000
#define KIB_PER_PAGE	  4
#define JW_WHOLE	  (1 << 20) /* a product of two times would overflow after an hour */

/*
 * Processor time as wait4 tells it: the scheduler's exact sum, divided between user and system as
 * the ticks fell (cputime_adjust in kernel/sched/cputime.c).
 */
static __always_inline void jw_times(struct jw_process_exit *e, struct task_struct *task,
				     struct signal_struct *signal)
{
	struct task_struct *leader = task->group_leader;
	__u64 total = BPF_CORE_READ(signal, sum_sched_runtime) + BPF_CORE_READ(task, se.sum_exec_runtime);
	__u64 user = BPF_CORE_READ(signal, utime) + BPF_CORE_READ(task, utime);
	__u64 system = BPF_CORE_READ(signal, stime) + BPF_CORE_READ(task, stime);
	__u64 part;

	/* A leader that ended first is a zombie until now: the sums of the process are without it. */
	if (leader != task) {
		total += BPF_CORE_READ(leader, se.sum_exec_runtime);
		user += BPF_CORE_READ(leader, utime);
		system += BPF_CORE_READ(leader, stime);
		e->minor_faults = BPF_CORE_READ(leader, min_flt);
		e->major_faults = BPF_CORE_READ(leader, maj_flt);
	}
	total /= NS_PER_US;
	user /= NS_PER_US;
	system /= NS_PER_US;
	/* Without a tick in one of them the kernel gives the whole to the other. */
	part = system == 0 ? 0 : user == 0 ? JW_WHOLE : system * JW_WHOLE / (user + system);
	e->system_us = total * part / JW_WHOLE;
	e->user_us = total - e->system_us;
}

/*
 * Runs in do_exit of each thread, after the exit code is set. Removing the entry of the process
 * succeeds for one of two threads that end together, so that there is one record.
 */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(jw_process_exit, struct task_struct *task)
{
	struct jw_tag *tag = jw_tag_of(task);
	struct signal_struct *signal;
	struct jw_process_exit *e;
	struct jw_small *small;
	__u32 code, tgid;

	if (!tag && jw_with_threads)
		tag = jw_adopt_thread(task);
	if (!tag)
		return 0;
	signal = task->signal;
	if (BPF_CORE_READ(signal, live.counter) > 0)
		return 0;
	tgid = tag->tgid;
	if (bpf_map_delete_elem(&jw_processes, &tgid))
		return 0;

	e = JW_BEGIN(process_exit, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	code = BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT ?
		       BPF_CORE_READ(signal, group_exit_code) :
		       BPF_CORE_READ(task, group_leader, exit_code);
	e->exit_code = code >> 8 & 0xff;
	e->signal = code & 0x7f;
	e->duration_us = (bpf_ktime_get_boot_ns() - BPF_CORE_READ(task, group_leader, start_boottime)) /
			 NS_PER_US;
	jw_times(e, task, signal);
	e->max_rss_kib = BPF_CORE_READ(signal, maxrss) * KIB_PER_PAGE;
	e->minor_faults += BPF_CORE_READ(signal, min_flt) + BPF_CORE_READ(task, min_flt);
	e->major_faults += BPF_CORE_READ(signal, maj_flt) + BPF_CORE_READ(task, maj_flt);
	JW_SUBMIT(process_exit, e, small);
	return 0;
}
