/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names given to calls that leave no descriptor behind: rename, link, symlink, unlink, chmod,
 * truncate.
 *
 * The caller's memory must not be read: another thread may change it between the kernel's reading
 * and ours. The kernel copies each name once, works with the copy, and frees it at the end of the
 * call, when the tracepoint kmem_cache_free shows it to us: what the kernel used, not what the
 * caller now says. The copy remembers the caller's pointer, which tells which argument it was.
 *
 * Better, where fentry is accepted: the kernel asks its security modules with the dentries that it
 * has resolved, before it acts; their paths are kept until the end of the call. See resolved.bpf.h.
 */
#pragma once

#include "path.bpf.h"

#define JW_NAMES       2 /* no call takes more */
#define JW_GIVEN_BYTES 4096 /* PATH_MAX */
#define JW_KEPT_BYTES  8000 /* of a resolved path, which may be longer; see jw_second */
#define JW_LONG_NAME   0
#define JW_RESOLVED    1 /* no call succeeds with this pointer */
#define JW_AT_FDCWD   (-100)

struct jw_given {
	__u64 pointer[JW_NAMES]; /* JW_LONG_NAME for one that does not remember it */
	__u32 length[JW_NAMES];
	__u32 next;
	__u32 call; /* the tag's count of calls */
	__u32 flags; /* of the record that they will be in */
	__u32 pad;
	__u8 first[JW_KEPT_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct jw_given);
} jw_givens __weak SEC(".maps");

/* The second text is apart: 7.2 finds no more than 8 KiB for one storage of a task. */
struct jw_second {
	__u8 text[JW_KEPT_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct jw_second);
} jw_seconds __weak SEC(".maps");

/* JW_KEPT_BYTES of text; NULL when there is no memory, or with `flags` 0 when it was never kept. */
static __always_inline __u8 *jw_text_of(struct jw_given *given, __u32 slot, __u64 flags)
{
	struct jw_second *second;

	if (slot == 0)
		return given->first;
	second = bpf_task_storage_get(&jw_seconds, bpf_get_current_task_btf(), NULL, flags);
	return second ? second->text : NULL;
}

/* Whether the current call is one whose names we want. */
static __always_inline bool jw_names_matter(void)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u32 call = jw_call(regs), *flags = bpf_map_lookup_elem(&jw_call_flags, &call);

	return flags && *flags & JW_WANTS_NAMES;
}

static __always_inline void jw_forget_names(struct jw_given *given)
{
	__builtin_memset(given->length, 0, sizeof(given->length));
	given->next = 0;
	given->flags = 0;
}

/* Where names of the current call are kept; NULL when they are not wanted, or there is no memory. */
static __always_inline struct jw_given *jw_keep_names(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct jw_given *given;
	struct jw_tag *tag;

	if (!jw_names_matter())
		return NULL;
	tag = jw_tag_of(task);
	if (!tag)
		return NULL;
	given = bpf_task_storage_get(&jw_givens, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!given)
		return NULL; /* the record is then made without a path, and flagged */
	if (given->call != tag->calls)
		jw_forget_names(given);
	given->call = tag->calls;
	return given;
}

/* Keeps a name of the kernel's that stands at `from`. Returns its length; negative: unreadable. */
static __always_inline long jw_keep_text(struct jw_given *given, __u64 pointer, const void *from)
{
	__u32 slot = given->next & (JW_NAMES - 1);
	__u8 *text = jw_text_of(given, slot, BPF_LOCAL_STORAGE_GET_F_CREATE);
	long length = text ? bpf_probe_read_kernel_str(text, JW_GIVEN_BYTES, from) : 0;

	if (length < 0)
		return length;
	given->next = slot + 1;
	given->pointer[slot] = pointer;
	given->length[slot] = length;
	return length;
}

/* The names of the call that is ending; NULL when none was caught. */
static __always_inline struct jw_given *jw_given_names(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct jw_given *given = bpf_task_storage_get(&jw_givens, task, NULL, 0);
	struct jw_tag *tag = jw_tag_of(task);

	return given && tag && given->call + 1 == tag->calls ? given : NULL;
}

/*
 * The slot of the name that came from `pointer`; JW_NAMES when it was not caught. A name is taken
 * once: of two with one pointer the first is the first that was freed, in the order of the calls.
 */
static __always_inline __u32 jw_given_slot(struct jw_given *given, __u64 pointer)
{
	__u32 long_slot = JW_NAMES, longs = 0;

	for (int i = JW_NAMES; i > 0; i--) {
		__u32 slot = (given->next - i) & (JW_NAMES - 1);

		if (!given->length[slot])
			continue;
		if (given->pointer[slot] == pointer || given->pointer[slot] == JW_RESOLVED)
			return slot;
		if (given->pointer[slot] == JW_LONG_NAME) {
			long_slot = slot;
			longs++;
		}
	}
	return longs == 1 ? long_slot : JW_NAMES; /* of two nobody knows which is which */
}

/* Appends a name as given, without a NUL. Returns the length; 0 when it is not known. */
static __always_inline __u32 jw_given_text(struct jw_header *h, __u32 limit, struct jw_given *given,
					   __u64 pointer)
{
	__u32 slot = given ? jw_given_slot(given, pointer) : JW_NAMES;
	__u8 *text = given && slot < JW_NAMES ? jw_text_of(given, slot, 0) : NULL;

	if (!given || slot >= JW_NAMES || !text) {
		h->flags |= JW_UNREADABLE;
		return 0;
	}
	given->length[slot] = 0;
	h->flags |= given->flags;
	return jw_append_text(h, limit, JW_GIVEN_BYTES, text);
}

/* Appends a path that the kernel resolved, and that was kept. Returns the length. */
static __always_inline __u32 jw_resolved_path(struct jw_header *h, __u32 limit,
					      struct jw_given *given, __u32 slot)
{
	__u8 *text = jw_text_of(given, slot, 0), *to = jw_room(h, limit, JW_KEPT_BYTES);
	__u32 length = given->length[slot];

	if (!text || !to || length > JW_KEPT_BYTES)
		return 0;
	bpf_probe_read_kernel(to, length, text);
	given->length[slot] = 0;
	h->flags |= given->flags;
	h->size += length;
	return length;
}

/* Where a name starts from; false when another thread has closed the descriptor meanwhile. */
static __always_inline bool jw_start_of(struct path *start, __u8 first, int directory)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct file *file;

	if (first == '/') {
		start->mnt = BPF_CORE_READ(task, fs, root.mnt);
		start->dentry = BPF_CORE_READ(task, fs, root.dentry);
		return true;
	}
	if (directory == JW_AT_FDCWD) {
		start->mnt = BPF_CORE_READ(task, fs, pwd.mnt);
		start->dentry = BPF_CORE_READ(task, fs, pwd.dentry);
		return true;
	}
	file = jw_file(directory);
	start->mnt = BPF_CORE_READ(file, f_path.mnt);
	start->dentry = BPF_CORE_READ(file, f_path.dentry);
	return file;
}

/*
 * Appends the path that a name stands for: as the kernel resolved it; otherwise the name, then the
 * directory it starts from, in the order of jw_path. Returns the length; 0 when it is not known.
 */
static __always_inline __u32 jw_given_path(struct jw_header *h, __u32 limit, __u64 pointer,
					   int directory)
{
	struct jw_given *given = jw_given_names();
	__u32 slot = given ? jw_given_slot(given, pointer) : JW_NAMES;
	__u8 *name = jw_room(h, limit, JW_GIVEN_BYTES), *end;
	struct path start;
	__u32 length;

	if (given && slot < JW_NAMES && given->pointer[slot] == JW_RESOLVED)
		return jw_resolved_path(h, limit, given, slot);
	if (!name)
		return 0;
	length = jw_given_text(h, limit, given, pointer);
	if (!length)
		return 0;
	h->flags |= JW_UNRESOLVED;
	end = jw_room(h, limit, 1);
	if (!end)
		return length;
	if (!jw_start_of(&start, *name, directory)) {
		h->flags |= JW_UNREADABLE;
		return length;
	}
	*end = 0;
	h->size++;
	return length + 1 + jw_path(h, limit, start.mnt, start.dentry);
}

/* Appends the path of a descriptor, or of the working directory for JW_AT_FDCWD. */
static __always_inline __u32 jw_descriptor_path(struct jw_header *h, __u32 limit, int fd)
{
	struct fs_struct *fs = bpf_get_current_task_btf()->fs;
	struct file *file;

	if (fd == JW_AT_FDCWD)
		return jw_path(h, limit, BPF_CORE_READ(fs, pwd.mnt), BPF_CORE_READ(fs, pwd.dentry));
	file = jw_file(fd);
	if (file)
		return jw_file_path(h, limit, file);
	h->flags |= JW_UNREADABLE;
	return 0;
}
