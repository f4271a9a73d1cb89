import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import type { Samples, Signature } from "../../src/engine/signature.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { exfiltration } from "../../src/signatures/exfiltration.ts";
import { complete } from "../engine/sample.ts";

/** The sentences of all findings. */
function judge(events: Iterable<Samples>): readonly string[] {
  const tree = new ProcessTree();
  const engine = new Engine([exfiltration as Signature], tree, 1);
  const messages: string[] = [];
  for (const sample of events) {
    const event = complete(sample);
    tree.apply(event);
    messages.push(...engine.judge(event, messages.length + 1).map(({ message }) => message));
  }
  assert.deepEqual(engine.problems, []);
  return messages;
}

const exec = (process_key: number, more: Partial<Extract<Samples, { event: "process_exec" }>>) =>
  ({
    ...{ event: "process_exec", process_key, parent_key: 1, path: "/usr/bin/cc" },
    ...{ args: ["cc", "-c"], cwd: "/w", ...more },
  }) as const satisfies Samples;

const reads: Samples = {
  ...{ event: "file_open", process_key: 2, path: "/home/ci/.ssh/id_rsa", mode: 0o100600 },
  ...{ access: "read", inode: 9, time_us: 1 },
};
const connects = {
  ...{ event: "socket_connect", process_key: 2, peer: "192.0.2.7:443", error: 115, time_us: 9 },
  ...{ family: "inet", type: "stream" },
} as const satisfies Samples;

test("a job that starts very many programs does not hide what was read before", () => {
  function* flood(): Generator<Samples> {
    yield exec(1, { path: "/bin/sh", args: ["sh"], parent_key: 0 });
    yield exec(2, { path: "/usr/bin/python3", args: ["python3", "x.py"] });
    yield reads;
    for (let key = 10; key < 40_000; key++) {
      const pipes = { stdin_kind: "pipe", stdin_inode: key, stdout_kind: "pipe" } as const;
      yield exec(key, { ...pipes, stdout_inode: key + 1, inode: key });
      yield {
        ...{ event: "file_open", process_key: key, path: `/w/${key}.o`, mode: 0o100600 },
        ...{ access: "write", created: "yes", inode: 100_000 + key },
      };
      yield { ...connects, process_key: key, peer: "192.0.2.8:80" };
    }
    yield connects;
  }

  const messages = judge(flood());

  assert.equal(messages.length, 1, messages.slice(0, 3).join("\n"));
  assert.match(messages[0] ?? "", /python3 x\.py.*\(ssh\).*192\.0\.2\.7:443/);
});
