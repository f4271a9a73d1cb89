import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

type KernelCall = EventNamed<"kernel_call">;

/** What is asked, how bad it is when it works, and when it does not. */
const judged: Partial<Record<KernelCall["action"], readonly [string, Severity, Severity]>> = {
  reboot: ["stop or restart the machine", "critical", "high"],
  clock: ["set the machine's clock", "high", "medium"],
  port_access: ["reach the ports of the hardware", "high", "medium"],
  accounting: ["change the accounting of processes", "high", "medium"],
  swap: ["change where memory is swapped to", "low", "low"],
  quota: ["change quotas of disks", "low", "low"],
};

export const machineChanged = defineSignature({
  id: "JW-201",
  name: "machine_changed",
  title: "Machine Stopped or Set",
  severity: "high",
  behaviours: ["kernel_tampering"],
  attack: ["T1529", "T1562.001"],
  doc:
    "A process of the job stops the machine, sets its clock, its accounting or its swap, or asks for " +
    "the ports of its hardware, or tries to.",
  why:
    "Whoever sets the clock forges what logs say and keeps expired certificates alive; who reaches the " +
    "hardware's ports writes memory behind the kernel's back. No build needs either.",
  benign: [
    "A job that makes swap space for a large link: reported as low.",
    "Tests of a program that sets the clock, when they run as root: tests that want another time use " +
      "libfaketime, which sets nothing.",
    "X servers and emulators that drive old hardware ask for its ports.",
  ],
  evade: ["Ask another program that is not followed to do it, such as systemd over D-Bus."],
  events: ["kernel_call"],

  match(event, job) {
    const judgement = judged[event.action];
    if (!judgement || isNothing(event)) return undefined;
    return found(event, job, judgement);
  },

  examples: {
    fires: [
      [calls({ action: "reboot", command: 0x1234567 })],
      [calls({ action: "clock" })],
      [calls({ action: "clock", error: 1 })],
      [calls({ action: "port_access", command: 3 })],
      [calls({ action: "swap", name: "/swapfile" })],
    ],
    silent: [
      [calls({ action: "reboot", command: 0 })],
      [calls({ action: "port_access", command: 0 })],
      [calls({ action: "clock", error: 22 })],
      [calls({ action: "host_name", name: "box" })],
      [calls({ action: "userfault" })],
    ],
  },
});

const EINVAL = 22;
const ENOSYS = 38;

/** The keyboard's command, `iopl(0)`, and what the kernel did not take for a request at all. */
const isNothing = ({ action, command, error }: KernelCall): boolean =>
  error === EINVAL ||
  error === ENOSYS ||
  (command === 0 && (action === "reboot" || action === "port_access"));

function found(
  { action, command, error, name }: KernelCall,
  { process }: JobContext,
  [what, works, fails]: readonly [string, Severity, Severity],
): Match {
  return {
    message:
      `${baseName(process.path) || "A process"} (pid ${process.pid}) ` +
      `${error === 0 ? "asked the kernel to" : "tried, and failed, to"} ${what}.`,
    evidence: { action, command, error, name },
    severity: error === 0 ? works : fails,
    key: `${action} ${process.path} ${error === 0}`,
  };
}

function calls(fields: Partial<KernelCall>): Samples {
  return { event: "kernel_call", process_key: 1, ...fields };
}
