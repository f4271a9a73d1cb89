/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Catches the kernel's copies of names as they are freed; see name.bpf.h. */
#include "name.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

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

/* Whether the current call is one whose names we want. */
static __always_inline bool jw_names_matter(void)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u32 call = jw_call(regs), *flags = bpf_map_lookup_elem(&jw_call_flags, &call);

	return flags && *flags & JW_WANTS_NAMES;
}

/* Comes for everything that the kernel frees from a slab cache: the first test must be cheap. */
SEC("tp_btf/kmem_cache_free")
int BPF_PROG(jw_name_freed, unsigned long call_site, const void *object, const struct kmem_cache *cache)
{
	const struct filename *name = object;
	struct jw_given *given;
	struct jw_tag *tag;
	__u32 slot;
	long length;

	if (!jw_is_names_cache(cache))
		return 0;
	if (!jw_names_matter())
		return 0;
	tag = jw_self();
	if (!tag)
		return 0;
	given = bpf_task_storage_get(&jw_givens, bpf_get_current_task_btf(), NULL,
				     BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!given)
		return 0; /* the record is then made without a path, and flagged */
	if (given->call != tag->calls) {
		__builtin_memset(given->length, 0, sizeof(given->length));
		given->next = 0;
		given->call = tag->calls;
	}
	slot = given->next & (JW_NAMES - 1);
	given->next = slot + 1;
	given->pointer[slot] = (__u64)BPF_CORE_READ(name, uptr);
	length = bpf_probe_read_kernel_str(given->text[slot], JW_GIVEN_BYTES, BPF_CORE_READ(name, name));
	if (length < 0) {
		/* A name that fills the object leaves no room for the struct, which is elsewhere. */
		given->pointer[slot] = JW_LONG_NAME;
		length = bpf_probe_read_kernel_str(given->text[slot], JW_GIVEN_BYTES, object);
	}
	given->length[slot] = length > 0 ? length : 0;
	return 0;
}
