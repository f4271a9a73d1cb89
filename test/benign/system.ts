import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../attacks/traced_job.ts";
import type { BenignJob } from "../attacks/variant.ts";

const bash = (script: string) => () => ["bash", "-euc", script];
const says = (word: string) => (traced: Traced) =>
  assert.ok(traced.stdout.includes(word), `${traced.stdout}${traced.stderr}`);

/** A program that has workers, and ends them by their group. */
const supervisor = `
import os, signal, subprocess, sys
workers = [subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(3)]
for worker in workers:
    os.killpg(worker.pid, signal.SIGTERM)
print("ended", [worker.wait() for worker in workers])`;

const withRing = `require("fs").promises.readFile("/etc/hostname").then((text) => console.log("read", text.length))`;

function source({ directory }: Place): undefined {
  writeFileSync(join(directory, "main.c"), "int main(void) { return 0; }\n");
}

/** A client that asks nobody: what it was told is in its arguments. */
function client({ directory }: Place): undefined {
  copyFileSync("/bin/echo", join(directory, "docker"));
}

export const jobs: BenignJob[] = [
  {
    name: "a shell ends its own children: by number, by time, by name, by group",
    command: bash(`
      sleep 61 & kill $!; wait $! || true
      timeout 0.1 sleep 61 || true
      sleep 62.0625 & pkill -f '^sleep 62[.]0625$'; wait $! || true
      setsid sh -c 'sleep 63 & trap "" TERM; kill 0; wait' || true
      kill -0 $$; echo ended`),
    worked: says("ended"),
  },
  {
    name: "a supervisor ends its workers by their groups",
    command: () => ["python3", "-c", supervisor],
    worked: says("ended [-15, -15, -15]"),
  },
  {
    name: "a sandbox of namespaces: its own users, mounts, processes and network",
    command: bash(`
      unshare --user --map-root-user --mount --pid --net --fork --mount-proc sh -euc '
        mount -t tmpfs none /tmp; mkdir /tmp/root /tmp/root/usr /tmp/root/etc
        mount --bind /usr /tmp/root/usr; mount -o remount,bind,ro /tmp/root/usr
        mount --bind /etc /tmp/root/etc
        ln -s usr/bin /tmp/root/bin; ln -s usr/lib /tmp/root/lib; ln -s usr/lib64 /tmp/root/lib64
        chroot /tmp/root /bin/echo inside'`),
    worked: says("inside"),
  },
  {
    name: "a network of the job's own, entered again and left",
    command: bash(`
      unshare --net --mount sh -c 'ip link set lo up; sleep 60' & there=$!
      until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
      nsenter --target $there --net ip link show lo; kill $there; echo left`),
    worked: says("left"),
  },
  {
    name: "a root that is changed by pivot_root in a mount namespace of the job's own",
    command: bash(`
      unshare --mount sh -euc '
        mkdir new; mount -t tmpfs none new; mkdir new/old new/usr new/bin new/lib new/lib64
        for d in usr bin lib lib64; do mount --rbind /$d new/$d; done
        cd new; pivot_root . old; echo inside; ls /'`),
    worked: says("inside"),
  },
  {
    name: "a file system is made on an image, by a loop device, and mounted",
    command: bash(`
      truncate -s 8M image; mkfs.ext4 -q image; device=$(losetup --find --show image)
      trap 'umount there 2>/dev/null || true; losetup -d $device' EXIT
      blkid -p $device; mkdir there; mount $device there; echo made >there/file; cat there/file`),
    worked: says("made"),
  },
  {
    name: "a machine is looked at: settings, addresses, sockets, mounts, disks",
    command: bash(`
      sysctl -a >settings 2>/dev/null || true; grep -q kernel.core_pattern settings
      ip address >addresses; ss -tln >sockets; findmnt >mounts; lsblk >disks 2>&1 || true
      df >free; cat /proc/mounts /proc/cpuinfo >more; cat /sys/kernel/mm/transparent_hugepage/enabled
      echo looked`),
    worked: says("looked"),
  },
  {
    name: "a setting of the network and of memory is set as tests of servers do",
    command: bash(`
      v=$(cat /proc/sys/vm/max_map_count); echo "$v" >/proc/sys/vm/max_map_count
      unshare --net sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'; echo set`),
    worked: says("set"),
  },
  {
    name: "node works through an io_uring",
    command: () => ["node", "-e", withRing],
    env: { UV_USE_IO_URING: "1" },
    worked: says("read"),
  },
  {
    name: "a program is traced and debugged by those who started it",
    prepare: source,
    command: bash(`
      gcc -g -o main main.c; strace -f -o calls ./main; grep -q exit_group calls
      gdb -batch -ex run ./main 2>&1 | tail -1`),
    worked: says("exited normally"),
  },
  {
    name: "a container's client builds and runs as builds do",
    prepare: client,
    command: bash(`
      ./docker build -t app .; ./docker run --rm -v "$PWD:/work" -w /work gcc:14 make
      ./docker run --rm -e A=1 -p 8080:80 --network host nginx; echo built`),
    worked: says("built"),
  },
];
