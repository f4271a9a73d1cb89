import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import { recordFlags } from "../events/schema.ts";
import { baseName } from "./base_name.ts";
import { isInContainer, learnNamespaces } from "./containers.ts";
import { created, started } from "./examples.ts";
import { isBySystemManager, lineOf } from "./lineage.ts";

const setUser = 0o4000;
const setGroup = 0o2000;
const anyExecute = 0o111;
const isRegular = (mode: number): boolean => (mode & 0o170000) === 0o100000;

/*
 * The set-group bit of a folder is ordinary (`chmod g+s`), and the event of a new mode does not say
 * what it is of. So a set-group program is found when it is also executed.
 */
export const setIdMade = defineSignature({
  id: "JW-181",
  name: "set_id_made",
  title: "Set-Id Program Made",
  severity: "high",
  behaviours: ["privilege_escalation"],
  attack: ["T1548.001"],
  doc:
    "A process of the job makes a program that runs as its owner, whoever starts it: by a new mode, " +
    "or with the bit from the start. High when root makes it, medium for any other user.",
  why:
    "Whoever starts such a program later has the rights of its owner. A shell that belongs to root " +
    "and has this bit makes everybody root, long after the job.",
  benign: [
    "Chromium's sandbox, container and file-system helpers are installed so by hand: low, by name.",
    "The project is such a program, and its installation is tested outside of a container.",
  ],
  evade: [
    "Give the program a capability instead, or a name of a known helper.",
    "Make it in a container that sees a folder of the host.",
    "Set the group's bit only, and start it when the job is over.",
  ],
  events: ["process_exec", "file_chmod", "file_open"],

  match(event, job) {
    const { memory } = job;
    switch (event.event) {
      case "file_open":
        if (event.created === "no" || !(event.mode & setUser)) return undefined;
        if (!isRegular(event.mode) || event.flags & recordFlags.nameless) return undefined;
        return judge(event.path, event.mode, job);
      case "file_chmod":
        if (!(event.mode & (setUser | setGroup)) || !(event.mode & anyExecute)) return undefined;
        if (event.mode & setUser) return judge(event.path, event.mode, job);
        memory.set(`group ${event.path}`, event.mode);
        return undefined;
      case "process_exec": {
        learnNamespaces(event, job);
        // Who is not root; a memory that forgets this calls a medium finding high.
        if (event.euid !== 0) memory.set(`user ${event.process_key}`, 1);
        const mode = memory.get(`group ${event.path}`);
        return mode === undefined ? undefined : judge(event.path, mode, job);
      }
    }
  },

  examples: {
    fires: [
      [started(1, "/usr/bin/dash"), chmod(1, 0o4755, "/tmp/x")],
      [started(1, "/usr/bin/dash"), chmod(1, 0o6711, "/home/a/.cache/sh")],
      [{ ...started(1, "/usr/bin/dash"), euid: 1000 }, chmod(1, 0o4755, "/tmp/x")],
      [
        started(1, "/usr/bin/python3.11"),
        { ...created(1, "/tmp/x"), mode: 0o104755 } as ReturnType<typeof created>,
      ],
      [
        started(1, "/usr/bin/dash"),
        chmod(1, 0o2755, "/tmp/x"),
        { ...started(2, "/tmp/x"), egid: 42 },
      ],
      // The name of a helper is less.
      [started(1, "/usr/bin/chmod"), chmod(1, 0o4755, "/w/electron/dist/chrome-sandbox")],
    ],
    silent: [
      [started(1, "/usr/bin/dash"), chmod(1, 0o755, "/tmp/x")],
      [started(1, "/usr/bin/dash"), chmod(1, 0o2775, "/w/shared")],
      // Without the right to execute it is no program.
      [started(1, "/usr/bin/dash"), chmod(1, 0o4644, "/tmp/x")],
      [started(1, "/usr/bin/dpkg", "-i"), chmod(1, 0o4755, "/usr/bin/x")],
      [
        started(1, "/usr/bin/fakeroot"),
        started(2, "/usr/bin/install", "-m", "4755"),
        chmod(2, 0o4755, "/w/x"),
      ],
      [started(1, "/usr/bin/tar", "-xf", "rootfs.tar"), chmod(1, 0o4755, "/w/rootfs/usr/bin/su")],
      [started(1, "/usr/bin/install"), chmod(1, 0o4755, "/w/debian/x/usr/bin/x")],
    ],
  },
});

function judge(path: string, mode: number, job: JobContext): Match | undefined {
  const name = baseName(path);
  if (isPackaged.test(path) || isBySystemManager(job) || isInContainer(job)) return undefined;
  const line = lineOf(job);
  if (line.some((process) => isImageBuilder.test(baseName(process.path)))) return undefined;
  // The tree of a system is unpacked; what else is set-id in it is found.
  if (isUnpacker.test(baseName(job.process.path)) && isSystemsOwn.test(name)) return undefined;
  const isUser = line.some(({ process_key }) => job.memory.get(`user ${process_key}`));
  const who = baseName(job.process.path) || "A process";
  return {
    message: `${who} (pid ${job.process.pid}) made ${path} a program that runs as its owner, whoever starts it.`,
    evidence: { path, mode: (mode & 0o7777).toString(8) },
    key: path,
    severity: isHelper.test(name) ? "low" : isUser ? "medium" : "high",
  };
}

const isPackaged = /\/(debian|pkg|BUILDROOT|rootfs|chroot|DEBIAN)\//;
const isImageBuilder =
  /^(fakeroot(-\w+)?|faked(-\w+)?|pseudo|fakechroot|dpkg-buildpackage|rpmbuild|makepkg|debootstrap|mmdebstrap|mkosi|buildah|podman|dockerd|containerd.*|buildkitd|kaniko|umoci|skopeo|unsquashfs|snapcraft)$/;
const isUnpacker = /^(tar|bsdtar|cpio|rsync|cp|unsquashfs|dpkg-deb|rpm2archive|7zz?)$/;
const isSystemsOwn =
  /^(su|sudo|mount(\.\w+)?|umount(\.\w+)?|passwd|chsh|chfn|chage|expiry|gpasswd|newgrp|sg|ping6?|pkexec|fusermount3?|unix_chkpwd|ssh-keysign|dbus-daemon-launch-helper|polkit-agent-helper-1|newuidmap|newgidmap|crontab|at|bwrap|pppd|ntfs-3g|busybox|bbsuid)$/;
const isHelper =
  /^(chrome[-_]sandbox|starter-suid|bwrap|newuidmap|newgidmap|fusermount3?|slirp4netns|ping|nvidia-modprobe)$/;

function chmod(process_key: number, mode: number, path: string) {
  return { event: "file_chmod", process_key, mode, path } as const;
}
