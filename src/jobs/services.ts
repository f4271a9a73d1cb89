import type { EdgeKind } from "./edge.ts";

interface Service {
  readonly kind: EdgeKind;
  /** Why what it does is not followed from here. */
  readonly how: string;
}

/**
 * Which daemon that starts programs for others listens at a unix socket; undefined when it is none
 * of the known ones. By the path's end: a container sees the same socket below another directory.
 */
export function serviceOf(path: string): Service | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  // The user's and any other daemon of its own have names like docker-1234.sock.
  if (/^docker[^/]*\.sock$/.test(name)) return docker;
  if (/^containerd[^/]*\.sock(\.ttrpc)?$/.test(name)) return containerd;
  if (/^podman[^/]*\.sock$/.test(name)) return podman;
  if (/^buildkitd?[^/]*\.sock$/.test(name)) return buildkit;
  if (/(^|\/)systemd\/private$/.test(path)) return systemd;
  if (name === "system_bus_socket" || isSessionBus.test(path)) return dbus;
  return undefined;
}

/** Sockets of sessions are `…/bus`, or, started by hand, abstract or in /tmp. */
const isSessionBus = /^(\/(var\/)?run\/user\/\d+\/bus|@?\/tmp\/dbus-\w+)$/;

const notAsked = "What was asked for is not seen on this socket: it could not be followed.";

const docker: Service = {
  kind: "docker",
  how: "No container is known that was started for it: it could not be followed.",
};
const containerd: Service = {
  kind: "containerd",
  how: "Containers that are not made by dockerd have no known owner: it could not be followed.",
};
const podman: Service = { kind: "podman", how: notAsked };
const buildkit: Service = {
  kind: "buildkit",
  how: "Nothing links a build step to who asked for it: it could not be followed.",
};
const systemd: Service = { kind: "systemd", how: notAsked };
const dbus: Service = { kind: "dbus", how: notAsked };
