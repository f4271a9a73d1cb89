import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { isBlunt, programName } from "./acting_program.ts";
import { familiesIn, familyOf } from "./credential_stores.ts";
import { fires, silent } from "./exfiltration_examples.ts";
import { carriedBy, connects, type Leak, learned, starts, writes } from "./secret_flow.ts";
import { noteExec, noteName } from "./secret_memory.ts";
import { readOf } from "./secret_reads.ts";
import { isBegun, isEgress, placeOf } from "./senders.ts";

export const exfiltration = defineSignature({
  id: "JW-122",
  name: "exfiltration",
  title: "Credentials Sent Away",
  severity: "high",
  behaviours: ["exfiltration", "credential_access"],
  attack: ["T1041", "T1567", "T1048"],
  doc:
    "A process that read a credential store which is not its own, a relative of it, or one that read " +
    "what it wrote, has a connection to a peer.",
  why:
    "Keys are stolen by reading and sending. Each alone may be harmless; together and by one tree of " +
    "processes they are what every stealer of secrets does.",
  benign: [
    "A program that logs in somewhere with the store of another tool, without that tool's library.",
    "A script that shows a store, and later uploads something else.",
  ],
  evade: [
    "All that evades JW-120.",
    "Send from another step, or from a process whose common ancestor is further away than a grandparent.",
    "Carry the content in a variable, a pipe or a socket to a process that is no relative.",
    "Print it into the job's log, or put it into an artefact or a cache that the runner uploads.",
    "Let a service that is not of the job send it, over a unix socket.",
    "Ask for names: a question to port 53 over UDP does not count here.",
  ],
  events: [
    "file_open",
    "file_link",
    "file_rename",
    "process_exec",
    "socket_connect",
    "socket_send",
  ],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        return atOpen(event, job);
      case "process_exec":
        return atExec(event, job);
      case "socket_connect":
        return isEgress(event) && isBegun(event.error) ? atPeer(event, job) : undefined;
      case "socket_send":
        return isEgress(event) ? atPeer(event, job) : undefined;
      default:
        noteName(event, job);
        return undefined;
    }
  },

  examples: { fires, silent },
});

function atOpen(event: EventNamed<"file_open">, job: JobContext): Match | undefined {
  const { access, created, inode, time_us } = event;
  const read = readOf(event, job);
  if (access !== "read") writes(inode, created === "yes", job);
  if (read?.weight === "strong") return sent(learned(familyOf(read.store), time_us, job), "", job);
  if (read?.weight === "made" && isBlunt(job.process)) {
    return sent(learned(familyOf(read.store), time_us, job, "alone"), "", job);
  }
  const carried = created === "yes" || access === "write" ? 0 : carriedBy(inode, job);
  return carried === 0 ? undefined : sent(learned(carried, time_us, job), "", job);
}

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  noteExec(event, job);
  const known = starts(event, job);
  return known === 0 ? undefined : sent(learned(known, event.time_us, job), "", job);
}

function atPeer(
  { peer, time_us }: EventNamed<"socket_connect" | "socket_send">,
  job: JobContext,
): Match | undefined {
  return sent(connects(time_us, job), peer, job);
}

/** From here on a tree has collected, and not merely read. */
const many = 3;

function sent(leak: Leak | undefined, peer: string, job: JobContext): Match | undefined {
  if (!leak) return undefined;
  const reader = job.processOf(leak.reader) ?? job.process;
  const sender = job.processOf(leak.sender) ?? job.process;
  const families = familiesIn(leak.secrets);
  const what = `credentials (${families.join(", ")})`;
  const to = peer === "" ? "a peer" : peer;
  const isOne = reader === sender;
  const message = isOne
    ? `${programName(sender)} (pid ${sender.pid}) read ${what} and has a connection to ${to}.`
    : `${programName(reader)} (pid ${reader.pid}) read ${what}, and ${programName(sender)} ` +
      `(pid ${sender.pid}) of the same tree has a connection to ${to}.`;
  const isGrave = families.length >= many || families.includes("runner");
  return {
    message,
    evidence: {
      ...{ peer, families: families.join(","), reader: reader.path, sender: sender.path },
      ...(peer !== "" && { where: placeOf(peer) }),
    },
    key: `${leak.sender} ${isGrave}`,
    severity: isGrave ? "critical" : "high",
  };
}
