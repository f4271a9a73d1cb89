import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

export const rawDevice = defineSignature({
  id: "JW-206",
  name: "raw_device",
  title: "Disk or Memory of the Machine Opened",
  severity: "high",
  behaviours: ["raw_device_access"],
  attack: ["T1006"],
  doc:
    "A process of the job opens the node of a block device, past the file system that lies on it, or a " +
    "file that is the machine's memory.",
  why:
    "Whoever reads the disk itself reads every file of the machine whatever its permissions, and who " +
    "writes it changes programs without opening them. From a container it is the way to the host.",
  benign: [
    "Tools that make, check, list and mount file systems: reported as low, and on loop devices and RAM " +
      "disks not at all.",
    "`dd` of an image onto a card or an attached disk, on a runner that flashes hardware.",
    "Benchmarks of disks, such as fio.",
  ],
  evade: [
    "Give the program the name of a tool that is expected to do this: it is then reported as low.",
    "Reach the disk's driver by a character device, such as /dev/sg0.",
    "Attach a loop device to the disk, and open that.",
  ],
  events: ["file_open"],

  match(event, job) {
    if ((event.mode & typeMask) === blockDevice) return judge(event, job);
    return isMemory.test(event.path) ? memoryOpened(event, job) : undefined;
  },

  examples: {
    fires: [
      [...opens("/usr/bin/dd", "/dev/vda")],
      [...opens("/usr/sbin/debugfs", "/dev/nvme0n1p1")],
      // A node of the job's own, whatever its number.
      [...opens("/usr/bin/cat", "/tmp/loop0")],
      [...opens("/usr/sbin/blkid", "/dev/sda1")],
      [...opens("/usr/bin/python3.11", "/dev/loop0")],
      [...opens("/usr/bin/dd", "/proc/kcore", 0o100400)],
    ],
    silent: [
      [...opens("/usr/sbin/mke2fs", "/dev/loop3")],
      [...opens("/usr/bin/dd", "/dev/zero", 0o020666)],
      [...opens("/usr/sbin/losetup", "/dev/loop0p1")],
      [...opens("/usr/bin/cat", "/src/proc/kcore", 0o100400)],
    ],
  },
});

const typeMask = 0o170000;
const blockDevice = 0o060000;
/** What a job makes of its own files or memory; `sr` and `fd` are drives for discs. */
const isHarmless = /^\/dev\/(loop|ram|zram|nbd|sr|fd)\d+(p\d+)?$/;
const isTool =
  /^(mkfs.*|mke2fs|mkswap|swapon|swapoff|mount|umount|fuse2fs|ntfs.*|losetup|blkid|lsblk|findmnt|udevadm|systemd.*|fsck.*|e2fsck|e2image|resize2fs|tune2fs|dumpe2fs|xfs_.*|btrfs|cryptsetup|lvm|dmsetup|dmeventd|multipath|mdadm|parted|partprobe|partx|kpartx|[cs]?fdisk|gdisk|sgdisk|growpart|wipefs|blockdev|hdparm|smartctl|nvme|grub.*|zpool|zfs|zdb|qemu-.*|virt-.*|guestfish|fio|udisksd|swaplabel|eject|df)$/;

function judge(
  { path, access }: EventNamed<"file_open">,
  { process }: JobContext,
): Match | undefined {
  const program = baseName(process.path);
  const isExpected = isTool.test(program);
  if (isExpected && isHarmless.test(path)) return undefined;
  const severity = isExpected || isHarmless.test(path) ? "low" : "high";
  return {
    message: `${program || "A process"} (pid ${process.pid}) opened the block device ${path} directly.`,
    evidence: { path, access },
    severity,
    key: `${process.path} ${path}`,
  };
}

const isMemory = /^\/(proc\/kcore|dev\/(mem|kmem|port))$/;

const memoryOpened = (
  { path, access }: EventNamed<"file_open">,
  { process }: JobContext,
): Match => ({
  message: `${baseName(process.path) || "A process"} (pid ${process.pid}) opened ${path}, which is the memory of the machine.`,
  evidence: { path, access },
  key: `${process.path} ${path}`,
});

function opens(program: string, path: string, mode = 0o060660): readonly [Samples, Samples] {
  return [
    { event: "process_exec", process_key: 1, path: program },
    { event: "file_open", process_key: 1, path, mode },
  ];
}
