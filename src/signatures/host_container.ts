import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { hostAccess } from "./container_arguments.ts";

export const hostContainer = defineSignature({
  id: "JW-204",
  name: "host_container",
  title: "Container with the Host in It",
  severity: "high",
  behaviours: ["container_escape"],
  attack: ["T1610", "T1611"],
  doc:
    "A process of the job asks a container runtime for a container that has the host in it: every " +
    "right, the host's root directory or processes, a disk; or it speaks to the runtime's socket " +
    "itself, with a tool that is no client of it.",
  why:
    "The runtime runs as root outside of the job. Whoever may ask it for such a container is root on " +
    "the host: Shai-Hulud wrote sudoers rules that way.",
  benign: [
    "Emulators, test clusters and builders (binfmt, kind, k3s, buildkit, docker in docker) need " +
      "--privileged: by their image reported as low.",
    "A container that is given the runtime's socket, a strong capability, or the host's /dev: reported " +
      "as low.",
    "Test libraries speak to the socket from Java, Node, Python or Go: silent.",
    "A script that asks the socket with curl whether Docker is there.",
  ],
  evade: [
    "The arguments of a client are hints: a client of another name, a configuration file (compose), or " +
      "a program of one's own that speaks to the socket asks for the same.",
    "Give the container the name of an image that needs every right.",
    "Reach the runtime over TCP, or through a container that has its socket.",
  ],
  events: ["process_exec", "socket_connect"],

  match(event, job) {
    return event.event === "process_exec" ? atExec(event, job) : atConnect(event, job);
  },

  examples: {
    fires: [
      [runs("docker", "run", "--rm", "--privileged", "alpine", "sh")],
      [runs("docker", "run", "-it", "-v", "/:/host", "alpine", "chroot", "/host")],
      [runs("podman", "run", "--volume=/etc:/e", "alpine")],
      [runs("docker", "-H", "unix:///var/run/docker.sock", "run", "--pid=host", "alpine")],
      [runs("docker", "run", "--pid", "host", "alpine")],
      [runs("docker", "create", "--mount", "type=bind,source=/,target=/h", "alpine")],
      [runs("docker", "run", "-v/:/h", "alpine")],
      [runs("docker", "run", "--device=/dev/sda", "alpine")],
      [runs("nerdctl", "run", "--cap-add", "ALL", "alpine")],
      [runs("docker", "run", "--privileged", "tonistiigi/binfmt", "--install", "all")],
      [runs("curl"), connects("/run/docker.sock")],
      [runs("socat"), connects("/var/run/docker.sock")],
    ],
    silent: [
      [runs("docker", "run", "--rm", "-v", "/work:/work", "-w", "/work", "node:24", "npm", "ci")],
      [runs("docker", "run", "alpine", "echo", "--privileged")],
      [runs("docker", "run", "-e", "A=1", "alpine", "-v", "/:/h")],
      [runs("docker", "build", "-t", "x", ".")],
      [runs("echo", "run", "--privileged")],
      [runs("docker"), connects("/var/run/docker.sock")],
      [runs("java"), connects("/var/run/docker.sock")],
      [runs("curl"), connects("/run/mysqld.sock")],
    ],
  },
});

function atExec({ path, args }: EventNamed<"process_exec">, { process }: JobContext) {
  const access = hostAccess(path, args);
  if (!access) return undefined;
  return {
    message: `${baseName(path)} (pid ${process.pid}) asks for a container with ${access.what}.`,
    evidence: { access: access.what, arguments: args.join(" ").slice(0, shownBytes) },
    severity: access.severity,
    key: `${path} ${access.what}`,
  } satisfies Match;
}

const shownBytes = 200;

const isRuntime = /\/(docker|containerd|podman|crio|dockershim|k3s\/containerd\/containerd)\.sock$/;
/** They say what one tells them to say; whoever uses them with the socket is no client. */
const plainTools = new Set(
  "curl wget wget2 socat nc ncat nc.openbsd nc.traditional netcat".split(" "),
);
const EINPROGRESS = 115;

function atConnect(
  { peer_path, error }: EventNamed<"socket_connect">,
  { process }: JobContext,
): Match | undefined {
  if (!isRuntime.test(peer_path) || (error !== 0 && error !== EINPROGRESS)) return undefined;
  const program = baseName(process.path);
  if (!plainTools.has(program)) return undefined;
  return {
    message: `${program} (pid ${process.pid}) speaks to the container runtime's socket ${peer_path} itself.`,
    evidence: { socket: peer_path },
    key: `${process.path} ${peer_path}`,
  };
}

function runs(program: string, ...args: string[]): Samples {
  return {
    ...{ event: "process_exec", process_key: 1, path: `/usr/bin/${program}` },
    args: [program, ...args],
  } as Samples;
}

function connects(peer_path: string): Samples {
  return { event: "socket_connect", process_key: 1, family: "unix", peer_path };
}
