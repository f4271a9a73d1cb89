import type { Samples, Sequences } from "../engine/signature.ts";

const peer = "198.51.100.7:80";

function runs(process_key: number, parent_key: number, line: string, output: number): Samples {
  const args = line.split(" ");
  return {
    ...{ event: "process_exec", process_key, parent_key, path: `/usr/bin/${args[0]}`, args },
    ...{ stdout_kind: "pipe", stdout_inode: output },
  };
}

function connects(process_key: number): Samples {
  return { event: "socket_connect", process_key, type: "stream", error: 115, peer };
}

/** A client of process 1 that connects and ends. */
const fetches = (process_key: number): readonly [Samples, Samples] => [
  runs(process_key, 1, "curl x", 99),
  connects(process_key),
];

function python(): Samples {
  return runs(2, 1, "python3 agent.py", 10);
}

/** Connections, then a command whose output is kept, again and again. */
function rounds(commands: readonly string[], connections: number): Samples[] {
  return commands.flatMap((command, i) => [
    ...Array.from({ length: i === 0 ? 1 : connections }, () => connects(2)),
    runs(10 + i, 2, `sh -c ${command}`, 30 + i),
  ]);
}

export const fires: Sequences = [
  // Each round: fetch, run, send.
  [python(), ...rounds(["make", "make x", "ls"], 2), connects(2)],
  // One connection a round, by programs that look around.
  [python(), ...rounds(["id", "whoami", "uname -a"], 1), connects(2)],
  // A shell with curl.
  [
    runs(1, 0, "bash agent.sh", 10),
    ...["id", "ps aux", "hostname"].flatMap((command, i) => [
      ...fetches(10 + 2 * i),
      runs(11 + 2 * i, 1, command, 30 + i),
    ]),
    ...fetches(20),
  ],
];

export const silent: Sequences = [
  // An installer looks at the machine first, and then fetches three times.
  [
    runs(1, 0, "bash install.sh", 10),
    ...["uname -s", "uname -m", "id -u"].map((line, i) => runs(40 + i, 1, line, 50 + i)),
    ...Array.from({ length: 3 }, (_, i) => [
      ...fetches(10 + 2 * i),
      runs(11 + 2 * i, 1, "sha256sum file", 30 + i),
    ]).flat(),
    ...fetches(20),
  ],
  [python(), ...rounds(["id", "whoami"], 2), connects(2)],
  // Downloads that are unpacked: the output is let through.
  [
    python(),
    ...Array.from({ length: 9 }, (_, i) => [
      connects(2),
      connects(2),
      runs(10 + i, 2, "sh -c tar", 10),
    ]).flat(),
    connects(2),
  ],
  // Versions that are reported: one connection each.
  [python(), ...rounds(Array(9).fill("git rev-parse HEAD"), 1), connects(2)],
  // Waiting until it answers.
  [
    runs(1, 0, "bash wait.sh", 10),
    ...Array.from({ length: 9 }, (_, i) => [
      ...fetches(10 + 2 * i),
      runs(11 + 2 * i, 1, "sleep 1", 10),
    ]).flat(),
  ],
  // A shell that asks by itself each time.
  [
    runs(1, 0, "make", 10),
    ...Array.from({ length: 9 }, (_, i) => [
      runs(10 + 2 * i, 1, "sh -c curl", 30 + i),
      { ...runs(11 + 2 * i, 10 + 2 * i, "curl x", 30 + i) } as Samples,
      connects(11 + 2 * i),
    ]).flat(),
  ],
];
