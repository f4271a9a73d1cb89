/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every program shares: the maps, the tag of a task, and how a record is made. */
#pragma once

#include "kernel.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "events.gen.h"

#define JW_ARGS_BYTES  131072
#define JW_SMALL_BYTES 24576 /* fixed part and two paths */
#define JW_HALF_BYTES  12288 /* how far the first of two paths may grow a record */
#define JW_LARGE_BYTES 196608 /* fixed part, arguments, two paths, a name */
#define JW_SMALL_PER_CPU 4 /* a program may be interrupted by another one of ours */

/* What a process is to its job. */
#define JW_ROLE_NONE   0
#define JW_ROLE_WORKER 1 /* the runner's Worker, whose exec began the job */
#define JW_ROLE_STEP   2 /* forked by the Worker, and has not executed anything yet */

/* A task's membership of a job. Copied from parent to child before the child runs. */
struct jw_tag {
	__u64 process_key;
	__u64 parent_key;
	/* The process that the Worker forked, in whose tree this one is; 0 outside of steps. */
	__u64 step_key;
	__u32 job;
	__u32 tgid;
	__u32 role;
	__u32 pad;
	/* Credentials as last seen; the pointer makes the usual comparison one load. */
	__u64 cred;
	__u64 capabilities;
	__u32 uid, euid, gid, egid, user_namespace;
	/* Calls that have ended; what is remembered for a call is worth nothing in a later one. */
	__u32 calls;
	/* The connection that this task is making, from the state change to the end of the call. */
	__u64 connecting;
	struct jw_endpoint connecting_local, connecting_peer;
	/* The file that this task wrote to last. */
	__u64 written_inode;
	__u32 written_device;
	__u32 written_how;
	__u32 written_generation;
	/* Which kinds of code in memory were told of this process already, in bits. */
	__u32 code_told;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct jw_tag);
} jw_tasks __weak SEC(".maps");

/* One entry a living process, for programs that cannot use task storage; its removal is the exit. */
struct jw_process {
	__u64 process_key;
	__u32 job;
	__u32 role; /* of one that was found running: its threads get it with their tags */
	__u64 step_key;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 262144);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct jw_process);
} jw_processes __weak SEC(".maps");

/* Control groups (v2) that belong to a job, by id. User space adds the first one of a job. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u32);
} jw_cgroups __weak SEC(".maps");

/* User space resizes the rings before load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} jw_rare __weak SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 32 << 20);
} jw_bulk __weak SEC(".maps");

/* Records lost, by job and event; event 0 counts processes that could not be tagged. */
struct jw_loss_key {
	__u32 job;
	__u32 event_id;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct jw_loss_key);
	__type(value, __u64);
} jw_losses __weak SEC(".maps");

/* Where records are put together: variable-length records cannot be built in the ring. */
struct jw_small {
	__u64 busy;
	__u8 bytes[JW_SMALL_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8); /* user space: JW_SMALL_PER_CPU for each possible CPU */
	__type(key, __u32);
	__type(value, struct jw_small);
} jw_smalls __weak SEC(".maps");

/* Calls by number: the native ones, then those of the 32-bit entry. */
#define JW_CALLS       1024
#define JW_32BIT       512
#define JW_NO_CALL     (JW_CALLS - 1)
#define JW_ANY_RESULT  1 /* its program wants failed calls too */
#define JW_WANTS_NAMES 2 /* its program needs the kernel's copies of names */
#define JW_CONNECTS    4 /* its program tells of connections */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, JW_CALLS);
	__type(key, __u32);
	__type(value, __u32);
} jw_call_flags __weak SEC(".maps");

__u64 jw_next_key __weak = 1;
/* Set by user space after load, before anything is attached. */
struct jw_settings {
	__u64 boot_us; /* Unix time of boot in microseconds */
	__u64 wake_rare; /* the agent is woken each time so many bytes more are in the ring */
	__u64 wake_bulk;
	__u64 agent_pid; /* in the initial pid namespace; 0 when it is not known */
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct jw_settings);
} jw_setting __weak SEC(".maps");

static __always_inline struct jw_tag *jw_tag_of(struct task_struct *task)
{
	return bpf_task_storage_get(&jw_tasks, task, NULL, 0);
}

static __always_inline struct jw_tag *jw_self(void)
{
	return jw_tag_of(bpf_get_current_task_btf());
}

static __always_inline void jw_lose(__u32 job, __u32 event_id)
{
	struct jw_loss_key key = { .job = job, .event_id = event_id };
	__u64 one = 1, *count = bpf_map_lookup_elem(&jw_losses, &key);

	if (!count && !bpf_map_update_elem(&jw_losses, &key, &one, BPF_NOEXIST))
		return;
	if (!count)
		count = bpf_map_lookup_elem(&jw_losses, &key);
	if (!count) {
		/* The map is full; user space has made this entry for what finds no place of its own. */
		key = (struct jw_loss_key){};
		count = bpf_map_lookup_elem(&jw_losses, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
}

/* A free scratch area of this CPU; NULL when all are in use by programs that we interrupted. */
static __always_inline struct jw_small *jw_take_small(void)
{
	__u32 first = bpf_get_smp_processor_id() * JW_SMALL_PER_CPU;

	for (__u32 i = 0; i < JW_SMALL_PER_CPU; i++) {
		__u32 index = first + i;
		struct jw_small *small = bpf_map_lookup_elem(&jw_smalls, &index);

		if (small && !__sync_val_compare_and_swap(&small->busy, 0, 1))
			return small;
	}
	return NULL;
}

static __always_inline const struct jw_settings *jw_settings(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&jw_setting, &first);
}

static __always_inline __u64 jw_now_us(void)
{
	const struct jw_settings *settings = jw_settings();

	return bpf_ktime_get_boot_ns() / 1000 + (settings ? settings->boot_us : 0);
}

static __always_inline void jw_fill_header(struct jw_header *h, __u32 id, __u32 size, __u32 job,
					   __u64 key)
{
	h->event_id = id;
	h->size = size;
	h->time_us = jw_now_us();
	h->process_key = key;
	h->job = job;
	h->thread_id = (__u32)bpf_get_current_pid_tgid();
}

/*
 * Starts a record in scratch memory: takes an area, zeroes the fixed part, fills the header. What
 * is appended grows the header's size.
 * NULL when there is no area; the loss is counted here, so a caller has nothing to do but return.
 * Each path after it ends in JW_SUBMIT.
 */
#define JW_BEGIN(event, small, job_, key)                                                          \
	({                                                                                         \
		struct jw_##event *e_ = NULL;                                                      \
		(small) = jw_take_small();                                                         \
		if (small) {                                                                       \
			e_ = (void *)(small)->bytes;                                               \
			__builtin_memset(e_, 0, sizeof(*e_));                                      \
			jw_fill_header(&e_->h, JW_ID_##event, sizeof(*e_), (job_), (key));         \
		} else {                                                                           \
			jw_lose((job_), JW_ID_##event);                                            \
		}                                                                                  \
		e_;                                                                                \
	})

/*
 * Wakes the agent when the ring has filled by another `step` bytes (a power of two), and not for
 * each record after that: a wake-up is an interrupt, which costs more than the record.
 */
static __always_inline __u64 jw_wake(void *ring, __u64 step, __u32 size)
{
	__u64 filled = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);

	return filled >= step && (filled & (step - 1)) < size ? BPF_RB_FORCE_WAKEUP :
								BPF_RB_NO_WAKEUP;
}

/* Sends the record, at most `limit` bytes; one that finds no room is counted. Whether it was sent. */
static __always_inline bool jw_send(struct jw_header *h, __u32 limit, bool bulk)
{
	const struct jw_settings *settings = jw_settings();
	__u32 size = h->size;
	long err;

	if (!settings || size > limit) {
		jw_lose(h->job, h->event_id);
		return false;
	}
	if (bulk)
		err = bpf_ringbuf_output(&jw_bulk, h, size, jw_wake(&jw_bulk, settings->wake_bulk, size));
	else
		err = bpf_ringbuf_output(&jw_rare, h, size, jw_wake(&jw_rare, settings->wake_rare, size));
	if (err)
		jw_lose(h->job, h->event_id);
	return !err;
}

#define JW_SUBMIT(event, e, small)                                                                 \
	do {                                                                                       \
		jw_send(&(e)->h, JW_SMALL_BYTES, JW_BULK_##event);                                 \
		(small)->busy = 0;                                                                 \
	} while (0)

/*
 * The end of the record when it has room for `bytes` more; NULL and flagged when it has not. Tests
 * a value read anew: verifiers up to 6.12 do not carry a test over to what was spilled before it.
 */
static __always_inline __u8 *jw_room(struct jw_header *h, __u32 limit, __u32 bytes)
{
	__u32 end = *(volatile __u32 *)&h->size;

	if (end > limit - bytes) {
		h->flags |= JW_TRUNCATED;
		return NULL;
	}
	return (__u8 *)h + end;
}

/* Appends kernel text without its NUL. Returns the length; at most `bytes` (a power of two) less 1. */
static __always_inline __u32 jw_append_text(struct jw_header *h, __u32 limit, __u32 bytes,
					    const void *from)
{
	__u8 *to = jw_room(h, limit, bytes);
	long size;

	if (!to)
		return 0;
	size = bpf_probe_read_kernel_str(to, bytes, from);
	if (size <= 0) {
		h->flags |= JW_UNREADABLE;
		return 0;
	}
	if (size == bytes)
		h->flags |= JW_TRUNCATED;
	size = (size - 1) & (bytes - 1);
	h->size += size;
	return size;
}

static __always_inline bool jw_is_compat(void)
{
#if defined(__TARGET_ARCH_x86)
	/* TS_COMPAT: the system call came through the 32-bit entry. */
	return bpf_get_current_task_btf()->thread_info.status & 2;
#else
	return false; /* AArch32 calls are not decoded; their numbers must not be taken for ours */
#endif
}

/* The number of the system call that the current task is in, as an index of `jw_call_flags`. */
static __always_inline __u32 jw_call(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	__u64 call = regs->orig_ax;
#else
	__u64 call = regs->syscallno;
#endif
	if (call >= JW_32BIT)
		return JW_NO_CALL;
	return jw_is_compat() ? call + JW_32BIT : call;
}

/* Argument `i` of the system call that is ending: the registers still hold it. */
static __always_inline __u64 jw_arg(struct pt_regs *regs, int i)
{
#if defined(__TARGET_ARCH_x86)
	if (jw_is_compat()) {
		__u32 value = i == 0 ? regs->bx : i == 1 ? regs->cx : i == 2 ? regs->dx :
			      i == 3 ? regs->si : i == 4 ? regs->di : regs->bp;
		return value;
	}
	return i == 0 ? regs->di : i == 1 ? regs->si : i == 2 ? regs->dx :
	       i == 3 ? regs->r10 : i == 4 ? regs->r8 : regs->r9;
#else
	return i == 0 ? regs->orig_x0 : regs->regs[i];
#endif
}

/* The open file behind a descriptor of the current task; NULL when there is none. */
static __always_inline struct file *jw_file(__u32 fd)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct fdtable *table;
	struct file **files, *file = NULL;

	if (!task->files)
		return NULL;
	table = task->files->fdt;
	if (fd >= table->max_fds)
		return NULL;
	files = table->fd;
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}
