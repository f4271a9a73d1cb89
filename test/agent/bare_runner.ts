import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type AgentUnderTest, anAgent } from "./agent_harness.ts";

/** A runner whose programs are shells, which starts one job and does nothing else. */
export class BareRunner {
  readonly root: string;

  constructor(agent: AgentUnderTest, name: string) {
    this.root = join(agent.directory, "runners", name);
    mkdirSync(join(this.root, "bin"), { recursive: true });
    for (const program of ["Runner.Listener", "Runner.Worker"]) {
      copyFileSync("/bin/dash", join(this.root, "bin", program));
    }
    writeFileSync(join(this.root, ".runner"), JSON.stringify({ agentId: 1, agentName: name }));
  }

  /** Starts a job that runs a script. @param env more of its Worker's @returns its end */
  start(script: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const [listener, worker] = ["Runner.Listener", "Runner.Worker"].map((program) =>
      join(this.root, "bin", program),
    );
    const child = spawn(listener ?? "", ["-c", `${worker} -c "$JOB"; :`], {
      cwd: this.root,
      env: { PATH: "/usr/bin:/bin", JOB: script, ...env },
      stdio: "ignore",
    });
    return once(child, "exit");
  }
}

/** One that the agent follows. */
export async function aBareRunner(t: TestContext): Promise<[AgentUnderTest, BareRunner]> {
  const agent = await anAgent(t);
  const runner = new BareRunner(agent, "runner-1");
  await agent.logged('"name":"runner-1"');
  return [agent, runner];
}
