import type { Hook } from "./schema.ts";

/** Keeps the kernel's copies of names, for calls that take names and where no better way is. */
export const nameFreed: Hook = {
  program: "jw_name_freed",
  on: "tp_btf/kmem_cache_free (Linux 6.0)",
  loses:
    "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
};
