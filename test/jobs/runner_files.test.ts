import assert from "node:assert/strict";
import { test } from "node:test";
import { listenerAt, noRecord, runnerRecord, versionIn } from "../../src/jobs/runner_files.ts";

test("a Listener is known by its path, before and after an update", () => {
  const old = { root: "/opt/runner", version: null };

  assert.deepEqual(listenerAt("/opt/runner/bin/Runner.Listener"), old);
  assert.deepEqual(listenerAt("/opt/runner/bin/Runner.Listener (deleted)"), old);
  assert.deepEqual(listenerAt("/home/ü/a b\n/bin.2.336.0/Runner.Listener"), {
    root: "/home/ü/a b\n",
    version: "2.336.0",
  });
  assert.deepEqual(listenerAt("/r/bin/bin.2.3.10/Runner.Listener"), {
    root: "/r/bin",
    version: "2.3.10",
  });
});

test("what only looks like a Listener is none", () => {
  const others = [
    "",
    "/bin/Runner.Listener",
    "bin/Runner.Listener",
    "/r/bin/Runner.Worker",
    "/r/bin/Runner.Listener.dll",
    "/r/bin/Runner_Listener",
    "/r/sbin/Runner.Listener",
    "/r/bin.2.336/Runner.Listener",
    "/r/bin.2.336.0-rc/Runner.Listener",
    "/r/bin/x/Runner.Listener",
    "/r/bin/Runner.Listener (deleted) (deleted)",
  ];

  assert.deepEqual(
    others.filter((exe) => listenerAt(exe)),
    [],
  );
});

test("a version is read from the directory that bin leads to", () => {
  assert.equal(versionIn("/opt/runner/bin.2.336.0"), "2.336.0");
  assert.equal(versionIn("bin.10.0.1/"), "10.0.1");
  for (const none of ["bin", "/opt/bin.2.336", "cabin.1.2.3", "bin.1.2.3/x", ""]) {
    assert.equal(versionIn(none), null);
  }
});

test("a record as the runner writes it is read, byte order mark included", () => {
  const text = `\ufeff{
  "agentId": 17,
  "agentName": "build \\"one\\" ü",
  "poolId": 1,
  "gitHubUrl": "https://github.com/octo/app",
  "workFolder": "_work",
  "ephemeral": true
}`;

  assert.deepEqual(runnerRecord(text), {
    name: 'build "one" ü',
    id: 17,
    url: "https://github.com/octo/app",
    work_folder: "_work",
    ephemeral: true,
  });
});

test("what a record says in another way is taken, and what makes no sense is left out", () => {
  assert.deepEqual(runnerRecord("{}"), noRecord);
  assert.deepEqual(runnerRecord('{"agentId":"17","ephemeral":"True"}'), {
    ...noRecord,
    id: 17,
    ephemeral: true,
  });
  const odd = {
    ...{ agentName: ["a"], agentId: 1.5, gitHubUrl: "", workFolder: "a\0b", ephemeral: 1 },
    __proto__: null,
  };
  assert.deepEqual(runnerRecord(JSON.stringify(odd)), noRecord);
  assert.deepEqual(runnerRecord('{"agentId":1e300,"agentName":null}'), noRecord);
});

test("what is no record is refused without a word of it", () => {
  const reason = (text: string): string => {
    try {
      return JSON.stringify(runnerRecord(text));
    } catch (error) {
      return (error as Error).message;
    }
  };

  for (const text of ["", "secret", '{"a":', "[".repeat(60_000)]) {
    assert.equal(reason(text), "it is not JSON");
  }
  for (const text of ["null", "[]", '"secret"', "5"]) {
    assert.equal(reason(text), "it is not a JSON object");
  }
});
