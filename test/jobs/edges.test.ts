import assert from "node:assert/strict";
import { test } from "node:test";
import type { Samples } from "../../src/engine/signature.ts";
import { Edges } from "../../src/jobs/edges.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { complete } from "../engine/sample.ts";

const group = "/jobwarden/job-1";

/** The edges of these events of process 7, told to a real tree. */
function edges(events: readonly Samples[], options = {}) {
  const tree = new ProcessTree();
  const found = new Edges({ group, addresses: ["192.0.2.1", "2001:db8::1"], ...options });
  const fresh = events.flatMap((sample, i) => {
    const event = complete({ process_key: 7, time_us: i + 1, ...sample } as Samples);
    return found.apply(event, tree.apply(event)) ?? [];
  });
  return { found, fresh };
}

const connects = (peer_path: string, error = 0): Samples => ({
  ...{ event: "socket_connect", family: "unix", peer_path, error },
});
const contacts = (peer: string, error = 115): Samples => ({
  ...{ event: "socket_connect", family: "inet", peer, error },
});
const executes = (path: string, ...args: string[]): Samples => ({
  ...{ event: "process_exec", path, args: [path, ...args] },
});
const moves = (cgroup_path: string, joined: "no" | "yes" = "no"): Samples => ({
  ...{ event: "cgroup_move", moved_key: 9, cgroup_path, joined },
});

const table: readonly [Samples, string | undefined][] = [
  [connects("/run/docker.sock"), "docker /run/docker.sock"],
  [connects("/var/run/docker.sock"), "docker /var/run/docker.sock"],
  [connects("/host/run/user/1000/docker.sock"), "docker /host/run/user/1000/docker.sock"],
  [connects("/run/docker.sock", 13), undefined],
  [
    connects("/run/containerd/containerd.sock.ttrpc"),
    "containerd /run/containerd/containerd.sock.ttrpc",
  ],
  [connects("/run/podman/podman.sock"), "podman /run/podman/podman.sock"],
  [connects("/run/buildkit/buildkitd.sock"), "buildkit /run/buildkit/buildkitd.sock"],
  [connects("/run/systemd/private"), "systemd /run/systemd/private"],
  [connects("/run/user/1000/systemd/private"), "systemd /run/user/1000/systemd/private"],
  [connects("/run/dbus/system_bus_socket"), "dbus /run/dbus/system_bus_socket"],
  [connects("/run/user/1000/bus"), "dbus /run/user/1000/bus"],
  [connects("@/tmp/dbus-Ab1"), "dbus @/tmp/dbus-Ab1"],
  [connects("/run/systemd/journal/stdout"), undefined],
  [connects("/tmp/app.sock"), undefined],
  [contacts("127.0.0.1:22"), "ssh 127.0.0.1:22"],
  [contacts("127.8.9.1:22"), "ssh 127.8.9.1:22"],
  [contacts("[::1]:22"), "ssh [::1]:22"],
  [contacts("0.0.0.0:22"), "ssh 0.0.0.0:22"],
  [contacts("192.0.2.1:22"), "ssh 192.0.2.1:22"],
  [contacts("[2001:db8::1]:22"), "ssh [2001:db8::1]:22"],
  [contacts("192.0.2.1:22", 111), undefined],
  [contacts("192.0.2.7:22"), undefined],
  [contacts("127.0.0.1:80"), undefined],
  [contacts("127.0.0.1:2375"), "docker 127.0.0.1:2375"],
  [executes("/usr/bin/nsenter", "-t", "1"), "nsenter /usr/bin/nsenter followed"],
  [executes("/usr/bin/crontab", "file"), "cron /usr/bin/crontab"],
  [executes("/usr/bin/crontab", "-l"), undefined],
  [executes("/usr/bin/at", "now"), "at /usr/bin/at"],
  [executes("/usr/bin/batch"), "at /usr/bin/batch"],
  [executes("/usr/bin/at", "-l"), undefined],
  [executes("/bin/cat"), undefined],
  [moves("/user.slice/x.scope"), "cgroup /user.slice/x.scope followed"],
  [moves("/"), "cgroup / followed"],
  [moves(`${group}1`), `cgroup ${group}1 followed`],
  [moves(group), undefined],
  [moves(`${group}/below/it`), undefined],
  [moves("/docker/1", "yes"), undefined],
  [{ event: "file_open", path: "/etc/cron.d/x", access: "write" }, "cron /etc/cron.d/x"],
  [{ event: "file_open", path: "/etc/cron.d/x", access: "read" }, undefined],
  [{ event: "file_write", path: "/etc/crontab" }, "cron /etc/crontab"],
  [
    { event: "file_rename", path: "/tmp/x", new_path: "/var/spool/cron/crontabs/ci" },
    "cron /var/spool/cron/crontabs/ci",
  ],
  [
    { event: "file_open", path: "/var/spool/cron/atjobs/a1", access: "write", created: "yes" },
    "at /var/spool/cron/atjobs/a1",
  ],
  [{ event: "file_link", path: "/x", new_path: "/etc/cron.hourly/y" }, "cron /etc/cron.hourly/y"],
  [{ event: "file_symlink", path: "/etc/cron.daily/y", target: "/x" }, "cron /etc/cron.daily/y"],
  [{ event: "file_write", path: "/etc/hosts" }, undefined],
];
for (const [i, [event, expected]] of table.entries()) {
  test(`edge ${i}, of ${event.event}: ${expected ?? "none"}`, () => {
    const { fresh } = edges([event]);

    const told = fresh.map(({ kind, target, followed }) => [
      ...[kind, target],
      ...(followed ? ["followed"] : []),
    ]);
    assert.deepEqual(
      told.map((words) => words.join(" ")),
      expected === undefined ? [] : [expected],
    );
    for (const { followed, how } of fresh) {
      assert.match(how, /^[A-Z].*\.$/);
      assert.equal(how.includes("could not be followed"), !followed);
    }
  });
}

test("ssh to this host is told by its program too, whatever the port", () => {
  const { fresh } = edges([executes("/usr/bin/ssh", "localhost"), contacts("127.0.0.1:2222")]);

  assert.deepEqual(
    fresh.map(({ kind, target }) => [kind, target]),
    [["ssh", "127.0.0.1:2222"]],
  );
});

test("a process, a kind and a target are one edge, however often", () => {
  const other = { ...connects("/run/docker.sock"), process_key: 8 } as Samples;
  const { found, fresh } = edges([
    connects("/run/docker.sock"),
    connects("/run/docker.sock"),
    other,
  ]);

  assert.deepEqual(
    fresh.map(({ key, time_us }) => [key, time_us]),
    [
      ["docker 7 /run/docker.sock", 1],
      ["docker 8 /run/docker.sock", 3],
    ],
  );
  assert.deepEqual(found.all, fresh);
});

test("an edge to docker is followed when its containers are known, and only that process's", () => {
  const other = { ...connects("/run/docker.sock"), process_key: 8 } as Samples;
  const { found } = edges([connects("/run/docker.sock"), other]);

  found.follow("docker", 7, ["c1"]);
  const marked = found.follow("docker", 7, ["c2", "c1"]);

  assert.deepEqual(marked, [found.all[0]]);
  assert.deepEqual(
    found.all.map(({ followed, containers }) => [followed, containers]),
    [
      [true, ["c1", "c2"]],
      [false, []],
    ],
  );
  assert.deepEqual(found.follow("docker", 99, ["c3"]), []);
});

test("a move into a group that is bound to the job is no exit", () => {
  const found = new Edges({ group });
  found.addGroup("/docker/1");

  const into = (path: string) => found.apply(complete(moves(path)), undefined)?.target;

  assert.equal(into("/docker/1/init"), undefined);
  assert.equal(into("/docker/2"), "/docker/2");
});

test("a job without a group of its own cannot leave it", () => {
  const { fresh } = edges([moves("/user.slice")], { group: undefined });

  assert.deepEqual(fresh, []);
});

test("more edges than a job may have are counted, and a long target is cut", () => {
  const long = `/tmp/${"x".repeat(1000)}/docker.sock`;
  const { found } = edges(
    [connects(long), connects("/1/docker.sock"), connects("/2/docker.sock")],
    { limit: 2 },
  );

  assert.equal(found.all.length, 2);
  assert.equal(found.all[0]?.target.length, 513);
  assert.equal(found.dropped, 1);
});

test("the crontabs of a container are nobody's on the host, its docker socket is", () => {
  const events = [
    executes("/usr/bin/crontab", "file"),
    { event: "file_write", path: "/etc/cron.d/x" } as const,
    connects("/var/run/docker.sock"),
  ];

  const { fresh } = edges(events, { isForeign: (key: number) => key === 7 });

  assert.deepEqual(
    fresh.map(({ kind }) => kind),
    ["docker"],
  );
});
