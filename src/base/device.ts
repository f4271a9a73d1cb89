/**
 * A device number as the kernel keeps it and as events carry it: major << 20 | minor. What stat(2)
 * gives is spelt in another way, see `kernelDevice`.
 */
export const deviceOf = (major: number, minor: number): number => ((major << 20) | minor) >>> 0;

/**
 * @param st_dev from stat(2): glibc spreads the 32 bits of each half over 64 (makedev(3))
 * @returns the same device as the kernel keeps it. On file systems whose stat(2) tells another
 *   device than their super block has (btrfs, overlayfs for files) it is not that of the events.
 */
export function kernelDevice(st_dev: bigint): number {
  const major = ((st_dev >> 8n) & 0xfffn) | ((st_dev >> 32n) & 0xfffff000n);
  const minor = (st_dev & 0xffn) | ((st_dev >> 12n) & 0xffffff00n);
  return deviceOf(Number(major), Number(minor));
}
