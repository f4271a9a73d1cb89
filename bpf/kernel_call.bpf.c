/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* kernel_call: one record for each request to the kernel itself. Fields: src/events/kernel_call.ts. */
#include "caller_text.bpf.h"
#include "path.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_TEXT_BYTES 1024
/* Commands of bpf, and what their attributes hold where (uapi/linux/bpf.h). */
#define BPF_PROG_LOAD	      5
#define BPF_OBJ_PIN	      6
#define BPF_OBJ_GET	      7
#define BPF_PROG_ATTACH	      8
#define BPF_PROG_DETACH	      9
#define BPF_LINK_CREATE	      28
#define JW_BPF_TYPE	      0
#define JW_BPF_PATHNAME	      0
#define JW_BPF_PROG_NAME      48
#define JW_BPF_ATTACH_TYPE    8
#define JW_BPF_NAME_BYTES     16
/* Reads and writes of map elements: 1 to 4, 21, 24 to 27. */
#define JW_BPF_ELEMENTS	      0x0f20001eULL

/* What the record says of one call. */
struct jw_asked {
	__u32 action, command, type;
	__u64 text; /* in the caller's memory; 0 for none */
	__u64 given_name; /* in the kernel's */
	struct file *file;
	__u32 target_pid;
};

static __always_inline int jw_kernel_asked(const struct jw_asked *asked, long result)
{
	struct jw_tag *tag = jw_self();
	struct jw_kernel_call *e;
	struct jw_small *small;

	if (!tag)
		return 0;
	e = JW_BEGIN(kernel_call, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->action = asked->action;
	e->error = result < 0 ? -result : 0;
	e->command = asked->command;
	e->type = asked->type;
	e->target_pid = asked->target_pid;
	if (asked->given_name)
		e->name_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_BPF_NAME_BYTES,
						(void *)asked->given_name);
	else
		e->name_length = jw_append_caller_text(&e->h, JW_SMALL_BYTES, JW_TEXT_BYTES,
						       asked->text);
	if (asked->file)
		e->file_length = jw_file_path(&e->h, JW_SMALL_BYTES, asked->file);
	JW_SUBMIT(kernel_call, e, small);
	return 0;
}

/* The calls have ended, and the result is final. Numbers were passed in registers. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_module, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_module_load, .text = jw_arg(regs, 2) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_module_file, struct pt_regs *regs, long result)
{
	struct jw_asked asked = {
		.action = JW_ACTION_module_load,
		.text = jw_arg(regs, 1),
		.file = jw_file(jw_arg(regs, 0)),
	};

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_module_end, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_module_unload, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_kexec, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_kexec };

	return jw_kernel_asked(&asked, result);
}

/* A program that was loaded is behind the descriptor: what the kernel has, not what was asked. */
static __always_inline void jw_describe_program(struct jw_asked *asked, __u32 fd)
{
	struct bpf_prog *program = BPF_CORE_READ(jw_file(fd), private_data);

	asked->type = BPF_CORE_READ(program, type);
	asked->given_name = (__u64)BPF_CORE_READ(program, aux) +
			    bpf_core_field_offset(struct bpf_prog_aux, name);
	asked->text = 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_bpf, struct pt_regs *regs, long result)
{
	__u64 attributes = jw_arg(regs, 1);
	struct jw_asked asked = { .action = JW_ACTION_bpf, .command = jw_arg(regs, 0) };

	if (asked.command < 64 && 1ULL << asked.command & JW_BPF_ELEMENTS)
		return 0;
	switch (asked.command) {
	case BPF_PROG_LOAD:
		asked.type = jw_caller_u32(attributes + JW_BPF_TYPE);
		asked.text = attributes + JW_BPF_PROG_NAME;
		if (result >= 0)
			jw_describe_program(&asked, result);
		break;
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
	case BPF_LINK_CREATE:
		asked.type = jw_caller_u32(attributes + JW_BPF_ATTACH_TYPE);
		break;
	case BPF_OBJ_PIN:
	case BPF_OBJ_GET:
		bpf_probe_read_user(&asked.text, sizeof(asked.text),
				    (void *)(attributes + JW_BPF_PATHNAME));
	}
	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_perf, struct pt_regs *regs, long result)
{
	struct jw_asked asked = {
		.action = JW_ACTION_perf_event,
		.type = jw_caller_u32(jw_arg(regs, 0)),
		.target_pid = jw_arg(regs, 1),
	};

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_swap, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_swap, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_reboot, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_reboot, .command = jw_arg(regs, 2) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_clock, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_clock };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_host_name, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_host_name, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_accounting, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_accounting, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_quota, struct pt_regs *regs, long result)
{
	struct jw_asked asked = {
		.action = JW_ACTION_quota, .command = jw_arg(regs, 0), .text = jw_arg(regs, 1)
	};

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_port, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_port_access, .command = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_userfault, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_userfault, .command = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_key_add, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_key_add, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_key_request, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_key_request, .text = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(jw_kernel_key, struct pt_regs *regs, long result)
{
	struct jw_asked asked = { .action = JW_ACTION_key, .command = jw_arg(regs, 0) };

	return jw_kernel_asked(&asked, result);
}
