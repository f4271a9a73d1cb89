/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the largest records are put together: one area for each CPU. */
#pragma once

#include "jobwarden.bpf.h"

struct jw_large {
	__u64 busy;
	__u8 bytes[JW_LARGE_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2); /* user space: one for each possible CPU */
	__type(key, __u32);
	__type(value, struct jw_large);
} jw_larges __weak SEC(".maps");

/* The area of this CPU; NULL when a program that we interrupted has it. Given back by `busy = 0`. */
static __always_inline struct jw_large *jw_take_large(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct jw_large *large = bpf_map_lookup_elem(&jw_larges, &cpu);

	if (!large || __sync_val_compare_and_swap(&large->busy, 0, 1))
		return NULL;
	return large;
}
