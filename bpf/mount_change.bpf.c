/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* mount_change: what is mounted where. Fields: src/events/mount_change.ts. */
#include "caller_text.bpf.h"
#include "resolved.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define MS_REMOUNT	0x20
#define MS_BIND		0x1000
#define MS_MOVE		0x2000
#define OPEN_TREE_CLONE 1
#define JW_TYPE_BYTES	256
#define JW_SOURCE_BYTES 4096

static __always_inline struct jw_mount_change *jw_begin_mount(struct jw_small **small, __u32 how,
							      __u32 flags, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct jw_tag *tag = jw_tag_of(task);
	struct jw_mount_change *e;

	if (!tag)
		return NULL;
	e = JW_BEGIN(mount_change, *small, tag->job, tag->process_key);
	if (!e)
		return NULL;
	e->how = how;
	e->mount_flags = flags;
	e->error = result < 0 ? -result : 0;
	e->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	return e;
}

/* A source that is no path stands alone, as the only name of its path. */
static __always_inline __u32 jw_mount_source(struct jw_mount_change *e, __u64 source)
{
	__u32 length = jw_append_caller_text(&e->h, JW_SMALL_BYTES, JW_SOURCE_BYTES, source);
	__u8 *end = length ? jw_room(&e->h, JW_SMALL_BYTES, 1) : NULL;

	if (!end)
		return length;
	*end = 0;
	e->h.size++;
	return length + 1;
}

/*
 * The call has ended. The kernel looked up the directory of a bind mount by a name that it had
 * copied itself, and which remembers no pointer; every other source is the caller's word.
 */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_mount, struct pt_regs *regs, long result)
{
	__u32 flags = jw_arg(regs, 3);
	struct jw_mount_change *e;
	struct jw_given *given;
	struct jw_small *small;

	e = jw_begin_mount(&small, JW_MOUNT_mount, flags, result);
	if (!e)
		return 0;
	if (!(flags & (MS_BIND | MS_MOVE | MS_REMOUNT)))
		e->type_length = jw_append_caller_text(&e->h, JW_SMALL_BYTES, JW_TYPE_BYTES,
						       jw_arg(regs, 2));
	e->target_length = jw_given_path(&e->h, JW_SMALL_BYTES, jw_arg(regs, 1), JW_AT_FDCWD);
	given = jw_given_names();
	if (flags & (MS_BIND | MS_MOVE) && given && jw_given_slot(given, JW_LONG_NAME) < JW_NAMES)
		e->source_length = jw_given_path(&e->h, JW_SMALL_BYTES, JW_LONG_NAME, JW_AT_FDCWD);
	else if (!(flags & MS_REMOUNT))
		e->source_length = jw_mount_source(e, jw_arg(regs, 0));
	JW_SUBMIT(mount_change, e, small);
	return 0;
}

/* A name, or with an empty one the descriptor itself. */
static __always_inline __u32 jw_mount_path(struct jw_mount_change *e, int directory, __u64 name)
{
	struct jw_given *given = jw_given_names();
	__u32 length;

	if (given && jw_given_slot(given, name) < JW_NAMES) {
		length = jw_given_path(&e->h, JW_SMALL_BYTES, name, directory);
		if (length)
			return length;
	}
	return jw_descriptor_path(&e->h, JW_SMALL_BYTES, directory);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_mount_move, struct pt_regs *regs, long result)
{
	struct jw_mount_change *e;
	struct jw_small *small;

	e = jw_begin_mount(&small, JW_MOUNT_move_mount, jw_arg(regs, 4), result);
	if (!e)
		return 0;
	e->target_length = jw_mount_path(e, jw_arg(regs, 2), jw_arg(regs, 3));
	e->source_length = jw_mount_path(e, jw_arg(regs, 0), jw_arg(regs, 1));
	JW_SUBMIT(mount_change, e, small);
	return 0;
}

/* Only a tree that is a mount of its own; otherwise it is an open without a mount. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_mount_tree, struct pt_regs *regs, long result)
{
	struct jw_mount_change *e;
	struct jw_small *small;

	if (!(jw_arg(regs, 2) & OPEN_TREE_CLONE))
		return 0;
	e = jw_begin_mount(&small, JW_MOUNT_open_tree, jw_arg(regs, 2), result);
	if (!e)
		return 0;
	e->source_length = jw_mount_path(e, jw_arg(regs, 0), jw_arg(regs, 1));
	JW_SUBMIT(mount_change, e, small);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_mount_set, struct pt_regs *regs, long result)
{
	struct jw_mount_change *e;
	struct jw_small *small;

	e = jw_begin_mount(&small, JW_MOUNT_mount_setattr, jw_arg(regs, 2), result);
	if (!e)
		return 0;
	e->target_length = jw_mount_path(e, jw_arg(regs, 0), jw_arg(regs, 1));
	JW_SUBMIT(mount_change, e, small);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_mount_end, struct pt_regs *regs, long result)
{
	struct jw_mount_change *e;
	struct jw_small *small;

	e = jw_begin_mount(&small, JW_MOUNT_umount, jw_arg(regs, 1), result);
	if (!e)
		return 0;
	e->target_length = jw_given_path(&e->h, JW_SMALL_BYTES, jw_arg(regs, 0), JW_AT_FDCWD);
	JW_SUBMIT(mount_change, e, small);
	return 0;
}

/* The directory is resolved; nothing is mounted yet. */
SEC("fentry/security_sb_mount")
int BPF_PROG(jw_mount_fentry, const char *device, const struct path *path)
{
	return jw_keep_only(path, path->dentry);
}

/* In the order in which the end of the call takes them. */
SEC("fentry/security_move_mount")
int BPF_PROG(jw_mount_move_fentry, const struct path *from, const struct path *to)
{
	struct jw_given *given = jw_keep_paths();

	jw_keep_path(given, to->mnt, to->dentry);
	jw_keep_path(given, from->mnt, from->dentry);
	return 0;
}

SEC("fentry/security_sb_umount")
int BPF_PROG(jw_mount_end_fentry, struct vfsmount *mount)
{
	jw_keep_path(jw_keep_paths(), mount, mount->mnt_root);
	return 0;
}
