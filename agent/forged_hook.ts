import type { Finding } from "../src/engine/finding.ts";
import type { RunnerJob } from "./runner_job.ts";

/**
 * The finding of a call of our hooks that was not the runner's own. It follows from what a socket
 * was told, not from an event of the kernel, so it is made here and not by a signature.
 */
export function forgedHook({ record }: RunnerJob, pid: number, why: string): Finding {
  const known = [...record.tree.all()].findLast((process) => process.pid === pid);
  const process = known ?? { process_key: 0, pid, path: "", args: [] };
  const ancestry = known ? record.tree.ancestry(known.process_key) : [];
  return {
    signature: "JW-104",
    formerly: [],
    title: "Forged Job Hook",
    severity: "high",
    behaviours: ["agent_tampering"],
    job: record.job,
    ...{ event_id: 0, event: "", time_us: Date.now() * 1000 },
    message: `A process of the job called jobwarden as if it were the runner's hook: ${why}.`,
    evidence: { pid, why },
    process: asItIs(process),
    ancestry: ancestry.map(asItIs),
    step: null,
    key: why.replace(/\d+/g, "n"),
    why: "The hooks decide what the job's log says of the tracing; a job that imitates them wants to be believed.",
  };
}

const asItIs = ({ process_key, pid, path, args }: Finding["process"]): Finding["process"] => ({
  ...{ process_key, pid, path, args },
});
