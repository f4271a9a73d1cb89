/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Text in the caller's memory. Another thread may have changed it since the kernel read it, so a
 * record that holds some says that it is the caller's word.
 */
#pragma once

#include "jobwarden.bpf.h"

/* Appends it without its NUL. Returns the length; at most `bytes` (a power of two) less 1. */
static __always_inline __u32 jw_append_caller_text(struct jw_header *h, __u32 limit, __u32 bytes,
						   __u64 from)
{
	__u8 *to = from ? jw_room(h, limit, bytes) : NULL;
	long size;

	if (!to)
		return 0;
	size = bpf_probe_read_user_str(to, bytes, (void *)from);
	if (size <= 0) {
		h->flags |= JW_UNREADABLE;
		return 0;
	}
	if (size == bytes)
		h->flags |= JW_TRUNCATED;
	size = (size - 1) & (bytes - 1);
	h->size += size;
	h->flags |= JW_FROM_CALLER;
	return size;
}

static __always_inline __u32 jw_caller_u32(__u64 at)
{
	__u32 value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)at);
	return value;
}
