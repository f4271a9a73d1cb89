import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { Docker } from "../kernel/docker.ts";
import { type AgentUnderTest, anAgent, aRunner, workflow } from "./agent_harness.ts";
import { compare, truthOf } from "./truth.ts";

let docker: Docker;
before(async () => {
  docker = await Docker.start();
  docker.call("tag", "bb", "standin/busybox:1");
  const id = docker.call("create", "--net", "none", "bb", "true");
  const stays = 'CMD ["/bin/tail", "-f", "/dev/null"]';
  docker.call("commit", "--change", stays, id, "standin/service:1");
  docker.call("rm", id);
});
after(async () => await docker?.stop());

/** Plays a job on a runner whose docker is ours. */
async function played(t: TestContext, name: string, job: string) {
  const agent = await anAgent(t);
  const env = { DOCKER_HOST: `unix://${docker.socket}` };
  const runner = await aRunner(t, agent, "runner-1", { env });
  const options = { network: "none", pull: false, socket: docker.socket } as const;
  const outcome = await runner.runJob({ workflow: workflow(name), job, docker: options });
  assert.equal(outcome.result, "Succeeded", outcome.log);
  await agent.ended(1);
  return { agent, truth: outcome.truth };
}

interface Marked {
  readonly job: number;
  readonly phase: string | null;
  readonly position: number | null;
}

/** Of which job and step a process is, by its arguments: its ids are those of its container. */
function markedBy(agent: AgentUnderTest, word: string): Marked[] {
  return agent.rows<Marked>(`
    SELECT v.job, s.phase, s.position
      FROM process_view AS v
      JOIN process AS p ON p.id = v.id
      LEFT JOIN step_process AS c ON c.job = p.job AND c.process_key = p.step_key
      LEFT JOIN step AS s ON s.id = c.step
     WHERE v.args LIKE '%/standin/mark%${word}%' AND v.path NOT LIKE '%/docker'
       AND NOT EXISTS (SELECT 1 FROM process AS child WHERE child.parent = p.id)`);
}

const marksIn = (truth: string, host: (name: string) => boolean) =>
  truthOf(truth).flatMap((told) => (told.type === "mark" && host(told.host) ? [told] : []));

test("what runs in a job's container is of the step that executed it there", async (t) => {
  const { agent, truth } = await played(t, "container", "container");

  assert.deepEqual(compare(agent, 1, truth).unknown, []);
  assert.equal(marksIn(truth, () => true).length, 3);
  const main = (position: number): Marked => ({ job: 1, phase: "main", position });
  assert.deepEqual(markedBy(agent, "first"), [main(0)]);
  assert.deepEqual(markedBy(agent, "second"), [main(1)]);
  const containers = agent.rows<{ job: number; image: string; how: string }>(
    "SELECT job, image, how FROM container ORDER BY created_us",
  );
  assert.deepEqual(
    containers.map(({ job, how }) => ({ job, how })),
    [
      { job: 1, how: "id" },
      { job: 1, how: "id" },
    ],
  );
});

// Before the next one, whose build would else be found in docker's cache.
test("docker run, build and exec in a step are the step's, and an edge that was followed", async (t) => {
  const { agent, truth } = await played(t, "docker", "step");

  assert.deepEqual(compare(agent, 1, truth).unknown, []);
  const containers = agent.rows<{ position: number; how: string }>(`
    SELECT s.position, k.how
      FROM container AS k
      JOIN step_process AS c ON c.job = k.job AND c.process_key = k.step_key
      JOIN step AS s ON s.id = c.step
     ORDER BY k.created_us`);
  assert.deepEqual(containers, [
    { position: 0, how: "id" },
    { position: 1, how: "legacy_build" },
    { position: 2, how: "id" },
  ]);
  const [edge] = agent.rows<{ n: number }>(
    "SELECT count(*) AS n FROM edge WHERE kind = 'docker' AND followed = 1",
  );
  assert.ok((edge?.n ?? 0) >= 2, `${edge?.n} edges were followed`);
});

test("a docker action is of its step, and so is what a step starts by docker itself", async (t) => {
  const { agent, truth } = await played(t, "docker", "action");

  // Nothing is checked out, so nobody has the file in which the lines of the actions stand.
  assert.deepEqual(compare(agent, 1, truth).unknown, ["main:1: line", "main:2: line"]);
  assert.deepEqual(markedBy(agent, "image"), [{ job: 1, phase: "main", position: 2 }]);
  const strangers = agent.rows("SELECT * FROM container WHERE job IS NULL");
  assert.deepEqual(strangers, []);
});
