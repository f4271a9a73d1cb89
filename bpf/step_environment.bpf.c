/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* step_environment: with what the Worker starts a process. Fields: src/events/notices/step_environment.ts. */
#include "large.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_BLOCK_BYTES 131072
/* An environment has at most three quarters of the stack's usual limit: _STK_LIM in fs/exec.c. */
#define JW_BLOCKS 48

/*
 * Sends one piece of the block, from the large area that the caller has taken. Not inlined, and not
 * static, so that the verifier looks at it once instead of for each piece.
 */
__noinline int jw_send_block(__u64 start, __u32 total, __u32 offset, __u32 job, __u64 process_key)
{
	__u32 length = total - offset, cpu = bpf_get_smp_processor_id();
	struct jw_large *large = bpf_map_lookup_elem(&jw_larges, &cpu);
	struct jw_step_environment *e;

	if (!large)
		return 0;
	e = (void *)large->bytes;
	if (length > JW_BLOCK_BYTES)
		length = JW_BLOCK_BYTES;
	__builtin_memset(e, 0, sizeof(*e));
	jw_fill_header(&e->h, JW_ID_step_environment, sizeof(*e), job, process_key);
	e->total_bytes = total;
	e->offset = offset;
	if (bpf_probe_read_user(e + 1, length, (void *)start + offset)) {
		e->h.flags |= JW_UNREADABLE;
		length = 0;
	}
	e->block_length = length;
	e->h.size += length;
	jw_send(&e->h, JW_LARGE_BYTES, JW_BULK_step_environment);
	return 0;
}

/*
 * Runs after the exec itself was recorded. The environment lies on the new stack, which no other
 * task has mapped yet. A process is asked once, at its first exec: what it executes later is its own
 * choice, and so is the environment of that.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(jw_step_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct jw_tag *tag = jw_tag_of(task);
	struct jw_large *large;
	unsigned long start;
	__u32 total;

	if (!tag || tag->role != JW_ROLE_STEP)
		return 0;
	tag->role = JW_ROLE_NONE;
	large = jw_take_large();
	if (!large) {
		jw_lose(tag->job, JW_ID_step_environment);
		return 0;
	}
	start = BPF_CORE_READ(task, mm, env_start);
	total = BPF_CORE_READ(task, mm, env_end) - start;
	for (__u32 i = 0; i < JW_BLOCKS; i++) {
		__u32 offset = i * JW_BLOCK_BYTES;

		if (i > 0 && offset >= total)
			break;
		jw_send_block(start, total, offset, tag->job, tag->process_key);
	}
	large->busy = 0;
	return 0;
}
