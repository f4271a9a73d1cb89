/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names given to calls that leave no descriptor behind: rename, link, symlink, unlink, chmod,
 * truncate.
 *
 * The caller's memory must not be read: another thread may change it between the kernel's reading
 * and ours. The kernel copies each name once, works with the copy, and frees it at the end of the
 * call, when the tracepoint kmem_cache_free shows it to us: what the kernel used, not what the
 * caller now says. The copy remembers the caller's pointer, which tells which argument it was.
 */
#pragma once

#include "path.bpf.h"

#define JW_NAMES       2 /* no call takes more */
#define JW_GIVEN_BYTES 4096 /* PATH_MAX */
#define JW_LONG_NAME   0
#define JW_AT_FDCWD   (-100)

struct jw_given {
	__u64 pointer[JW_NAMES]; /* JW_LONG_NAME for one that does not remember it */
	__u32 length[JW_NAMES];
	__u32 next;
	__u32 call; /* the tag's count of calls */
	__u8 text[JW_NAMES][JW_GIVEN_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct jw_given);
} jw_givens __weak SEC(".maps");

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
		if (given->pointer[slot] == pointer)
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

	if (!given || slot >= JW_NAMES) {
		h->flags |= JW_UNREADABLE;
		return 0;
	}
	given->length[slot] = 0;
	return jw_append_text(h, limit, JW_GIVEN_BYTES, given->text[slot]);
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
 * Appends the path that a name stands for: the name, then the directory it starts from, in the
 * order of jw_path. Returns the length; 0 when the name is not known.
 */
static __always_inline __u32 jw_given_path(struct jw_header *h, __u32 limit, __u64 pointer,
					   int directory)
{
	struct jw_given *given = jw_given_names();
	__u32 from = h->size, length, end;
	__u8 *bytes = (void *)h;
	struct path start;

	if (from > limit - JW_GIVEN_BYTES)
		return 0;
	length = jw_given_text(h, limit, given, pointer);
	end = h->size;
	if (!length || end > limit - 1)
		return 0;
	h->flags |= JW_UNRESOLVED;
	if (!jw_start_of(&start, bytes[from], directory)) {
		h->flags |= JW_UNREADABLE;
		return length;
	}
	bytes[end] = 0;
	h->size = end + 1;
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
