import { defineSignature, type Samples } from "../engine/signature.ts";
import { actingProgram, programName } from "./acting_program.ts";

export const agentSocket = defineSignature({
  id: "JW-124",
  name: "agent_socket",
  title: "Someone Else's Key Agent Used",
  severity: "medium",
  behaviours: ["credential_access"],
  attack: ["T1563.001", "T1552.004"],
  doc: "A process connected to the socket of an SSH or GnuPG agent that no process of the job had made.",
  why:
    "An agent signs with its keys for whoever may open its socket. The keys are not copied, and serve " +
    "all the same to log in as their owner, for as long as the agent runs.",
  benign: [
    "A runner whose operator gave it an agent: ssh and git may use that, which is reported as low.",
    "Client libraries such as paramiko that ask the agent of the runner.",
  ],
  evade: [
    "Use the agent through ssh or ssh-add: low only, because these are its honest users.",
    "An agent with a socket of another name or in the abstract name space.",
    "Agents that the job was given by a descriptor.",
  ],
  events: ["socket_bind", "socket_connect"],

  match(event, { memory, process }) {
    if (event.family !== "unix") return undefined;
    if (event.event === "socket_bind") {
      if (isAgent.test(event.local_path)) memory.set(event.local_path, 1);
      return undefined;
    }
    const { peer_path, error } = event;
    if (error !== 0 || !isAgent.test(peer_path) || memory.get(peer_path) !== undefined) {
      return undefined;
    }
    const name = actingProgram(process)?.name ?? "";
    return {
      message: `${programName(process)} (pid ${process.pid}) uses a key agent that is not of this job: ${peer_path}.`,
      evidence: { peer_path, program: process.path },
      key: `${peer_path} ${process.path}`,
      ...(users.has(name) && { severity: "low" }),
    };
  },

  examples: {
    fires: [
      [exec("/usr/bin/python3", "x.py"), connects()],
      [exec("/usr/bin/ssh-add", "-L"), connects()],
    ],
    silent: [
      [
        exec("/usr/bin/ssh-agent"),
        {
          event: "socket_bind",
          process_key: 1,
          family: "unix",
          local_path: "/tmp/ssh-Xa1/agent.12",
        },
        connects(),
      ],
      [
        exec("/usr/bin/python3"),
        { ...connects(), peer_path: "/run/postgresql/.s.PGSQL" } as Samples,
      ],
      [exec("/usr/bin/python3"), { ...connects(), error: 13 } as Samples],
    ],
  },
});

const isAgent =
  /\/ssh-\w+\/agent\.\d+$|\/\.ssh\/agent\/s\.[^/]+$|\/(?:S\.gpg-agent(?:\.\w+)?|ssh-agent(?:\.sock(?:et)?)?|keyring\/\.?ssh)$/;

const users = new Set(
  "ssh ssh-add scp sftp git rsync autossh ansible ansible-playbook gpg gpg-agent gpg-connect-agent gpgconf gpgsm keyboxd scdaemon gpg2".split(
    " ",
  ),
);

function exec(path: string, ...args: string[]): Samples {
  return { event: "process_exec", process_key: 1, parent_key: 0, path, args: [path, ...args] };
}

function connects(): Samples {
  return {
    ...{ event: "socket_connect", process_key: 1, family: "unix", error: 0 },
    peer_path: "/tmp/ssh-Xa1/agent.12",
  };
}
