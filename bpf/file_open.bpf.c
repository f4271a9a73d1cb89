/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_open: one record for each descriptor that open gives. Fields: src/events/file_open.ts. */
#include "procfs_name.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define FMODE_CREATED 0x100000
#define FMODE_EXEC    0x20 /* __FMODE_EXEC in the flags: the open of an execve */
#define JW_MAX_ERRNO  4095

static __always_inline int jw_opened(struct jw_tag *tag, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 mode = BPF_CORE_READ(file, f_mode);
	struct jw_small *small;
	struct jw_file_open *e;

	if (jw_is_procfs(inode, BPF_CORE_READ(inode, i_sb, s_dev)))
		jw_opened_procfs(file);
	e = JW_BEGIN(file_open, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->inode = BPF_CORE_READ(inode, i_ino);
	e->device = BPF_CORE_READ(inode, i_sb, s_dev);
	e->mode = BPF_CORE_READ(inode, i_mode);
	e->open_flags = BPF_CORE_READ(file, f_flags);
	e->access = mode & (FMODE_READ | FMODE_WRITE); /* in the order of the words */
	e->created = mode & FMODE_CREATED ? JW_BOOL_yes : JW_BOOL_no;
	e->path_length = jw_file_path(&e->h, JW_SMALL_BYTES, file);
	JW_SUBMIT(file_open, e, small);
	return 0;
}

/* The descriptor is there; what it names is what the kernel opened. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_open, struct pt_regs *regs, long fd)
{
	struct jw_tag *tag = jw_self();
	struct file *file;

	if (fd == -JW_EPERM || fd == -JW_EACCES)
		return jw_opened_by_name(jw_opened_name(regs), -fd, false);
	file = jw_file(fd);
	if (!tag || !file)
		return 0;
	jw_opened(tag, file);
	return jw_opened_by_name(jw_opened_name(regs), 0, false);
}

#define IORING_OP_OPENAT  18
#define IORING_OP_OPENAT2 28
#define JW_REQUEST	  1 /* which argument of the tracepoint it is, on every kernel */

/*
 * An open that was asked of an io_uring is done, and its result about to be posted: in the task that
 * asked, or in a worker that shares its descriptors. One that goes into a slot of the ring, instead
 * of a descriptor, is told by io_uring_operation alone.
 */
SEC("tp_btf/io_uring_complete")
int jw_file_open_uring(__u64 *ctx)
{
	struct io_kiocb *request = (void *)ctx[JW_REQUEST];
	struct io_open *asked = (void *)request;
	struct jw_tag *tag = jw_self();
	struct file *file;
	__u8 opcode;
	__s32 fd;

	if (!tag || !request)
		return 0;
	opcode = BPF_CORE_READ(request, opcode);
	fd = BPF_CORE_READ(request, cqe.res);
	if ((opcode != IORING_OP_OPENAT && opcode != IORING_OP_OPENAT2) || fd < 0)
		return 0;
	file = BPF_CORE_READ(asked, file_slot) ? NULL : jw_file(fd);
	return file ? jw_opened(tag, file) : 0;
}

static __always_inline int jw_open_done(struct filename *name, struct file *file)
{
	struct jw_tag *tag = jw_self();
	__u64 text;

	if (!tag)
		return 0;
	text = (__u64)BPF_CORE_READ(name, name);
	if ((long)file == -JW_EPERM || (long)file == -JW_EACCES)
		return jw_opened_by_name(text, -(long)file, true);
	if ((unsigned long)file >= (unsigned long)-JW_MAX_ERRNO)
		return 0;
	if (BPF_CORE_READ(file, f_flags) & FMODE_EXEC)
		return 0; /* process_exec tells it */
	jw_opened(tag, file);
	return jw_opened_by_name(text, 0, true);
}

/* The file is open and not yet in the table of descriptors, so that no thread can replace it. */
SEC("fexit/do_filp_open")
int BPF_PROG(jw_file_open_fexit, int directory, struct filename *name, const void *op, struct file *file)
{
	return jw_open_done(name, file);
}

/* The same function by its later name. */
SEC("fexit/do_file_open")
int BPF_PROG(jw_file_open_fexit2, int directory, struct filename *name, const void *op, struct file *file)
{
	return jw_open_done(name, file);
}
