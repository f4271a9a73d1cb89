import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  ContainerWatch,
  forgetClosedConnections,
  tellOldConnections,
} from "../../agent/containers.ts";
import type { Tracer } from "../../native/index.ts";
import { type ContainerRecord, Containers } from "../../src/jobs/containers.ts";
import { Docker } from "./docker.ts";
import { openTracer } from "./record.ts";
import { Records, runSteps } from "./step_runner.ts";

let tracer: Tracer;
let docker: Docker;
/** A connection to dockerd from before the programs were loaded. */
let older: Socket;
before(async () => {
  docker = await Docker.start();
  older = connect(docker.socket);
  // An answer says that dockerd has accepted the connection, which connect does not.
  older.write("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
  await once(older, "data");
  tracer = openTracer();
});
after(async () => {
  older?.destroy();
  tracer?.close();
  await docker?.stop();
});

function watch(socket = docker.socket) {
  const containers = new Containers();
  const changes: ContainerRecord[] = [];
  const onChange = (record: ContainerRecord) => changes.push(record);
  const data_root = join(docker.directory, "nowhere");
  return {
    containers,
    changes,
    watch: new ContainerWatch({ containers, onChange, socket, data_root }),
  };
}

/** Entries of connections that the agent has told, by the kind of jw_docker_connection. */
const oldConnections = () =>
  tracer.mapEntries("jw_docker_connections").filter(([, value]) => value.readUInt16LE(36) === 2);

test("a job's container is known with its name, image, labels, start and end", async () => {
  const records = new Records(tracer);
  const { containers, changes, watch: watching } = watch();
  await watching.reconcile(); // where dockerd keeps its files
  const { job, steps } = await runSteps(
    tracer,
    records,
    docker.command("create --name told --label 12ab34 --label a=b --net none bb /bin/true"),
    docker.command("start -a told"),
  );

  const [began] = records.of("container_cgroup");
  const [ended] = records.of("container_end");
  await watching.take(began!);
  await watching.take(ended!);

  docker.call("rm", "told");
  const expected = {
    ...{ id: began?.name, name: "told", image: "bb", labels: { "12ab34": "", a: "b" } },
    ...{ job, step_key: steps[0], cgroup_id: began?.cgroup_id, how: "id" },
    ...{ created_us: began?.time_us, removed_us: ended?.time_us },
  };
  assert.deepEqual(containers.get(began?.name ?? ""), expected);
  assert.deepEqual(
    changes.map(({ name, removed_us }) => [name, removed_us]),
    [
      ["", undefined],
      ["told", undefined],
      ["told", ended?.time_us],
    ],
  );
});

test("containers that run before the agent are of nobody", async (t) => {
  const id = docker.call("run", "-d", "--name", "older", "--net", "none", "bb", "/bin/sleep", "9");
  t.after(() => docker.call("rm", "-f", "older"));
  const { containers, changes, watch: watching } = watch();

  await watching.reconcile();

  const { created_us = 0, ...rest } = containers.get(id) ?? {};
  assert.deepEqual(rest, {
    ...{ id, name: "older", image: "bb", labels: {}, job: 0, step_key: 0, cgroup_id: 0 },
    ...{ removed_us: undefined, how: "unowned" },
  });
  assert.ok(Math.abs(created_us / 1000 - Date.now()) < 60_000);
  assert.equal(changes.length, 1);
});

test("without docker there is nothing to follow, and nothing fails", async () => {
  const { containers, changes, watch: watching } = watch("/tmp/no/docker.sock");

  await watching.reconcile();

  assert.deepEqual([...changes, ...containers.runningOf(0)], []);
});

test("connections that are older than the agent are told, and forgotten when they are closed", async () => {
  const client = connect(docker.socket);
  // An answer says that dockerd has taken the connection in, which connect does not.
  client.write("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
  await once(client, "data");

  tellOldConnections(tracer);
  forgetClosedConnections(tracer);
  const told = oldConnections().length;
  older.destroy();
  await once(older, "close");
  while (oldConnections().length > 0) forgetClosedConnections(tracer);

  assert.equal(told, 1);
});
