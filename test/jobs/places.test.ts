import assert from "node:assert/strict";
import { test } from "node:test";
import { Places } from "../../src/jobs/places.ts";
import { isRunnersOwn } from "../../src/jobs/runner_writes.ts";

const root = "/home/ci/actions-runner";
const places = new Places({
  runner_root: root,
  workspace: `${root}/_work/app/app`,
  homes: [
    { user: "ci", path: "/home/ci" },
    { user: "root", path: "/root/" },
  ],
});

const table: Readonly<Record<string, string>> = {
  [`${root}/.env`]: "runner_file configuration named",
  [`${root}/.path`]: "runner_file configuration named",
  [`${root}/.service`]: "runner_file configuration named",
  [`${root}/.runner`]: "runner_file configuration named",
  [`${root}/.runner_migrated`]: "runner_file configuration named",
  [`${root}/.credentials_rsaparams`]: "runner_file configuration named",
  [`${root}/bin`]: "runner_file program",
  [`${root}/bin.2.336.0/Runner.Worker.dll`]: "runner_file program",
  [`${root}/externals/node20/bin/node`]: "runner_file program",
  [`${root}/externals.2.336.0/node24/bin/node`]: "runner_file program",
  [`${root}/run.sh`]: "runner_file program",
  [`${root}/run-helper.sh.template`]: "runner_file program",
  [`${root}/binary`]: "other",
  [`${root}/_diag/Worker_1.log`]: "runner_file log passing",
  [`${root}/_work/_tool/node/20.1.0/x64/bin/node`]: "runner_file tool",
  [`${root}/_work/_actions/actions/checkout/v4/dist/index.js`]: "runner_file action",
  [`${root}/_work/_update.sh`]: "runner_file update",
  [`${root}/_work/_update/bin/x`]: "runner_file update",
  [`${root}/_work/_temp/1.sh`]: "temporary",
  [`${root}/_work/app/app/.npmrc`]: "workspace",
  [`${root}/_work/other/other/file`]: "other",
  "/home/ci/.bashrc": "dotfile ci named",
  "/home/ci/.ssh/authorized_keys": "dotfile ci named",
  "/home/ci/.ssh/new_key": "dotfile ci",
  "/home/ci/.gitconfig": "dotfile ci named",
  "/home/ci/.docker/config.json": "dotfile ci named",
  "/home/ci/.config/autostart/x.desktop": "dotfile ci",
  "/home/ci/.config/systemd/user/a.service": "unit ci",
  "/home/ci/.config/systemd/user/timers.target.wants/a.timer": "timer ci",
  "/home/ci/.cache/pip/x": "other",
  "/root/.npmrc": "dotfile root named",
  "/home/cicada/.bashrc": "other",
  "/etc/systemd/system/a.service": "unit",
  "/etc/systemd/system/a.timer": "timer",
  "/etc/systemd/system/a.timer.d/b.conf": "timer",
  "/run/systemd/transient/run-u1.service": "unit",
  "/run/systemd/system/a.service": "unit",
  "/run/systemd/sessions/1": "other",
  "/usr/lib/systemd/system/a.service": "unit",
  "/lib/systemd/system/a.service": "unit",
  "/etc/crontab": "crontab",
  "/etc/cron.d/x": "crontab",
  "/etc/cron.daily/x": "crontab",
  "/etc/anacrontab": "crontab",
  "/var/spool/cron/crontabs/ci": "crontab",
  "/var/spool/cron/atjobs/a0001": "crontab",
  "/var/spool/at/a0001": "crontab",
  "/etc/sudoers": "system lasting named",
  "/etc/sudoers.d/ci": "system lasting",
  "/etc/ld.so.preload": "system lasting named",
  "/etc/alternatives/cc": "system",
  "/usr/bin/cc": "system",
  "/boot/vmlinuz": "system",
  "/lib64/ld.so": "system",
  "/opt/tool": "system",
  "/tmp/x": "temporary",
  "/var/tmp/x": "temporary",
  "/dev/shm/x": "temporary",
  "/dev/null": "kernel",
  "/proc/self/oom_score_adj": "kernel",
  "/sys/kernel/x": "kernel",
  "/srv/data": "other",
  "/": "other",
};

for (const [path, expected] of Object.entries(table)) {
  test(`${path} is ${expected}`, () => {
    const { kind, part, user, lasting, named } = places.of(path);

    const usual = kind !== "system";
    const said = [
      kind,
      part,
      user,
      lasting && !usual ? "lasting" : "",
      !lasting && kind === "runner_file" ? "passing" : "",
      named ? "named" : "",
    ];
    assert.equal(said.filter(Boolean).join(" "), expected);
    const lastingKinds = ["runner_file", "dotfile", "unit", "timer", "crontab"];
    if (lastingKinds.includes(kind)) assert.equal(lasting, part !== "log");
  });
}

test("a work folder elsewhere has the runner's files too, and its repositories are the workspace", () => {
  const elsewhere = new Places({ runner_root: "/opt/runner", work_folder: "/data/work" });

  assert.equal(elsewhere.of("/data/work/_tool/x").part, "tool");
  assert.equal(elsewhere.of("/data/work/app/app/x").kind, "workspace");
  assert.equal(elsewhere.of("/opt/runner/.env").part, "configuration");
  assert.equal(elsewhere.withWorkspace("/data/work/app/app").of("/data/work/b/b").kind, "other");
});

test("a workspace below /tmp is the workspace, and a job without a runner has no runner files", () => {
  const run = new Places({ workspace: "/tmp/build" });

  assert.equal(run.of("/tmp/build/bin/x").kind, "workspace");
  assert.equal(run.of("/tmp/builder").kind, "temporary");
  assert.equal(run.of("/.env").kind, "other");
});

test("what the runner itself writes is expected of the Worker and of set-up actions only", () => {
  assert.equal(isRunnersOwn("log", "worker", false), true);
  assert.equal(isRunnersOwn("log", "script", true), false);
  assert.equal(isRunnersOwn("action", "set_up", true), true);
  assert.equal(isRunnersOwn("action", "action", true), false);
  assert.equal(isRunnersOwn("tool", "action", true), true);
  assert.equal(isRunnersOwn("tool", "action", false), false);
  assert.equal(isRunnersOwn("tool", "script", true), false);
  assert.equal(isRunnersOwn("configuration", "worker", false), false);
  assert.equal(isRunnersOwn("program", "worker", false), false);
  assert.equal(isRunnersOwn("update", "unknown", true), false);
});
