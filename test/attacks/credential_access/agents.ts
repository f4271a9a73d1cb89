import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let socket = "";
/** An agent of somebody else, with a key of theirs. */
function prepare({ directory }: Place) {
  socket = join(directory, "ssh-Victim1/agent.42");
  execFileSync("mkdir", ["-m", "700", join(directory, "ssh-Victim1")]);
  const said = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
  const key = join(directory, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "victim", "-f", key]);
  execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return () => process.kill(pid);
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /victim/, stderr);
const found = {
  ...{ signature: "JW-124", severity: "medium", behaviour: "credential_access" },
  message: /agent\.42/,
} as const satisfies Partial<Variant["found"]>;

/** Asks for the list of keys. */
const question = "\\0\\0\\0\\1\\x0b";

export const variants: Variant[] = [
  {
    name: "python asks another's agent for its keys",
    prepare,
    command: () => [
      "python3",
      "-c",
      `import socket
s = socket.socket(socket.AF_UNIX); s.connect("${socket}"); s.send(b"${question}"); print(s.recv(9999))`,
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "perl asks it by a symbolic link and a relative name",
    prepare,
    command: ({ directory }) => [
      "sh",
      "-c",
      `cd ${directory}; ln -s agent.42 ssh-Victim1/x; perl -MSocket -e '
socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un("ssh-Victim1/x")); syswrite(S, "${question}");
sysread(S, $_, 9999); print'`,
    ],
    happened,
    found: { ...found, program: "/perl" },
  },
  {
    name: "ssh-add lists the keys of another's agent",
    prepare,
    command: () => ["sh", "-c", `SSH_AUTH_SOCK=${socket} ssh-add -L`],
    happened,
    found: { ...found, severity: "low", program: "/ssh-add" },
  },
];
