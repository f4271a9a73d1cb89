import type { JobContext } from "../../engine/signature.ts";
import type { EventName, EventNamed } from "../../events/index.ts";

/** What a rule may compare; undefined when the event has none. */
export type FieldValue = string | number | undefined;
type Read<N extends EventName> = (event: EventNamed<N>, job: JobContext) => FieldValue;

/** A category of Sigma, in our events. */
export interface Category {
  readonly events: readonly [EventName, ...EventName[]];
  /** By the names that Sigma uses for them; its own letter case. */
  readonly fields: Readonly<Record<string, Read<EventName>>>;
  /** Whether the event is one of the category: not every open makes a file. */
  readonly isOne: (event: EventNamed<EventName>) => boolean;
  /** The fact that a reader needs. */
  readonly fact: Read<EventName>;
}

const all = (): boolean => true;
const parent: (job: JobContext) => JobContext["process"] | undefined = ({ process, processOf }) =>
  processOf(process.parent_key);

/** Of the process that did it. */
const actor = {
  Image: (_event, { process }) => process.path,
  CommandLine: (_event, { process }) => process.args.join(" "),
  CurrentDirectory: (_event, { process }) => process.cwd,
  ProcessId: (_event, { process }) => process.pid,
} as const satisfies Record<string, Read<EventName>>;

const processCreation: Category = {
  events: ["process_exec"],
  isOne: all,
  fact: (_event, { process }) => process.args.join(" "),
  fields: {
    ...actor,
    ParentImage: (_event, job) => parent(job)?.path,
    ParentCommandLine: (_event, job) => parent(job)?.args.join(" "),
    ParentProcessId: (_event, job) => parent(job)?.pid,
    UserId: (event) => (event.event === "process_exec" ? event.uid : undefined),
  },
};

/** The name that a file has now and did not have before. */
const newName: Read<EventName> = (event) => {
  switch (event.event) {
    case "file_open":
    case "file_symlink":
      return event.path;
    case "file_rename":
    case "file_link":
      return event.new_path;
    default:
      return undefined;
  }
};
const fileEvent: Category = {
  events: ["file_open", "file_rename", "file_link", "file_symlink"],
  isOne: (event) => event.event !== "file_open" || event.created === "yes",
  fact: newName,
  fields: { ...actor, TargetFilename: newName },
};

const ends = (at: "peer" | "local"): Read<EventName> => {
  return (event) => (event.event === "socket_connect" ? event[at] : undefined);
};
const address = (endpoint: FieldValue): FieldValue => {
  const text = String(endpoint ?? "");
  return text === "" ? undefined : text.slice(0, text.lastIndexOf(":")).replace(/^\[|\]$/g, "");
};
const port = (endpoint: FieldValue): FieldValue => {
  const text = String(endpoint ?? "");
  return text === "" ? undefined : Number(text.slice(text.lastIndexOf(":") + 1));
};
const isTcp = 6;
const isUdp = 17;
const networkConnection: Category = {
  events: ["socket_connect"],
  isOne: (event) => event.event === "socket_connect" && event.peer !== "",
  fact: ends("peer"),
  fields: {
    ...actor,
    DestinationIp: (event, job) => address(ends("peer")(event, job)),
    DestinationPort: (event, job) => port(ends("peer")(event, job)),
    SourceIp: (event, job) => address(ends("local")(event, job)),
    SourcePort: (event, job) => port(ends("local")(event, job)),
    Initiated: () => "true",
    Protocol: (event) => {
      if (event.event !== "socket_connect") return undefined;
      return event.protocol === isTcp ? "tcp" : event.protocol === isUdp ? "udp" : undefined;
    },
  },
};

const asked: Read<EventName> = (event) => (event.event === "dns_query" ? event.name : undefined);
const dnsQuery: Category = {
  events: ["dns_query"],
  isOne: all,
  fact: asked,
  fields: { ...actor, QueryName: asked },
};

/** By `logsource.category`. */
export const categories: Readonly<Record<string, Category>> = {
  process_creation: processCreation,
  file_event: fileEvent,
  network_connection: networkConnection,
  dns_query: dnsQuery,
};
