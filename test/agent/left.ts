import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { deviceOf } from "../../agent/left_files.ts";
import { type ResidueQuestion, ResidueSearch } from "../../agent/residue.ts";
import { loadAddon } from "../../native/index.ts";
import type { Samples } from "../../src/engine/signature.ts";
import { ChangedFiles } from "../../src/jobs/changed_files.ts";
import { Places } from "../../src/jobs/places.ts";
import { complete } from "../engine/sample.ts";
import { folder } from "./harness.ts";

export const boot_us = Math.round(loadAddon().bootTime());
export const now_us = (): number => Date.now() * 1000;

/** What a job with this behind it left, as the last of many steps or of one finds it. */
export function find(question: Partial<ResidueQuestion>, budget_ms?: number) {
  const search = new ResidueSearch({
    ...{ job: 1, survivors: [], processOf: () => undefined, changed: [], containers: [] },
    ...{ places: new Places({}), ended_us: 99, boot_us, ...question },
  });
  let steps = 1;
  while (!search.step(budget_ms)) steps++;
  return { ...search.report, steps };
}

/** A runner, a home and a workspace in a folder, and what a job did there. */
export function host(t: TestContext) {
  const top = folder(t);
  const [root, home] = [join(top, "runner"), join(top, "home")];
  for (const path of [`${root}/_work/app/app`, `${root}/bin`, home]) {
    mkdirSync(path, { recursive: true });
  }
  const places = new Places({
    runner_root: root,
    workspace: `${root}/_work/app/app`,
    homes: [{ user: "ci", path: home }],
  });
  const changed = new ChangedFiles({ places, host_mount_namespace: 1 });
  const apply = (event: Samples, fields = {}) =>
    changed.apply(complete({ process_key: 7, time_us: now_us(), ...event, ...fields } as Samples));
  /** Makes the file for real, and tells of it as the kernel would. */
  const write = (path: string, created: "yes" | "no" = "yes", fields = {}) => {
    writeFileSync(path, "x");
    const { ino, dev, mode } = lstatSync(path, { bigint: true });
    const file = { inode: Number(ino), device: deviceOf(dev), mode: Number(mode) };
    apply({ event: "file_open", path, access: "write", created, ...file }, fields);
    apply({ event: "file_write", path, ...file }, fields);
  };
  const left = (budget_ms?: number) => find({ changed: changed.files(), places }, budget_ms);
  return { root, home, places, changed, apply, write, left };
}
