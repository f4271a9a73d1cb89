/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How it is told that a file was written. */
#pragma once

#include "path.bpf.h"

#define S_IFMT	   0170000
#define S_IFREG	   0100000
#define S_IFBLK	   0060000

/* What has been told already. The oldest makes room; a repeat is then told again and folded. */
struct jw_written {
	__u64 process_key;
	__u64 inode;
	__u32 device;
	__u32 how;
	__u32 generation; /* tells a new file from a deleted one that had its inode */
	__u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct jw_written);
	__type(value, __u8);
} jw_writes __weak SEC(".maps");

static __always_inline bool jw_is_first(struct jw_tag *tag, __u64 inode, __u32 device, __u32 how,
					__u32 generation)
{
	struct jw_written key = {
		.process_key = tag->process_key, .inode = inode, .device = device, .how = how,
		.generation = generation,
	};
	__u8 one = 1;

	/* A thread usually writes many times to the same file: one comparison. */
	if (tag->written_inode == inode && tag->written_device == device &&
	    tag->written_how == how && tag->written_generation == generation)
		return false;
	tag->written_inode = inode;
	tag->written_device = device;
	tag->written_how = how;
	tag->written_generation = generation;
	return !bpf_map_update_elem(&jw_writes, &key, &one, BPF_NOEXIST);
}

static __always_inline int jw_wrote(struct file *file, __u32 how)
{
	struct jw_tag *tag = jw_self();
	struct jw_file_write *e;
	struct jw_small *small;
	struct inode *inode;
	__u64 number;
	__u32 device;
	__u16 mode;

	if (!tag || !file)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	mode = BPF_CORE_READ(inode, i_mode);
	if ((mode & S_IFMT) != S_IFREG && (mode & S_IFMT) != S_IFBLK)
		return 0;
	number = BPF_CORE_READ(inode, i_ino);
	device = BPF_CORE_READ(inode, i_sb, s_dev);
	if (!jw_is_first(tag, number, device, how, BPF_CORE_READ(inode, i_generation)))
		return 0;

	e = JW_BEGIN(file_write, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->inode = number;
	e->device = device;
	e->mode = mode;
	e->how = how;
	e->path_length = jw_file_path(&e->h, JW_SMALL_BYTES, file);
	JW_SUBMIT(file_write, e, small);
	return 0;
}
