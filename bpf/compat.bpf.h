/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Differences between kernels: for each a flavour of the type as it was, and a getter. */
#pragma once

#include "jobwarden.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct filename___v6 {
	const char *uptr;
};

#pragma clang attribute pop

/* The caller's pointer to a name that the kernel copied; 0 since 7.0, which does not keep it. */
static __always_inline __u64 jw_name_pointer(const struct filename *name)
{
	const struct filename___v6 *old = (const void *)name;

	return bpf_core_field_exists(old->uptr) ? (__u64)BPF_CORE_READ(old, uptr) : 0;
}
