/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* file_write: one record for each file that a process writes. Fields: src/events/file_write.ts. */
#include "written.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define EIOCBQUEUED 529

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
