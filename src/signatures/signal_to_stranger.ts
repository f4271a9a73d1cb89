import type { Severity } from "../engine/severity.ts";
import { defineSignature, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { isSecurityProgram } from "./security_programs.ts";

type SignalSent = EventNamed<"signal_sent">;

export const signalToStranger = defineSignature({
  id: "JW-207",
  name: "signal_to_stranger",
  title: "Signal to a Process Outside of the Job",
  severity: "high",
  behaviours: ["agent_tampering"],
  attack: ["T1562.001", "T1489"],
  doc:
    "A process of the job signals a process that is not of the job: the agent, the runner, another job, " +
    "or a service of the machine; or tries to.",
  why:
    "A job has no business with processes that it did not start. To kill or stop what watches it is the " +
    "first move of malware that knows of it; to kill the runner loses the job, and others with it.",
  benign: [
    "`killall node`, `pkill java` and the like hit processes of the machine that have the same name.",
    "`kill 0`, which shells use to end all their children, reaches the runner when it is in the same " +
      "group: reported as low.",
    "A service that was started at boot is stopped or told to read its configuration, by its own " +
      "program: reported as low.",
  ],
  evade: [
    "Freeze the receiver's control group, or have systemd stop it: each is reported by itself.",
    "Use up what it needs, such as memory, so that the kernel kills it.",
    "Join the runner's process group, and signal that: it is then reported as low, except of the agent.",
  ],
  events: ["signal_sent"],

  match(event, job) {
    return found(event, job.process.path, job.process.pid);
  },

  examples: {
    fires: [
      [signals({ target: "agent", signal: 9, path: "/usr/bin/node" })],
      [signals({ target: "agent", signal: 15, error: 1 })],
      [signals({ signal: 19, path: "/srv/r/bin/Runner.Listener" })],
      [signals({ signal: 9, path: "/usr/sbin/falco" })],
      [signals({ signal: 15, path: "/usr/sbin/sshd" })],
      [signals({ signal: 15, path: "/usr/bin/sleep" })],
      [signals({ signal: 9, path: "/usr/bin/sleep", target_job: 3 })],
      [signals({ signal: 15, path: "/usr/bin/sleep", reach: "group" })],
      [signals({ signal: 1, path: "/usr/bin/sleep" })],
      [signals({ signal: 15, error: 1, target_pid: 300 })],
    ],
    silent: [[{ event: "process_exec", process_key: 1, path: "/usr/bin/kill" }]],
  },
});

/** HUP, USR1, USR2, CHLD, CONT, URG, WINCH, IO, and real-time ones: they ask, and end nothing. */
const asking: ReadonlySet<number> = new Set([1, 10, 12, 17, 18, 23, 28, 29]);
const firstRealTime = 32;
const isRunner = /\/Runner\.(Listener|Worker|PluginHost)$|\/bin\/runsvc\.sh$/;
const isService = /^\/usr\/sbin\/|^\/sbin\/|^\/(usr\/)?lib\/systemd\//;
/** They end services, and are started to do so. */
const enders = new Set(
  "start-stop-daemon killproc pg_ctl pg_ctlcluster mysqladmin apachectl".split(" "),
);

const signalNames: Readonly<Record<number, string>> = {
  ...{ 1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 6: "SIGABRT", 9: "SIGKILL", 10: "SIGUSR1" },
  ...{ 11: "SIGSEGV", 12: "SIGUSR2", 15: "SIGTERM", 18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP" },
  ...{ 23: "SIGURG", 28: "SIGWINCH" },
};

function found(event: SignalSent, sender: string, pid: number): Match {
  const { signal, target, target_pid, target_job, path, comm, error, reach } = event;
  const name = baseName(path) || comm;
  const who = target === "agent" ? "jobwarden itself" : name || "a process";
  const word = signalNames[signal] ?? `signal ${signal}`;
  return {
    message:
      `${baseName(sender) || "A process"} (pid ${pid}) ` +
      `${error === 0 ? "sent" : "tried, and failed, to send"} ${word} to ${who} (pid ${target_pid}), ` +
      `which is ${target_job === 0 ? "not of this job" : "of another job"}.`,
    evidence: {
      signal,
      target_pid,
      target_path: path,
      target_comm: comm,
      target_job,
      error,
      reach,
    },
    severity: severityOf(event, sender),
    key: `${sender} ${path} ${target} ${signal} ${error}`,
  };
}

function severityOf(event: SignalSent, sender: string): Severity {
  const { signal, target, target_job, path, comm, error, reach } = event;
  const ends = !asking.has(signal) && signal < firstRealTime;
  const name = baseName(path);
  if (target === "agent") return ends ? "critical" : "high";
  if (error !== 0) return "low";
  if (isRunner.test(path)) return reach === "group" ? "low" : ends ? "critical" : "high";
  if (isSecurityProgram(name) || isSecurityProgram(comm)) return ends ? "critical" : "high";
  if (!ends || path === sender || enders.has(baseName(sender)) || reach === "group") return "low";
  if (target_job !== 0 || target === "init" || reach === "all") return "high";
  return isService.test(path) ? "high" : "medium";
}

function signals(fields: Partial<SignalSent>): Samples {
  return { event: "signal_sent", process_key: 1, ...fields };
}
