import assert from "node:assert/strict";
import { test } from "node:test";
import type { Notice, NoticeNamed } from "../../src/events/notices/index.ts";
import { Containers } from "../../src/jobs/containers.ts";

const head = { flags: 0, size: 0, thread_id: 1 };
const idOf = (digit: string) => digit.repeat(64);

function began(
  name: string,
  cgroup_id: number,
  fields: Partial<NoticeNamed<"container_cgroup">> = {},
): Notice {
  return {
    ...{ ...head, event: "container_cgroup", event_id: 1004, time_us: 100 + cgroup_id },
    ...{ job: 3, process_key: 40, step_key: 30, how: "id" as const, name, cgroup_id, ...fields },
  } as Notice;
}
const ended = (cgroup_id: number): Notice => ({
  ...{ ...head, event: "container_end", event_id: 1006, time_us: 900, job: 3, process_key: 0 },
  cgroup_id,
});
const facts = (id: string) => ({ id, name: "web", image: "bb", labels: { a: "b" } });
const listed = (id: string) => ({ ...facts(id), created_us: 5 });

test("a container is what its group's notice says, until dockerd says more", () => {
  const containers = new Containers();
  const id = idOf("a");

  const met = containers.take(began(`docker-${id}.scope`, 7));
  const described = containers.describe(facts(id));

  const expected = {
    ...{ id, name: "", image: "", labels: {}, job: 3, step_key: 30, cgroup_id: 7 },
    ...{ created_us: 107, removed_us: undefined, how: "id" },
  };
  assert.deepEqual(met, expected);
  assert.deepEqual(described, { ...expected, name: "web", image: "bb", labels: { a: "b" } });
  assert.equal(containers.ofCgroup(7), described);
  assert.equal(containers.describe(facts(idOf("b"))), undefined);
});

test("a container that is started again keeps its name and first start, and has another group", () => {
  const containers = new Containers();
  const id = idOf("a");
  containers.take(began(id, 7));
  containers.describe(facts(id));

  const again = containers.take(began(id, 8));
  const endOfFirst = containers.take(ended(7));
  const end = containers.take(ended(8));

  assert.deepEqual(
    [again?.name, again?.created_us, again?.cgroup_id, again?.removed_us],
    ["web", 107, 8, undefined],
  );
  assert.equal(endOfFirst, undefined);
  assert.deepEqual([end?.id, end?.removed_us], [id, 900]);
  assert.equal(containers.take(ended(9)), undefined);
});

test("what a job has left running is listed, a step of a build by its own name", () => {
  const containers = new Containers();
  const step = "x".repeat(25);
  containers.take(began(idOf("a"), 1));
  containers.take(began(step, 2, { how: "buildkit" }));
  containers.take(began(idOf("c"), 3, { job: 0, how: "unowned" }));
  containers.take(ended(1));

  assert.deepEqual(
    containers.runningOf(3).map(({ id }) => id),
    [step],
  );
  assert.deepEqual(
    containers.runningOf(0).map(({ how }) => how),
    ["unowned"],
  );
});

test("what runs already is of nobody, and what is known stays its job's", () => {
  const containers = new Containers();
  containers.take(began(idOf("a"), 1));

  const added = containers.reconcile([listed(idOf("a")), listed(idOf("b"))]);

  assert.deepEqual(added, [
    {
      ...facts(idOf("b")),
      ...{ job: 0, step_key: 0, cgroup_id: 0, how: "unowned" },
      ...{ created_us: 5, removed_us: undefined },
    },
  ]);
  const known = containers.get(idOf("a"));
  assert.deepEqual([known?.job, known?.name], [3, "web"]);
});

test("more containers than there is room for push out the oldest, which is counted", () => {
  const containers = new Containers(2);

  for (const [i, digit] of ["a", "b", "c"].entries()) containers.take(began(idOf(digit), i));

  assert.equal(containers.get(idOf("a")), undefined);
  assert.equal(containers.ofCgroup(0), undefined);
  assert.equal(containers.dropped, 1);
});
