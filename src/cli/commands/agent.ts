import { defineCommand } from "../command.ts";

const usualConfig = "/etc/jobwarden/config.yaml";

export const agent = defineCommand({
  name: "agent",
  summary: "Follow the jobs of this host's runners, in the foreground; needs root.",
  notes: [
    "Jobs are noticed by themselves: each is what a runner's Worker does from its first instruction " +
      "on. SIGTERM ends the agent, SIGHUP makes it read its configuration again.",
    "Its programs stay in the kernel and go on recording when it ends; the next start goes on from " +
      "there. --unload takes them out.",
  ],
  positionals: [],
  options: {
    config: {
      type: "string",
      value: "FILE",
      help: `Configuration, see agent/CONFIG.md; default ${usualConfig}`,
    },
    unload: { type: "boolean", help: "Take the programs out of the kernel, and end" },
  },
  examples: [
    { line: "sudo jobwarden agent", does: "What systemd runs." },
    { line: "sudo jobwarden agent --unload", does: "Stop all tracing of runners after its end." },
  ],

  run({ config = usualConfig, unload = false }, _positionals, { tracing }) {
    return tracing.agent({ config_path: config, unload });
  },
});
