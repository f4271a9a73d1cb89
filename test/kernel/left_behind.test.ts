import assert from "node:assert/strict";
import { mkdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupRoot, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { ResidueSearch } from "../../agent/residue.ts";
import { isSameFile } from "../../agent/same_file.ts";
import { survivorsOf } from "../../agent/survivor_search.ts";
import { loadAddon } from "../../native/index.ts";
import type { JobEvent } from "../../src/events/index.ts";
import { ChangedFiles } from "../../src/jobs/changed_files.ts";
import type { WrittenFile } from "../../src/jobs/edge.ts";
import { Edges } from "../../src/jobs/edges.ts";
import { FileHeirs } from "../../src/jobs/file_heirs.ts";
import { Places } from "../../src/jobs/places.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { folder, python } from "../agent/harness.ts";
import { job, type Recording, record } from "./record.ts";

const boot_us = Math.round(loadAddon().bootTime());

/** What is known of a job by its events, in the order in which they happened. */
function known(events: readonly JobEvent[], places: Places, group?: string) {
  const tree = new ProcessTree();
  const edges = new Edges(group === undefined ? {} : { group });
  const host_mount_namespace = statSync("/proc/self/ns/mnt").ino;
  const changed = new ChangedFiles({ places, host_mount_namespace });
  for (const event of events.toSorted((a, b) => a.time_us - b.time_us)) {
    changed.apply(event);
    edges.apply(event, tree.apply(event));
  }
  return { tree, edges, changed };
}

function leftBy({ events }: Recording, places: Places, number: number) {
  const { tree, changed } = known(events, places);
  const search = new ResidueSearch({
    ...{ job: number, survivors: [], containers: [], places, boot_us, ended_us: 0 },
    ...{ changed: changed.files(), processOf: (key) => tree.get(key) },
  });
  while (!search.step());
  return search.report;
}

test("files that a real job leaves are known by name and inode, however they came there", async (t) => {
  const home = realpathSync(folder(t));
  mkdirSync(join(home, ".ssh"));
  const places = new Places({ homes: [{ user: "ci", path: home }] });
  const act = `cd ${home}; echo x >.bashrc; echo x >.x; mv .x .profile; ln -s /x .zshrc
    ln .profile .inputrc; echo x >.npmrc; rm .npmrc; : >.netrc; chmod 600 .netrc
    mkdir new; echo x >new/key; mv new .gnupg; mv .gnupg/key .ssh/authorized_keys`;

  const { residue } = leftBy(await record(["sh", "-c", act]), places, 1);

  const told = residue.map(({ what, detail }) => [
    what.replace(`${home}/`, ""),
    detail["replaced"],
  ]);
  assert.deepEqual(told.sort(), [
    ["created .bashrc", false],
    ["created .netrc", false],
    ["linked .inputrc", false],
    ["linked .zshrc", false],
    ["put in place .profile", false],
    ["put in place .ssh/authorized_keys", false],
  ]);
});

test("a later job that executes and reads files of an earlier one is told, and it is proved", async (t) => {
  const workspace = realpathSync(folder(t));
  const places = new Places({ workspace });
  const [tool, script, text] = ["tool", "script", "text"].map((name) => join(workspace, name));
  const make = `cp /bin/true ${tool}; printf '#!/bin/sh\\n' >${script}; chmod 755 ${script}
    echo x >${text}`;
  const use = `${tool}; ${script}; cat ${text}; cat ${text}`;
  const { written } = leftBy(await record(["sh", "-c", make]), places, 1);
  const heirs = new FileHeirs();
  heirs.remember(written);

  const second = await record(["sh", "-c", use]);

  const candidates = second.events.flatMap((event) => heirs.apply(2, event) ?? []);
  assert.deepEqual(candidates.map(({ edge }) => `${edge.how} ${edge.path}`).sort(), [
    `executed ${script}`,
    `executed ${tool}`,
    `read ${text}`,
  ]);
  assert.ok(candidates.every((candidate) => isSameFile(candidate.written)));
  const files: readonly WrittenFile[] = candidates.map((candidate) => candidate.written);
  assert.ok(files.every(({ job: number }) => number === 1));
});

test("a real survivor is named by the kernel, with its socket", async (t) => {
  const path = join(folder(t), "socket");
  const code = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind("${path}"); s.listen()
if os.fork() == 0:
    os.setsid(); sys.stdin.read(); os._exit(0)
s.close(); print("ready", flush=True); sys.stdin.read()`;
  const events = new Set<JobEvent>();
  let found: ResidueSearch["report"] | undefined;

  const recording = await record([python, "-c", code], {
    meanwhile: async ({ tracer, pid, printed, seen }) => {
      await printed("ready");
      await seen((event) => {
        events.add(event);
        return event.event === "process_fork";
      });
      const places = new Places({});
      const { tree } = known([...events], places);
      const survivors = survivorsOf(tracer.mapEntries("jw_processes"), job).filter(
        (one) => one.pid !== pid,
      );
      const search = new ResidueSearch({
        ...{ job: 1, survivors, containers: [], places, boot_us, ended_us: 0, changed: [] },
        processOf: (key) => tree.get(key),
      });
      while (!search.step());
      found = search.report;
    },
  });

  const [fork] = recording.of("process_fork");
  assert.deepEqual(
    found?.residue.map(({ kind, pid, process_key, path }) => [kind, pid, process_key, path]),
    [
      ["process", fork?.child_pid, fork?.child_key, realpathSync(python)],
      ["listener", fork?.child_pid, fork?.child_key, path],
    ],
  );
  assert.equal(found?.residue[1]?.detail["network_namespace"], readlinkSync("/proc/self/ns/net"));
});

test("asking dockerd and leaving the group are edges, with the names that the kernel has", async (t) => {
  const directory = realpathSync(folder(t));
  const elsewhere = makeJobCgroup(cgroupRoot(), `edges-${process.pid}`);
  t.after(() => assert.ok(removeCgroup(elsewhere)));
  const code = `
import os, socket
os.chdir("${directory}")
server = socket.socket(socket.AF_UNIX); server.bind("docker.sock"); server.listen()
for i in range(2): socket.socket(socket.AF_UNIX).connect("docker.sock")
open("${elsewhere.path}/cgroup.procs", "w").write(str(os.getpid()))`;

  const recording = await record([python, "-c", code]);

  const group = recording.group.path.slice(cgroupRoot().length);
  const { edges } = known([...recording.launch, ...recording.events], new Places({}), group);
  assert.deepEqual(
    edges.all.map(({ kind, target, followed }) => [kind, target, followed]),
    [
      ["docker", "docker.sock", false],
      ["cgroup", elsewhere.path.slice(cgroupRoot().length), true],
    ],
  );
  assert.ok(
    edges.all.every((one) => one.process_key === recording.of("process_exec")[0]?.process_key),
  );
});
