/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Opens of which the opened file does not tell the process: what lies behind its descriptors, its root
 * and its working directory, and what was refused. The caller's name does, as far as it is the plain
 * one; where it was read from the caller's memory, the record says so.
 */
#pragma once

#include "pid.bpf.h"
#include "procfs.bpf.h"

#define JW_PROC_BYTES  6 /* "/proc/" */
#define JW_PROC_DIGITS 8
#define JW_PROC_NAME   16 /* "/proc/" and as many digits, and the longest name below it */

#if defined(__TARGET_ARCH_x86)
#define JW_OPEN	       2
#define JW_CREAT       85
#define JW_OPEN_32BIT  (JW_32BIT + 5)
#define JW_CREAT_32BIT (JW_32BIT + 8)
#define JW_HANDLE      304
#define JW_HANDLE_32BIT (JW_32BIT + 342)
#else
#define JW_OPEN	       JW_NO_CALL
#define JW_CREAT       JW_NO_CALL
#define JW_OPEN_32BIT  JW_NO_CALL
#define JW_CREAT_32BIT JW_NO_CALL
#define JW_HANDLE      265
#define JW_HANDLE_32BIT JW_NO_CALL
#endif

/* The name that a call which opens was given; 0 when it takes none. */
static __always_inline __u64 jw_opened_name(struct pt_regs *regs)
{
	__u32 call = jw_call(regs);

	if (call == JW_HANDLE || call == JW_HANDLE_32BIT)
		return 0;
	if (call == JW_OPEN || call == JW_CREAT || call == JW_OPEN_32BIT || call == JW_CREAT_32BIT)
		return jw_arg(regs, 0);
	return jw_arg(regs, 1);
}

static __always_inline bool jw_starts(const char *text, const char *with, __u32 length)
{
	for (__u32 i = 0; i < length; i++)
		if (text[i] != with[i])
			return false;
	return true;
}

#define JW_STARTS(text, with) jw_starts(text, with, sizeof(with) - 1)
/* The same, and the name ends there or goes on below. */
#define JW_ENTERS(text, with)                                                                      \
	(JW_STARTS(text, with) && ((text)[sizeof(with) - 1] == 0 || (text)[sizeof(with) - 1] == '/'))

/* What a name below the directory of a process is. Opened files of procfs tell by themselves. */
static __always_inline __u16 jw_way_of_name(const char *name, bool refused)
{
	if (JW_STARTS(name, "fd/") && name[3])
		return JW_WAY_descriptor_file;
	if (JW_ENTERS(name, "root"))
		return JW_WAY_root;
	if (JW_ENTERS(name, "cwd"))
		return JW_WAY_working_directory;
	if (!refused)
		return JW_WAY_none;
	if (JW_ENTERS(name, "mem"))
		return JW_WAY_memory_file;
	if (JW_ENTERS(name, "environ"))
		return JW_WAY_environment;
	return JW_ENTERS(name, "fd") ? JW_WAY_descriptor_list : JW_WAY_none;
}

/* From the caller's memory, or from the kernel's copy of it. */
static __always_inline long jw_read_open_name(char *to, __u32 size, __u64 from, bool is_copy)
{
	return is_copy ? bpf_probe_read_kernel_str(to, size, (void *)from) :
			 bpf_probe_read_user_str(to, size, (void *)from);
}

static __noinline int jw_opened_by_name(__u64 pointer, __u32 error, bool is_copy)
{
	char name[JW_PROC_NAME] = {};
	struct jw_deed deed = { .flags = is_copy ? 0 : JW_FROM_CALLER, .error = error };
	__u32 number = 0, at = JW_PROC_BYTES;

	/* Nearly all names end the matter here. */
	if (jw_read_open_name(name, sizeof(name), pointer, is_copy) < 0 || !JW_STARTS(name, "/proc/"))
		return 0;
	for (int i = 0; i < JW_PROC_DIGITS; i++) {
		char digit = name[JW_PROC_BYTES + i];

		if (digit < '0' || digit > '9')
			break;
		number = number * 10 + digit - '0';
		at++;
	}
	if (!number || jw_read_open_name(name, sizeof(name), pointer + at, is_copy) < 0 ||
	    name[0] != '/')
		return 0;
	deed.way = jw_way_of_name(name + 1, error);
	deed.pid = deed.way == JW_WAY_none ? NULL : jw_pid(number);
	return deed.pid ? jw_tell_access(&deed) : 0;
}
