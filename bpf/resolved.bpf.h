/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths of calls that take names, as the kernel resolved them: for the programs on security_path_*,
 * which the kernel calls with what it is about to change. Whether it did is known at the end of the
 * call, whose program then takes the paths in the order in which they were kept here.
 */
#pragma once

#include "name.bpf.h"

/* Where the paths of the current call go: none is kept yet, also when the kernel tries again. */
static __always_inline struct jw_given *jw_keep_paths(void)
{
	struct jw_given *given = jw_keep_names();

	if (given)
		jw_forget_names(given);
	return given;
}

/* Keeps one path. What cannot be kept is missed at the end of the call, and flagged there. */
static __always_inline void jw_keep_path(struct jw_given *given, struct vfsmount *mount,
					 struct dentry *dentry)
{
	__u32 slot = given ? given->next & (JW_NAMES - 1) : 0, length;
	__u8 *text = given ? jw_text_of(given, slot, BPF_LOCAL_STORAGE_GET_F_CREATE) : NULL;
	struct jw_small *small = text ? jw_take_small() : NULL;
	struct jw_header *h;

	if (!given || !text || !small)
		return;
	h = (void *)small->bytes;
	h->size = sizeof(*h);
	h->flags = 0;
	length = jw_path(h, sizeof(*h) + JW_KEPT_BYTES, mount, dentry);
	if (length <= JW_KEPT_BYTES)
		bpf_probe_read_kernel(text, length, h + 1);
	given->next = slot + 1;
	given->pointer[slot] = JW_RESOLVED;
	given->length[slot] = length;
	given->flags |= h->flags;
	small->busy = 0;
}

/* For calls that take one name: `dentry` lies on the mount of `directory`. */
static __always_inline int jw_keep_only(const struct path *directory, struct dentry *dentry)
{
	jw_keep_path(jw_keep_paths(), directory->mnt, dentry);
	return 0;
}
