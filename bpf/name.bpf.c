/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Catches the kernel's copies of names as they are freed; see name.bpf.h. */
#include "compat.bpf.h"
#include "name.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_OBJECT	     1 /* which argument of the tracepoint it is */
#define JW_NAMES_CACHE_BYTES 12 /* "names_cache" and the NUL */

/* The slab cache of names, once it was met. */
static __u64 jw_names_cache;

static __always_inline bool jw_is_names_cache(const struct kmem_cache *cache)
{
	char name[JW_NAMES_CACHE_BYTES] = {};

	if (jw_names_cache)
		return jw_names_cache == (__u64)cache;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(cache, name));
	if (bpf_strncmp(name, sizeof(name), "names_cache"))
		return false;
	jw_names_cache = (__u64)cache;
	return true;
}

/* Comes for everything that the kernel frees from a slab cache: the first test must be cheap. */
SEC("tp_btf/kmem_cache_free")
int BPF_PROG(jw_name_freed, unsigned long call_site, const void *object_, const struct kmem_cache *cache)
{
	const struct filename *name;
	struct jw_given *given;

	if (!jw_is_names_cache(cache))
		return 0;
	given = jw_keep_names();
	/* What the kernel resolved is better, and was kept before the name is freed. */
	if (!given || (given->next && given->pointer[0] == JW_RESOLVED))
		return 0;
	/* Not by its name: most kernels' verifiers refuse to hand out a `const void *`. */
	bpf_probe_read_kernel(&name, sizeof(name), &ctx[JW_OBJECT]);
	/* A name that fills the object leaves no room for the struct, which is elsewhere. */
	if (jw_keep_text(given, jw_name_pointer(name), BPF_CORE_READ(name, name)) < 0)
		jw_keep_text(given, JW_LONG_NAME, name);
	return 0;
}
