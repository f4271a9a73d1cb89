import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { removeCgroup } from "../../agent/cgroup.ts";
import type { Tracer } from "../../native/index.ts";
import {
  aloneWithContainers,
  assertInstalled,
  groupsCalled,
  imageTar,
  removeTree,
} from "./container_host.ts";
import { openTracer } from "./record.ts";
import { Records, runSteps } from "./step_runner.ts";

const podman = "/usr/bin/podman";
/** Where podman puts its containers; those that the host has stay. */
let madeGroups: readonly string[] = [];
let tracer: Tracer;
let directory: string;
let release: () => void;
before(async () => {
  assertInstalled(podman, "/usr/sbin/runc");
  release = await aloneWithContainers();
  madeGroups = groupsCalled("libpod_parent", false);
  tracer = openTracer();
  directory = mkdtempSync("/tmp/podman-");
  writeFileSync(join(directory, "containers.conf"), configuration());
  const input = imageTar(directory);
  execFileSync("/bin/sh", ["-c", command("import - bb")], { input, stdio: "pipe" });
});
after(() => {
  tracer?.close();
  execFileSync("/bin/sh", ["-c", command("rm -f -a")], { stdio: "pipe" });
  removeTree(directory);
  for (const path of madeGroups) removeCgroup({ path, id: 0n });
  release?.();
});

/** Without systemd, and with limits that a process without CAP_SYS_RESOURCE may set. */
function configuration(): string {
  const files = execFileSync("/bin/sh", ["-c", "ulimit -Hn"], { encoding: "utf8" }).trim();
  return `[containers]
default_ulimits = ["nofile=${files}:${files}", "nproc=1000:1000"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
`;
}

function command(args: string): string {
  const places = `--root ${directory}/root --runroot ${directory}/run`;
  return `CONTAINERS_CONF=${directory}/containers.conf ${podman} --storage-driver vfs ${places} ${args}`;
}

function memberOf(records: Records, ...args: string[]) {
  const exec = records.exec(...args);
  return exec && { job: exec.job, step_key: exec.step_key };
}

test("podman's containers are of the step that runs podman, by lineage", async () => {
  const records = new Records(tracer);

  const { job, steps } = await runSteps(
    tracer,
    records,
    command("run --rm --net none bb /bin/echo ran"),
    command("run -d --name open --net none bb /bin/sleep 1004"),
    command("exec open /bin/echo entered"),
    command("rm -f -t 0 open"),
  );

  assert.deepEqual(memberOf(records, "/bin/echo", "ran"), { job, step_key: steps[0] });
  assert.deepEqual(memberOf(records, "/bin/sleep", "1004"), { job, step_key: steps[1] });
  assert.deepEqual(memberOf(records, "/bin/echo", "entered"), { job, step_key: steps[2] });
  const groups = records.of("container_cgroup").map(({ name, time_us, ...group }) => {
    assert.match(name, /^libpod-(conmon-)?[0-9a-f]{64}$/);
    return [group.job, group.step_key, group.how];
  });
  assert.deepEqual(groups, [
    [job, steps[0], "creator"],
    [job, steps[1], "creator"],
  ]);
});
