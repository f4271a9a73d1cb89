import type { Behaviour } from "../engine/behaviours.ts";
import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

type MountChange = EventNamed<"mount_change">;

export const mountAlias = defineSignature({
  id: "JW-205",
  name: "mount_alias",
  title: "Sensitive Path Mounted Over, or Elsewhere",
  severity: "medium",
  behaviours: ["namespace_abuse"],
  attack: ["T1611", "T1564"],
  doc:
    "A process of the job mounts something over a file or directory that the system trusts, shows a " +
    "store of secrets under another name, or mounts a disk or the control groups of the machine.",
  why:
    "What is mounted over /etc/passwd or a program is read and run in its place, though the file itself " +
    "is as it was; what is mounted elsewhere is read under a name that nobody watches. A disk of the " +
    "machine that is mounted again is all of its files.",
  benign: [
    "Sandboxes (bubblewrap, flatpak, nix, unshare) mount much below a root of their own: silent.",
    "A job that sets up a data disk of its runner.",
    "Tests of container runtimes.",
  ],
  evade: [
    "Mount the parent of a sensitive directory, or an overlay over the root.",
    "Build a new root with the change in it, and pivot to it.",
    "Use names of secrets that are not listed here; reading them is judged by what was read.",
  ],
  events: ["process_exec", "mount_change"],

  match(event, job) {
    if (event.event === "process_exec") {
      if (job.memory.get("home") === undefined) job.memory.set("home", event.mount_namespace);
      return undefined;
    }
    if (event.how !== "mount" && event.how !== "move_mount" && event.how !== "open_tree") {
      return undefined;
    }
    return judge(event, job);
  },

  examples: {
    fires: [
      [begins(), mounts({ mount_flags: bindFlag(), source: "/tmp/p", target: "/etc/passwd" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/tmp/gcc", target: "/usr/bin/gcc" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/root/.ssh", target: "/tmp/x" })],
      [begins(), mounts({ how: "open_tree", source: "/home/u/.aws" })],
      [begins(), mounts({ type: "ext4", source: "/dev/vda1", target: "/mnt" })],
      [begins(), mounts({ type: "cgroup", source: "cgroup", target: "/tmp/cgrp" })],
      [begins(), mounts({ type: "overlay", source: "overlay", target: "/usr/lib/gcc" })],
    ],
    silent: [
      [begins(), mounts({ type: "tmpfs", source: "tmpfs", target: "/tmp" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/c", target: "/root/.cache/go" })],
      [begins(), mounts({ type: "proc", source: "proc", target: "/proc" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/usr", target: "/newroot/usr" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/etc", target: "/etc" })],
      [begins(), mounts({ mount_flags: bindFlag(), source: "/r/x", target: "/etc/resolv.conf" })],
      [
        begins(),
        mounts({ mount_flags: bindFlag(), source: "/home/u/.ssh", target: "/nr/home/u/.ssh" }),
      ],
      [begins(), mounts({ type: "ext4", source: "/dev/loop0", target: "/mnt" })],
      [begins(), mounts({ mount_flags: 0x20 | bindFlag(), target: "/usr/bin" })],
      [begins(), mounts({ how: "umount", target: "/etc/passwd" })],
    ],
  },
});

const remount = 0x20;
const propagation = 0x1e0000; // MS_UNBINDABLE, PRIVATE, SLAVE, SHARED
/** MS_BIND. */
function bindFlag(): number {
  return 0x1000;
}

/** Not what a network of one's own has for itself: hosts, resolv.conf. */
const isTrusted =
  /^\/(etc\/(passwd|shadow|group|gshadow|sudoers|sudoers\.d|ld\.so\.[^/]+|pam\.d|pam\.conf|ssl|ca-certificates|ssh|profile|profile\.d|environment|crontab|cron\.[^/]+|systemd|init\.d|apt)|(usr\/)?(local\/)?(bin|sbin|lib|lib32|lib64|libexec)|boot|root\/\.(ssh|bashrc|profile|bash_profile|gnupg))(\/|$)/;
const isSecret =
  /^(\/root|\/home\/[^/]+)\/\.(ssh|aws|azure|gnupg|kube|docker|config\/(gcloud|gh)|netrc|npmrc|pypirc|git-credentials|password-store)(\/|$)|^\/etc\/(shadow|gshadow|sudoers)(-|\.d)?(\/|$)|^\/proc\/\d+(\/|$)|\/\.credentials(_rsaparams)?$/;
const isDisk = /^\/dev\/(sd|vd|xvd|hd|nvme|mmcblk|md|dm-|mapper\/|disk\/|root$)/;

interface Judgement {
  readonly what: string;
  readonly severity: Severity;
  readonly behaviours: readonly [Behaviour, ...Behaviour[]];
}

function judge(event: MountChange, job: JobContext): Match | undefined {
  const { error, type, mount_flags, how } = event;
  if (how === "mount" && mount_flags & (remount | propagation)) return undefined;
  const judgement = ofFileSystem(event) ?? ofAlias(event, job);
  if (!judgement || (error !== 0 && !refusals.has(error))) return undefined;
  const { process } = job;
  const severity = error === 0 ? judgement.severity : "low";
  return {
    message:
      `${baseName(process.path) || "A process"} (pid ${process.pid}) ` +
      `${error === 0 ? "" : "tried, and failed: it "}${judgement.what}.`,
    evidence: { source: event.source, target: event.target, type, how, error },
    severity,
    behaviours: judgement.behaviours,
    key: `${process.path} ${event.source} ${event.target}`,
  };
}
const refusals: ReadonlySet<number> = new Set([1, 13]);

function ofFileSystem({ type, source, target, how, mount_flags }: MountChange) {
  if (how !== "mount" || mount_flags & bindFlag()) return undefined;
  if (isDisk.test(source)) {
    return {
      what: `mounted the disk ${source} at ${target}`,
      severity: "high",
      behaviours: ["container_escape", "raw_device_access"],
    } as const satisfies Judgement;
  }
  if (type !== "cgroup" || /\/cgroup(\/|$)/.test(target)) return undefined;
  return {
    what: `mounted control groups of the first version at ${target}, whose release_agent the host runs`,
    severity: "high",
    behaviours: ["container_escape", "namespace_abuse"],
  } as const satisfies Judgement;
}

/** A mount over a trusted path, or of a secret. Whose tail is the same is below a root of its own. */
function ofAlias(event: MountChange, { memory }: JobContext): Judgement | undefined {
  const { source, target, type, mount_namespace, how, mount_flags } = event;
  const isBind = how !== "mount" || (mount_flags & bindFlag()) !== 0;
  if (source === target && how === "mount") return undefined;
  if (isBind && isSecret.test(source) && !target.endsWith(source)) {
    const where = target === "" ? "" : ` as ${target}`;
    return { what: `shows ${source}${where}`, severity: "medium", behaviours: ["namespace_abuse"] };
  }
  if (!isTrusted.test(target) || !(isBind || type === "overlay" || type.startsWith("fuse"))) {
    return undefined;
  }
  const isOfHost = mount_namespace === memory.get("home");
  return {
    what: `mounted ${source || "something"} over ${target}${isOfHost ? ", for the whole machine" : ""}`,
    severity: isOfHost ? "high" : "medium",
    behaviours: ["namespace_abuse"],
  };
}

function begins(): Samples {
  return { event: "process_exec", process_key: 1, path: "/bin/sh", mount_namespace: 1 };
}

function mounts(fields: Partial<MountChange>): Samples {
  return { event: "mount_change", process_key: 1, how: "mount", mount_namespace: 2, ...fields };
}
