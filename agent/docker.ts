import { existsSync } from "node:fs";
import { containerCgroup } from "../src/events/notices/container_cgroup.ts";
import { containerEnd } from "../src/events/notices/container_end.ts";
import { containerExec } from "../src/events/notices/container_exec.ts";

/** Where docker's daemon is, or listens, on the distributions that we know. */
const places = ["/var/run/docker.sock", "/usr/bin/dockerd", "/usr/sbin/dockerd"];

/** Whether this host can have containers of docker. */
export const hasDocker = (): boolean => places.some((place) => existsSync(place));

/**
 * Notices that a host without docker does not need: their programs look at each system call of every
 * process. Containers of podman and the like are their job's by lineage, without them.
 */
export const withoutDocker = (): readonly string[] => (hasDocker() ? [] : dockerNotices);

export const dockerNotices: readonly string[] = [
  containerCgroup.name,
  containerExec.name,
  containerEnd.name,
];
