/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Memory from which code can run: memory_protect and code_mapping. One call has one program, so
 * these are told by the program of file_write for mmap, and by that of memory_protect.
 */
#pragma once

#include "path.bpf.h"

#define PROT_WRITE	    2
#define PROT_EXEC	    4
#define MAP_SHARED	    1
#define MAP_SHARED_VALIDATE 3
#define MAP_TYPE	    0xf
#define MAP_ANONYMOUS	    0x20
#define TMPFS_MAGIC	    0x01021994

/*
 * Engines change the protection of their code all the time, so each kind is told once of a process:
 * the bit lies with the thread, whose new threads inherit it. What is told twice is folded.
 */
static __always_inline void jw_protected(__u32 how, __u32 call)
{
	struct jw_tag *tag = jw_self();
	struct jw_memory_protect *e;
	struct jw_small *small;
	__u32 bit = 1 << (4 * call + how);

	if (!tag || tag->code_told & bit)
		return;
	tag->code_told |= bit;
	e = JW_BEGIN(memory_protect, small, tag->job, tag->process_key);
	if (!e)
		return;
	e->how = how;
	e->call = call;
	JW_SUBMIT(memory_protect, e, small);
}

/* Code from a file: only where no directory names it, or where the file is in memory. */
static __always_inline void jw_mapped_file(struct file *file, bool shared)
{
	struct jw_tag *tag = jw_self();
	struct jw_code_mapping *e;
	struct jw_small *small;
	struct inode *inode;

	if (!tag || !file)
		return;
	inode = BPF_CORE_READ(file, f_inode);
	if (BPF_CORE_READ(inode, i_nlink) && BPF_CORE_READ(inode, i_sb, s_magic) != TMPFS_MAGIC)
		return;
	e = JW_BEGIN(code_mapping, small, tag->job, tag->process_key);
	if (!e)
		return;
	e->inode = BPF_CORE_READ(inode, i_ino);
	e->device = BPF_CORE_READ(inode, i_sb, s_dev);
	e->links = BPF_CORE_READ(inode, i_nlink);
	e->shared = shared ? JW_BOOL_yes : JW_BOOL_no;
	e->path_length = jw_file_path(&e->h, JW_SMALL_BYTES, file);
	JW_SUBMIT(code_mapping, e, small);
}

/* A mapping was made from which code can run. */
static __always_inline void jw_code_mapped(__u32 protection, __u32 flags, __u32 descriptor)
{
	bool shared = (flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE;

	if (protection & PROT_WRITE)
		jw_protected(shared ? JW_PROTECT_shared_write_execute : JW_PROTECT_write_execute,
			     JW_CALL_mmap);
	else if (flags & MAP_ANONYMOUS)
		jw_protected(JW_PROTECT_execute, JW_CALL_mmap);
	if (!(flags & MAP_ANONYMOUS))
		jw_mapped_file(jw_file(descriptor), shared);
}
