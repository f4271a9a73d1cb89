/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * credential_change, and the dispatcher of all programs that run at the end of a system call.
 * Fields: src/events/credential_change.ts.
 */
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, JW_CALLS);
	__type(key, __u32);
	__type(value, __u32);
} jw_calls SEC(".maps");

static __always_inline void jw_compare_credentials(struct jw_tag *tag, const struct cred *cred,
						   __u32 call)
{
	struct jw_tag old = *tag;
	struct jw_credential_change *e;
	struct jw_small *small;

	jw_note_credentials(tag, cred);
	if (old.uid == tag->uid && old.euid == tag->euid && old.gid == tag->gid &&
	    old.egid == tag->egid && old.capabilities == tag->capabilities &&
	    old.user_namespace == tag->user_namespace)
		return; /* keyrings, supplementary groups */

	e = JW_BEGIN(credential_change, small, tag->job, tag->process_key);
	if (!e)
		return;
	e->old_capabilities = old.capabilities;
	e->capabilities = tag->capabilities;
	e->old_uid = old.uid;
	e->uid = tag->uid;
	e->old_euid = old.euid;
	e->euid = tag->euid;
	e->old_gid = old.gid;
	e->gid = tag->gid;
	e->old_egid = old.egid;
	e->egid = tag->egid;
	e->old_user_namespace = old.user_namespace;
	e->user_namespace = tag->user_namespace;
	e->call = call;
	JW_SUBMIT(credential_change, e, small);
}

/*
 * The call has been done and its result is final. The task's credentials are compared by pointer,
 * since committed ones never change in place: whichever call changed them, and exec, shows here.
 */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_sys_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct jw_tag *tag = jw_tag_of(task);
	__u32 call, *flags;

	if (!tag && jw_with_threads)
		tag = jw_adopt_thread(task);
	if (!tag)
		return 0;
	tag->calls++;
	call = jw_call(regs);
	if ((__u64)task->cred != tag->cred)
		jw_compare_credentials(tag, task->cred, call);
	if (result < 0) {
		flags = bpf_map_lookup_elem(&jw_call_flags, &call);
		if (!flags || !(*flags & JW_ANY_RESULT))
			return 0;
	}
	bpf_tail_call(ctx, &jw_calls, call);
	return 0;
}
