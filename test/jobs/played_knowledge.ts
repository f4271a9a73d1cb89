import { type ActionManifest, parseActionManifest } from "../../src/jobs/action_manifest.ts";
import { parseJobMessage } from "../../src/jobs/job_message.ts";
import type { JobKnowledge } from "../../src/jobs/job_steps.ts";
import { parseWorkflowJob } from "../../src/jobs/workflow_file.ts";
import { type Entry, folderOf } from "./played_actions.ts";
import type { PlayedJob } from "./played_job.ts";
import type { Seeded } from "./seeded.ts";

const shares = { message: 0.8, workflow: 0.7, manifest: 0.95 };

export interface PlayedKnowledge extends JobKnowledge {
  readonly manifestOf: (directory: string) => ActionManifest | undefined;
}

/** What is known of a played job: perhaps what the Worker was told, perhaps the file, most manifests. */
export function knowledgeOf(played: PlayedJob, random: Seeded): PlayedKnowledge {
  const { steps, actions } = played;
  const has_message = random.chance(shares.message);
  const has_workflow = random.chance(shares.workflow);
  const there = new Map(
    [...actions]
      .filter(() => random.chance(shares.manifest))
      .map(([uses, runs]) => [folderOf(uses), runs]),
  );
  return {
    message: has_message ? parseJobMessage(workerLog(played)) : undefined,
    workflow: has_workflow
      ? parseWorkflowJob(JSON.stringify({ jobs: { build: { steps } } }), "build")
      : undefined,
    file: ".github/workflows/ci.yml",
    manifestOf: (directory) => {
      const runs = there.get(directory);
      return runs && parseActionManifest(JSON.stringify({ runs }));
    },
  };
}

const stamp = "[2026-04-11 02:45:56Z INFO";

function workerLog({ steps, ids }: PlayedJob): string {
  const told = steps.map((step, i) => stepTold(step, ids[i] ?? "", i));
  const message = { fileTable: [".github/workflows/ci.yml"], steps: told };
  const json = JSON.stringify({ ...message, variables: {}, contextData: {} }, null, 2);
  return `${stamp} Worker] Job message:\n ${json}\n${stamp} JobRunner] Job ID x\n`;
}

const firstLine = 4;

function stepTold(step: Entry, id: string, i: number): object {
  const script = { type: 0, file: 1, line: i + firstLine, col: 9, lit: "x" };
  const inputs = { type: 2, map: [{ Key: "script", Value: script }] };
  return {
    ...{ type: "action", contextName: id, name: id, id: recordOf(id) },
    reference: referenceOf(step.uses),
    condition: step.if ?? "success()",
    ...(step.uses === undefined ? { inputs } : {}),
  };
}

function referenceOf(uses: string | undefined): object {
  if (uses === undefined) return { type: "script" };
  if (uses.startsWith("docker://")) return { type: "containerregistry", image: uses.slice(9) };
  if (uses.startsWith("./")) return { type: "repository", path: uses, repositoryType: "self" };
  const [name = "", ref] = uses.split("@");
  const [owner, repository, ...below] = name.split("/");
  const path = below.length > 0 ? { path: below.join("/") } : {};
  return {
    ...{ type: "repository", name: `${owner}/${repository}`, ref, repositoryType: "GitHub" },
    ...path,
  };
}

/** Any id that looks like one. */
const recordOf = (id: string): string =>
  Buffer.from(id)
    .toString("hex")
    .padEnd(32, "0")
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
