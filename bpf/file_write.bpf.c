/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_write: one record for each file that a process writes. Fields: src/events/file_write.ts. */
#include "path.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define S_IFMT	   0170000
#define S_IFREG	   0100000
#define S_IFBLK	   0060000
#define PROT_WRITE 2
#define MAP_SHARED 1
#define MAP_SHARED_VALIDATE 3
#define MAP_TYPE   0xf
#define MAP_ANONYMOUS 0x20
#define EIOCBQUEUED 529

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
} jw_writes SEC(".maps");

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

/* The call has written at least a byte. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_write, struct pt_regs *regs, long written)
{
	return written > 0 ? jw_wrote(jw_file(jw_arg(regs, 0)), JW_HOW_write) : 0;
}

/* copy_file_range and splice: the third argument is where it went. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_write_third, struct pt_regs *regs, long written)
{
	return written > 0 ? jw_wrote(jw_file(jw_arg(regs, 2)), JW_HOW_write) : 0;
}

/* fallocate changes the file and returns 0. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_allocate, struct pt_regs *regs, long result)
{
	return jw_wrote(jw_file(jw_arg(regs, 0)), JW_HOW_write);
}

/* A shared writable mapping: from now on a store into memory writes the file, without a call. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_file_map, struct pt_regs *regs, long address)
{
	__u64 type = jw_arg(regs, 3) & MAP_TYPE;

	if (!(jw_arg(regs, 2) & PROT_WRITE) || jw_arg(regs, 3) & MAP_ANONYMOUS)
		return 0;
	if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		return 0;
	return jw_wrote(jw_file(jw_arg(regs, 4)), JW_HOW_map);
}

/*
 * io_uring writes without a call of its own. Either the bytes are written, or the device has been
 * told to and will say later.
 */
SEC("fexit/io_write")
int BPF_PROG(jw_file_write_uring, struct io_kiocb *request, unsigned int flags, int result)
{
	if (result != 0 && result != -EIOCBQUEUED)
		return 0;
	return request->cqe.res > 0 ? jw_wrote(request->file, JW_HOW_write) : 0;
}
