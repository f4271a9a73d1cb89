import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Tracer } from "../../native/index.ts";
import { Docker } from "./docker.ts";
import { openTracer } from "./record.ts";
import { Records, runSteps } from "./step_runner.ts";

/** As struct jw_docker_connection in bpf/docker.bpf.h. */
const [connectionBytes, closedAt, kindAt, begunAt] = [40, 24, 36, 38];
const [plain, building, unknown] = [0, 1, 2];

let tracer: Tracer;
let docker: Docker;
before(async () => {
  docker = await Docker.start();
  tracer = openTracer();
});
after(async () => {
  tracer?.close();
  await docker?.stop();
});

/** A build whose file is its standard input. */
const build = (kit: 0 | 1, command: string, options = "") =>
  `printf 'FROM bb\\nRUN ${command}\\n' | DOCKER_BUILDKIT=${kit} ` +
  docker.command(`build --no-cache --network none ${options} -`);

const groups = (records: Records) =>
  records.of("container_cgroup").map(({ job, step_key, how }) => ({ job, step_key, how }));

/** Of which job and step what a build runs was. */
function memberOf(records: Records, command: string) {
  const exec = records.exec("/bin/sh", "-c", command);
  return exec && { job: exec.job, step_key: exec.step_key };
}

test("what the legacy builder runs is of the step that builds", async () => {
  const records = new Records(tracer);

  const { job, steps } = await runSteps(
    tracer,
    records,
    "/bin/true",
    build(0, "/bin/echo legacy; :"),
  );

  const member = { job, step_key: steps[1] };
  assert.deepEqual(groups(records), [{ ...member, how: "legacy_build" }]);
  assert.deepEqual(memberOf(records, "/bin/echo legacy; :"), member);
});

test("a build that tells its client nothing is of nobody", async () => {
  const records = new Records(tracer);

  await runSteps(tracer, records, build(0, "/bin/echo quiet; :", "-q"));

  assert.deepEqual(groups(records), [{ job: 0, step_key: 0, how: "unowned" }]);
  assert.equal(memberOf(records, "/bin/echo quiet; :"), undefined);
});

test("what BuildKit runs is of the step that builds, while no other does", async () => {
  await lastBuildIsOver();
  const records = new Records(tracer);

  const { job, steps } = await runSteps(tracer, records, build(1, "/bin/echo kit; :"));

  const member = { job, step_key: steps[0] };
  assert.deepEqual(groups(records), [{ ...member, how: "buildkit" }]);
  assert.deepEqual(memberOf(records, "/bin/echo kit; :"), member);
});

test("of two who build at once BuildKit's work is given to none", async () => {
  await lastBuildIsOver();
  const records = new Records(tracer);
  const other = spawn("/bin/sh", ["-c", build(1, "/bin/sleep 1003")], {
    stdio: "ignore",
    detached: true,
  });
  const otherEnded = once(other, "close");
  while (groups(records).length === 0) await delay(10);

  await runSteps(tracer, records, build(1, "/bin/echo both; :"));
  process.kill(-(other.pid ?? 0), "SIGTERM");
  await otherEnded;

  assert.deepEqual(groups(records), [
    { job: 0, step_key: 0, how: "buildkit" },
    { job: 0, step_key: 0, how: "ambiguous" },
  ]);
  assert.equal(memberOf(records, "/bin/echo both; :"), undefined);
});

test("a connection from before the tracer may be a build's", async () => {
  await lastBuildIsOver();
  const records = new Records(tracer);
  const [key, before] = [Buffer.alloc(8, 0xff), Buffer.alloc(connectionBytes)];
  before.writeUInt16LE(unknown, kindAt);
  tracer.mapSet("jw_docker_connections", key, before);

  await runSteps(tracer, records, build(1, "/bin/echo late; :"));

  tracer.mapDelete("jw_docker_connections", key);
  assert.deepEqual(groups(records), [{ job: 0, step_key: 0, how: "ambiguous" }]);
});

test("a request for a build is seen when its first byte is read by itself", async () => {
  await lastBuildIsOver();
  const client = connect(docker.socket);
  client.write("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
  await once(client, "data");
  client.write("P");
  while (!connections().some((value) => value[begunAt] === "P".charCodeAt(0))) await delay(10);

  client.write("OST /v1.41/build HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");
  await once(client, "data");

  const kinds = connections().map((value) => value.readUInt16LE(kindAt));
  client.destroy();
  assert.deepEqual(
    kinds.filter((kind) => kind !== plain),
    [building],
  );
});

const connections = (): Buffer[] =>
  tracer.mapEntries("jw_docker_connections").map(([, value]) => value);

/** A build counts for a second after its end; here until this is called. */
async function lastBuildIsOver(): Promise<void> {
  for (;;) {
    const entries = tracer.mapEntries("jw_docker_connections");
    const builds = entries.filter(([, value]) => value.readUInt16LE(kindAt) !== plain);
    if (builds.length === 0) return;
    for (const [key, value] of builds) {
      if (value.readBigUInt64LE(closedAt) > 0n) tracer.mapDelete("jw_docker_connections", key);
    }
    await delay(10);
  }
}
