/** System calls of x86-64: arch/x86/entry/syscalls/syscall_64.tbl. */
export const x64Calls = {
  write: 1,
  open: 2,
  mmap: 9,
  mprotect: 10,
  pwrite64: 18,
  writev: 20,
  dup: 32,
  dup2: 33,
  sendfile: 40,
  connect: 42,
  accept: 43,
  bind: 49,
  listen: 50,
  fcntl: 72,
  truncate: 76,
  ftruncate: 77,
  rename: 82,
  rmdir: 84,
  creat: 85,
  link: 86,
  unlink: 87,
  symlink: 88,
  chmod: 90,
  fchmod: 91,
  openat: 257,
  unlinkat: 263,
  renameat: 264,
  linkat: 265,
  symlinkat: 266,
  fchmodat: 268,
  splice: 275,
  fallocate: 285,
  accept4: 288,
  dup3: 292,
  pwritev: 296,
  open_by_handle_at: 304,
  renameat2: 316,
  copy_file_range: 326,
  pwritev2: 328,
  pkey_mprotect: 329,
  openat2: 437,
  fchmodat2: 452,
} as const;

/** What the 32-bit entry has beside the same call of older programs, whose lengths were short. */
type LongCallName = "fcntl64" | "ftruncate64" | "sendfile64" | "truncate64";
export type CallName = keyof typeof x64Calls | LongCallName;
type Calls = Partial<Record<CallName, number>>;

/** The same calls through the 32-bit entry: arch/x86/entry/syscalls/syscall_32.tbl. */
export const i386Calls = {
  write: 4,
  open: 5,
  creat: 8,
  link: 9,
  unlink: 10,
  chmod: 15,
  rename: 38,
  rmdir: 40,
  dup: 41,
  fcntl: 55,
  dup2: 63,
  symlink: 83,
  truncate: 92,
  ftruncate: 93,
  fchmod: 94,
  mprotect: 125,
  writev: 146,
  pwrite64: 181,
  sendfile: 187,
  mmap: 192,
  truncate64: 193,
  ftruncate64: 194,
  fcntl64: 221,
  sendfile64: 239,
  openat: 295,
  unlinkat: 301,
  renameat: 302,
  linkat: 303,
  symlinkat: 304,
  fchmodat: 306,
  splice: 313,
  fallocate: 324,
  dup3: 330,
  pwritev: 334,
  open_by_handle_at: 342,
  renameat2: 353,
  bind: 361,
  connect: 362,
  listen: 363,
  accept4: 364,
  copy_file_range: 377,
  pwritev2: 379,
  pkey_mprotect: 380,
  openat2: 437,
  fchmodat2: 452,
} as const satisfies Calls;

/** The same calls on arm64, which has only those with a directory: include/uapi/asm-generic/unistd.h. */
export const arm64Calls = {
  dup: 23,
  dup3: 24,
  fcntl: 25,
  unlinkat: 35,
  symlinkat: 36,
  linkat: 37,
  renameat: 38,
  truncate: 45,
  ftruncate: 46,
  fallocate: 47,
  fchmod: 52,
  fchmodat: 53,
  openat: 56,
  write: 64,
  writev: 66,
  pwrite64: 68,
  pwritev: 70,
  sendfile: 71,
  splice: 76,
  bind: 200,
  listen: 201,
  accept: 202,
  connect: 203,
  mmap: 222,
  mprotect: 226,
  accept4: 242,
  open_by_handle_at: 265,
  renameat2: 276,
  copy_file_range: 285,
  pwritev2: 287,
  pkey_mprotect: 288,
  openat2: 437,
  fchmodat2: 452,
} as const satisfies Calls;

/** Calls of the 32-bit entry stand behind the native ones in the kernel's table. */
const firstOf32Bit = 512;

/**
 * Indices of one call in the kernel's table of programs, on this machine.
 * @param architecture as Node's `process.arch`: x64 or arm64
 */
export function callIndices(name: CallName, architecture: string): number[] {
  const native: Calls = architecture === "arm64" ? arm64Calls : x64Calls;
  const compat: Calls = architecture === "x64" ? i386Calls : {};
  const own = native[name];
  const other = compat[name];
  return [
    ...(own === undefined ? [] : [own]),
    ...(other === undefined ? [] : [other + firstOf32Bit]),
  ];
}
