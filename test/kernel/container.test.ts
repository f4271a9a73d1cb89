import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cgroupRoot } from "../../agent/cgroup.ts";
import type { Tracer } from "../../native/index.ts";
import { Docker } from "./docker.ts";
import { openTracer } from "./record.ts";
import { Records, runSteps } from "./step_runner.ts";

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

const run = (command: string, options = "") =>
  docker.command(`run --rm --net none ${options} bb ${command}`);

/** Of which job and step the exec of these arguments was. */
function memberOf(records: Records, ...args: string[]) {
  const exec = records.exec(...args);
  return exec && { job: exec.job, step_key: exec.step_key };
}

/** Of whom the groups of containers are, in the order in which they were made. */
const groups = (records: Records) =>
  records.of("container_cgroup").map(({ job, step_key, how }) => ({ job, step_key, how }));

test("a container's processes are of its client's job and step, from before the first is in it", async () => {
  const records = new Records(tracer);

  const { job, steps } = await runSteps(
    tracer,
    records,
    "/bin/true",
    run("/bin/sh -c '/bin/echo ran; :'"),
  );

  const [group, ...others] = records.of("container_cgroup");
  assert.deepEqual(others, []);
  const { size, time_us, thread_id, process_key, cgroup_id, name, ...told } = group!;
  assert.deepEqual(told, {
    event: "container_cgroup",
    event_id: 1004,
    flags: 0,
    job,
    step_key: steps[1],
    how: "id",
  });
  assert.match(name, /^[0-9a-f]{64}$/);
  const client = records.of("process_exec").find(({ args }) => args[0] === "/usr/bin/docker");
  assert.equal(process_key, client?.process_key);
  assert.deepEqual(memberOf(records, "/bin/echo", "ran"), { job, step_key: steps[1] });
  const [joined] = records.of("cgroup_move").filter((move) => move.cgroup_id === cgroup_id);
  assert.equal(joined?.joined, "yes");
  assert.ok(joined.time_us >= time_us);
  const ends = records.of("container_end").map((end) => [end.job, end.cgroup_id]);
  assert.deepEqual(ends, [[job, cgroup_id]]);
});

test("a container is of the step that made it, what is executed in it of the step that asked", async () => {
  const records = new Records(tracer);
  const one = "exec served /bin/sh -c '/bin/echo one; :'";

  const { job, steps } = await runSteps(
    tracer,
    records,
    docker.command("create --name served --net none bb /bin/sleep 1000"),
    docker.command("start served"),
    docker.command(one),
    docker.command("exec -d served /bin/sleep 1001"),
    docker.command("exec served /bin/echo two"),
  );
  const other = await runSteps(tracer, records, docker.command("exec served /bin/echo three"));
  docker.call("exec", "served", "/bin/echo", "four");
  docker.call("rm", "-f", "served");

  assert.deepEqual(memberOf(records, "/bin/sleep", "1000"), { job, step_key: steps[0] });
  assert.deepEqual(memberOf(records, "/bin/echo", "one"), { job, step_key: steps[2] });
  assert.deepEqual(memberOf(records, "/bin/sleep", "1001"), { job, step_key: steps[3] });
  assert.deepEqual(memberOf(records, "/bin/echo", "two"), { job, step_key: steps[4] });
  // The container's job, and no step of it: another asked.
  assert.deepEqual(memberOf(records, "/bin/echo", "three"), { job, step_key: 0 });
  assert.deepEqual(memberOf(records, "/bin/echo", "four"), { job, step_key: 0 });
  const [group] = records.of("container_cgroup");
  assert.deepEqual(
    records.of("container_exec").map((exec) => {
      assert.equal(exec.container, group?.name);
      assert.match(exec.exec, /^[0-9a-f]{64}$/);
      return [exec.job, exec.container_job, exec.step_key, exec.known];
    }),
    [
      [job, job, steps[2], "yes"],
      [job, job, steps[3], "yes"],
      [job, job, steps[4], "yes"],
      [other.job, job, 0, "yes"],
      [0, job, 0, "yes"],
    ],
  );
});

test("a container that is started from within a container is of the same job and step", async () => {
  const records = new Records(tracer);
  const nested = "/usr/bin/docker -H unix:///docker.sock run --rm --net none bb /bin/echo nested";

  const { job, steps } = await runSteps(
    tracer,
    records,
    run(nested, `-v ${docker.socket}:/docker.sock -v /usr:/usr:ro`),
  );

  const member = { job, step_key: steps[0] };
  assert.deepEqual(groups(records), [
    { ...member, how: "id" },
    { ...member, how: "id" },
  ]);
  assert.deepEqual(memberOf(records, "/bin/echo", "nested"), member);
});

test("containers of jobs that run at once, and of others, are not mixed up", async () => {
  const records = new Records(tracer);
  const jobs = ["a", "b"].map(async (name) => {
    const lines = [1, 2, 3].map((step) => run(`/bin/echo ${name} ${step}`));
    return { name, ...(await runSteps(tracer, records, ...lines)) };
  });
  const others = spawn("/bin/sh", ["-c", `${run("/bin/echo o 1")}; ${run("/bin/echo o 2")}`]);
  const othersEnded = once(others, "close");

  const ended = await Promise.all(jobs);
  await othersEnded;

  const expected = ended.flatMap(({ job, steps }) => steps.map((step_key) => [job, step_key]));
  const seen = ended.flatMap(({ name }) =>
    [1, 2, 3].map((step) => memberOf(records, "/bin/echo", name, `${step}`)),
  );
  assert.deepEqual(
    seen.map((member) => [member?.job, member?.step_key]),
    expected,
  );
  assert.notEqual(ended[0]?.job, ended[1]?.job);
  const ofNone = groups(records).filter(({ job }) => job === 0);
  assert.deepEqual(ofNone, Array(2).fill({ job: 0, step_key: 0, how: "id" }));
  assert.equal(groups(records).length, 8);
  assert.equal(memberOf(records, "/bin/echo", "o", "1"), undefined);
});

test("a client that is gone before dockerd reads is known", async () => {
  docker.call("version"); // dockerd is known when it has taken a connection
  const records = new Records(tracer);
  const body = '{"Image":"bb","Cmd":["/bin/echo","orphan"],"HostConfig":{"NetworkMode":"none"}}';
  const request =
    "POST /v1.41/containers/create?name=orphan HTTP/1.1\\r\\nHost: d\\r\\n" +
    `Content-Type: application/json\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n${body}`;
  const python = `import socket
s = socket.socket(socket.AF_UNIX); s.connect("${docker.socket}"); s.send(b'${request}')`;

  const { job, steps } = await runSteps(
    tracer,
    records,
    // dockerd reads when the client is gone and waited for.
    `kill -STOP ${docker.pid}; /usr/bin/python3 -c '${python.replaceAll("'", '"""')}'; ` +
      `kill -CONT ${docker.pid}`,
    // The name is the kernel's word that the container is there; another process asks for it.
    `until ${docker.command("start -a orphan")}; do :; done`,
  );
  docker.call("rm", "-f", "orphan");

  assert.deepEqual(groups(records), [{ job, step_key: steps[0], how: "id" }]);
  assert.deepEqual(memberOf(records, "/bin/echo", "orphan"), { job, step_key: steps[0] });
});

test("a process that leaves its container's group stays in the job", async () => {
  const records = new Records(tracer);
  const away = join("/host", cgroupRoot(), "cgroup.procs");

  const { job, steps } = await runSteps(
    tracer,
    records,
    run(`/bin/sh -c 'echo $$ >${away} && /bin/echo away; :'`, "-v /:/host"),
  );

  const exec = records.exec("/bin/echo", "away");
  const [group] = records.of("container_cgroup");
  assert.notEqual(exec?.cgroup_id, group?.cgroup_id);
  assert.deepEqual([exec?.job, exec?.step_key], [job, steps[0]]);
});

test("what else comes into a container's group is of the job, and of no known step", async (t) => {
  const records = new Records(tracer);
  const { job } = await runSteps(
    tracer,
    records,
    docker.command("run -d --name open --net none bb /bin/sleep 1002"),
  );
  t.after(() => docker.call("rm", "-f", "open"));
  const [group] = records.of("container_cgroup");
  const below = join(cgroupRoot(), docker.group, group?.name ?? "", "below");
  mkdirSync(below);
  const stranger = spawn("/bin/sh", ["-c", "read line; exec /bin/sleep 0"]);

  const ended = once(stranger, "close");
  writeFileSync(join(below, "cgroup.procs"), `${stranger.pid}`);
  stranger.stdin.end("go\n");
  await ended;

  rmdirSync(below);
  assert.deepEqual(memberOf(records, "/bin/sleep", "0"), { job, step_key: 0 });
});
