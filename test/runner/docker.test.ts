import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inWorkspace, newRunner, play, removeRunner } from "./harness.ts";

/** Says what it is asked; gives an id where the client gives one. No daemon is needed for that. */
const client = (root: string) => `#!/bin/sh
printf '%s\\n' "$*" >>"${root}/docker.calls"
case $1 in create) echo id-of-$3 ;; exec) env >"${root}/docker.env" ;; esac
`;

const runner = newRunner();
before(async () => {
  const path = join(runner.root, "standin", "bin", "docker");
  writeFileSync(path, client(runner.root));
  chmodSync(path, 0o755);
  await runner.start();
});
after(() => removeRunner(runner));

/** The commands since the last time, without what differs from run to run. */
function calls(): string[] {
  const path = join(runner.root, "docker.calls");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  writeFileSync(path, "");
  return lines.map((line) =>
    line
      .replaceAll(runner.root, "ROOT")
      .replace(/[0-9a-f-]{36}/g, "GUID")
      .replace(/[0-9a-f]{32}/g, "HEX")
      .replace(/_[0-9a-f]{6}\b/g, "_6")
      .replace(/\b[0-9a-f]{6}\b/g, "LABEL")
      .replace(/( -e [A-Z_0-9]+)+(?= )/g, " -e …"),
  );
}

const ours = "-v ROOT/standin/bin:/standin:ro -v ROOT/truth/";

test("a job container and its service are made, used and removed by the client", async () => {
  const played = await play(runner, "container", "container", { docker: { pull: true } });

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const job = "HEX_standinbusybox1_6";
  const service = "HEX_standinservice1_6";
  assert.deepEqual(
    calls().map((line) => line.replace(new RegExp(`${ours}\\S+`), "OURS")),
    [
      "version --format {{.Server.APIVersion}}",
      "version --format {{.Client.APIVersion}}",
      "ps --all --quiet --no-trunc --filter label=LABEL",
      "network prune --force --filter label=LABEL",
      "network create --label LABEL github_network_HEX",
      "pull standin/busybox:1",
      `create --name ${job} --label LABEL --workdir /__w/hello/hello --network github_network_HEX -e INSIDE=yes -e GITHUB_ACTIONS=true -e CI=true -v /var/run/docker.sock:/var/run/docker.sock -v ROOT/_work:/__w -v ROOT/externals:/__e:ro -v ROOT/_work/_temp:/__w/_temp -v ROOT/_work/_actions:/__w/_actions -v ROOT/_work/_tool:/__t -v ROOT/_work/_temp/_github_home:/github/home -v ROOT/_work/_temp/_github_workflow:/github/workflow OURS --entrypoint tail standin/busybox:1 -f /dev/null`,
      `start id-of-${job}`,
      `ps --all --filter id=id-of-${job} --filter status=running --no-trunc --format {{.ID}} {{.Status}}`,
      "pull standin/service:1",
      `create --name ${service} --label LABEL --network github_network_HEX --network-alias cache -e GITHUB_ACTIONS=true -e CI=true standin/service:1`,
      `start id-of-${service}`,
      `ps --all --filter id=id-of-${service} --filter status=running --no-trunc --format {{.ID}} {{.Status}}`,
      `inspect --format={{if .Config.Healthcheck}}{{print .State.Health.Status}}{{end}} id-of-${service}`,
      `exec -i --workdir /__w/hello/hello -e … id-of-${job} sh -e /__w/_temp/GUID.sh`,
      `exec -i --workdir /__w/hello/hello -e … id-of-${job} sh -e /__w/_temp/GUID.sh`,
      `rm --force id-of-${job}`,
      `rm --force id-of-${service}`,
      "network rm github_network_HEX",
    ],
  );
  assert.equal(played.containers.length, 2);
  // The client carries the values that it passes by name, with the paths of the container.
  const env = readFileSync(join(runner.root, "docker.env"), "utf8");
  assert.match(env, /^GITHUB_WORKSPACE=\/__w\/hello\/hello$/m);
  assert.match(env, /^GITHUB_EVENT_PATH=\/github\/workflow\/event\.json$/m);
  assert.match(env, /^RUNNER_TOOL_CACHE=\/__t$/m);
  assert.match(env, /^GITHUB_ENV=\/__w\/_temp\/_runner_file_commands\/set_env_/m);
});

test("a docker action is built at the start and run as its step", async () => {
  const played = await play(runner, "docker", "action");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const mounts = `--network bridge -v /var/run/docker.sock:/var/run/docker.sock -v ROOT/_work/_temp:/github/runner_temp -v ROOT/_work/_temp/_github_home:/github/home -v ROOT/_work/_temp/_github_workflow:/github/workflow -v ROOT/_work/_temp/_runner_file_commands:/github/file_commands -v ${inWorkspace(runner, "").replace(runner.root, "ROOT").replace(/\/$/, "")}:/github/workspace OURS`;
  const common =
    "--label LABEL --workdir /github/workspace --rm -e … -e GITHUB_ACTIONS=true -e CI=true";
  const folder = "ROOT/_work/_actions/octo/docker/v1";
  const said = calls().map((line) => line.replace(new RegExp(`${ours}\\S+`), "OURS"));
  assert.deepEqual(
    [said[0], said[1]?.replace(/--name \S+/, "--name N"), said[2]],
    [
      `build -t LABEL:HEX -f ${folder}/Dockerfile ${folder}`,
      `run --name N ${common} ${mounts} LABEL:HEX /standin/mark docker-action; echo "hello Barbara"`,
      `run --name standinbusybox1_6 ${common} --entrypoint /standin/mark ${mounts} standin/busybox:1 image`,
    ],
  );
  assert.deepEqual(
    played.children.map(({ kind, position, program }) => [
      kind,
      position,
      program.split("/").at(-1),
    ]),
    [
      ["set_up", null, "docker"],
      ["main", 0, "bash"],
      ["main", 1, "docker"],
      ["main", 2, "docker"],
      ["main", 3, "bash"],
    ],
  );
});
