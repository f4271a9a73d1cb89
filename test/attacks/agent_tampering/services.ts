import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** A tool that tells nobody: what it was told is in its arguments. */
function tool(name: string) {
  return ({ directory }: Place): undefined => {
    copyFileSync("/bin/echo", join(directory, name));
  };
}

const found = {
  ...{ signature: "JW-209", behaviour: "agent_tampering" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "systemctl is told to end the agent",
    prepare: tool("systemctl"),
    command: () => ["./systemctl", "--now", "disable", "jobwarden.service"],
    happened: ({ stdout }) => assert.match(stdout, /disable jobwarden/),
    found: { ...found, severity: "critical", program: "/systemctl", message: /end jobwarden/ },
  },
  {
    name: "a package manager is told to remove the auditing",
    prepare: tool("apt-get"),
    command: () => ["./apt-get", "-y", "purge", "auditd"],
    happened: ({ stdout }) => assert.match(stdout, /purge auditd/),
    found: { ...found, severity: "high", program: "/apt-get", message: /end auditd/ },
  },
];
