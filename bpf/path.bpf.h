/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths, from the dentries and mounts that the kernel resolved; never from the caller's memory. */
#pragma once

#include "jobwarden.bpf.h"

#define JW_NAME_BYTES 256 /* NAME_MAX and the NUL */
/* Names and mounts that are walked; a longer path is cut and flagged. */
#define JW_PATH_DEPTH		  4096
#define JW_PATH_DEPTH_BEFORE_LOOP 64

/* Where a walk from a name to the root is. */
struct jw_walk {
	struct jw_header *h;
	struct mount *mount;
	struct dentry *root, *dentry;
	__u32 limit;
	__u32 whole; /* the walk has come to its end */
};

/* Goes on over a mount point, or ends at the root of all. Returns 1 to stop. */
static __always_inline long jw_cross_mount(struct jw_walk *walk, __u32 end)
{
	struct mount *mount = walk->mount, *up = BPF_CORE_READ(mount, mnt_parent);

	if (up == mount || !up) {
		((__u8 *)walk->h)[end] = 0;
		walk->h->size = end + 1;
		walk->whole = 1;
		return 1;
	}
	walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	walk->mount = up;
	walk->root = BPF_CORE_READ(up, mnt.mnt_root);
	return 0;
}

/* The parent and the name of a dentry, which lie side by side: one read instead of three. */
struct jw_near {
	struct dentry *parent;
	struct qstr name;
};

static __always_inline void jw_read_near(struct jw_near *near, struct dentry *dentry)
{
	__u64 parent = bpf_core_field_offset(struct dentry, d_parent);

	if (bpf_core_field_offset(struct dentry, d_name) == parent + sizeof(near->parent)) {
		bpf_probe_read_kernel(near, sizeof(*near), (void *)dentry + parent);
		return;
	}
	near->parent = BPF_CORE_READ(dentry, d_parent);
	near->name.hash_len = BPF_CORE_READ(dentry, d_name.hash_len);
	near->name.name = BPF_CORE_READ(dentry, d_name.name);
}

/*
 * Appends one name. Returns 1 to stop. The end is kept in the record, not in a variable: the
 * verifier then knows no more about it in one round than in the next, and is done with the loop.
 */
static long jw_step(__u64 round, struct jw_walk *walk)
{
	struct jw_header *h = walk->h;
	__u8 *bytes = (void *)h;
	struct dentry *dentry = walk->dentry;
	struct jw_near near = {};
	__u32 end = h->size, size;

	/* The second test is for the verifier, which does not see the limit through the walk. */
	if (end > walk->limit - JW_NAME_BYTES - 1 || end > JW_SMALL_BYTES - JW_NAME_BYTES - 1)
		return 1;
	if (dentry == walk->root)
		return jw_cross_mount(walk, end);
	jw_read_near(&near, dentry);
	size = (near.name.hash_len >> 32) & (JW_NAME_BYTES - 1);
	if (bpf_probe_read_kernel(bytes + end, size, near.name.name))
		h->flags |= JW_UNREADABLE;
	end += size;
	bytes[end] = 0;
	h->size = end + 1;
	if (near.parent == dentry || !near.parent) {
		walk->whole = 1; /* a pipe, a socket, memory: in no directory */
		return 1;
	}
	walk->dentry = near.parent;
	return 0;
}

/*
 * Appends to the record the names of a path, from the last to the first, each ended by NUL; an
 * absolute path ends with an empty name. Returns the length. The record may grow to `limit` bytes, at
 * most JW_SMALL_BYTES.
 */
static __noinline __u32 jw_path(struct jw_header *h, __u32 limit, struct vfsmount *vfs,
				struct dentry *dentry)
{
	struct jw_walk walk = {
		.h = h,
		.mount = (void *)vfs - bpf_core_field_offset(struct mount, mnt),
		.root = BPF_CORE_READ(vfs, mnt_root),
		.dentry = dentry,
		.limit = limit,
	};
	__u32 start = h->size;

	/* bpf_loop came with 5.17 (e6f2dd0f8067); before it the verifier follows each round. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)) {
		bpf_loop(JW_PATH_DEPTH, jw_step, &walk, 0);
	} else {
		for (int i = 0; i < JW_PATH_DEPTH_BEFORE_LOOP; i++)
			if (jw_step(i, &walk))
				break;
	}
	if (!walk.whole)
		h->flags |= JW_TRUNCATED;
	return h->size - start;
}

/* Appends the path of an open file; flags a file that no directory names. */
static __always_inline __u32 jw_file_path(struct jw_header *h, __u32 limit, struct file *file)
{
	if (!BPF_CORE_READ(file, f_inode, i_nlink))
		h->flags |= JW_NAMELESS;
	return jw_path(h, limit, BPF_CORE_READ(file, f_path.mnt), BPF_CORE_READ(file, f_path.dentry));
}
