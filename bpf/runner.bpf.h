/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs of a self-hosted runner, by their files; which runners the agent has registered; and
 * what is numbered for their jobs.
 */
#pragma once

#include "jobwarden.bpf.h"

#define JW_PROGRAM_BYTES 24 /* more than "Runner.Listener", so that a longer name is another one */
#define JW_FOLDER_BYTES	 5 /* "bin" and the NUL, or "bin." of "bin.2.336.0" and the NUL */
#define JW_NO_PROGRAM	 2 /* beside the words of `kind` */

/* A runner's directory, as the kernel knows it. */
struct jw_root {
	__u64 inode;
	__u32 device;
	__u32 pad;
};

/* Directories of runners that the agent has registered: the number of each. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct jw_root);
	__type(value, __u32);
} jw_runner_roots __weak SEC(".maps");

/* Numbers of jobs that began here; those that user space begins are of other tracers. */
__u32 jw_next_job __weak = 1;

static __always_inline void jw_read_name(char *name, __u32 size, const struct dentry *dentry)
{
	bpf_probe_read_kernel_str(name, size, BPF_CORE_READ(dentry, d_name.name));
}

/*
 * Which program of a runner a file is, by its name and the name of its directory: `bin`, or after an
 * update of the runner `bin.<version>`. Its names in the tree of dentries are what the kernel opened.
 */
static __always_inline __u32 jw_runner_program(const struct dentry *dentry)
{
	char name[JW_PROGRAM_BYTES] = {}, folder[JW_FOLDER_BYTES] = {};
	__u32 kind;

	jw_read_name(name, sizeof(name), dentry);
	if (!bpf_strncmp(name, sizeof(name), "Runner.Worker"))
		kind = JW_RUNNER_worker;
	else if (!bpf_strncmp(name, sizeof(name), "Runner.Listener"))
		kind = JW_RUNNER_listener;
	else
		return JW_NO_PROGRAM;
	jw_read_name(folder, sizeof(folder), BPF_CORE_READ(dentry, d_parent));
	if (!bpf_strncmp(folder, sizeof(folder), "bin") || !bpf_strncmp(folder, sizeof(folder), "bin."))
		return kind;
	return JW_NO_PROGRAM;
}

/* The directory that holds the directory of a program. */
static __always_inline void jw_root_of(struct jw_root *root, const struct dentry *program)
{
	struct inode *inode = BPF_CORE_READ(program, d_parent, d_parent, d_inode);

	root->inode = BPF_CORE_READ(inode, i_ino);
	root->device = BPF_CORE_READ(inode, i_sb, s_dev);
	root->pad = 0;
}

/* Whether a task runs the Listener of that runner. */
static __always_inline bool jw_is_listener(struct task_struct *task, const struct jw_root *root)
{
	struct dentry *program = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);
	struct jw_root own;

	if (!program || jw_runner_program(program) != JW_RUNNER_listener)
		return false;
	jw_root_of(&own, program);
	return own.inode == root->inode && own.device == root->device;
}
