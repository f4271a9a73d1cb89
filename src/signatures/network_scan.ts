import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { type Endpoint, endpointOf, isInternal, isLoopback, isMulticast } from "./endpoints.ts";
import { isOwnServer, noteServed } from "./own_sockets.ts";

/*
 * A scan tries many different places of one kind within a short time: many ports of one host, or
 * one port of many hosts. A connection counts when it is tried, whatever becomes of it, and each
 * place counts once, so that waiting for a port, however eagerly, is one place.
 *
 * What honest jobs do in numbers does not count: connections to what the job itself serves, many
 * hosts of the internet on the ports of the web (packages, browsers, link checkers), unless these
 * are neighbours, and replies and questions by datagram. A scan may be one process or a loop that
 * starts one for each place, so places count for the process and for its nearest ancestors.
 */
export const networkScan = defineSignature({
  id: "JW-141",
  name: "network_scan",
  title: "Network Scan",
  severity: "high",
  behaviours: ["network_scan"],
  attack: ["T1046"],
  doc: "A process, or several of one tree, tried many ports of one host or one port of many hosts.",
  why:
    "It looks for services that the runner can reach and the outside cannot: the step before moving " +
    "on to other machines of your network. A build knows where its services are.",
  benign: [
    "Tests of a scanner, of service discovery or of a load balancer with many backends.",
    "Software for clusters that looks for its members by trying addresses.",
  ],
  evade: [
    "Try fewer places in two minutes than the limits here.",
    "Scan with a raw or packet socket, which is reported for itself.",
    "Scan hosts of the internet that are no neighbours on port 80 or 443.",
    "Scan through a proxy.",
  ],
  events: ["socket_connect", "socket_send", "socket_listen", "socket_bind"],

  match(event, job) {
    switch (event.event) {
      case "socket_listen":
      case "socket_bind":
        noteServed(event, job.memory);
        return undefined;
      case "socket_connect":
        // A datagram socket that connects sends nothing: the C library asks for a route that way.
        if (event.type !== "stream" || event.peer === "") return undefined;
        return isOwnServer(event, job.memory) ? undefined : tried(event, event.peer, job);
      case "socket_send":
        return isOwnServer({ ...event, local: "" }, job.memory)
          ? undefined
          : tried(event, event.peer, job);
    }
  },

  examples: {
    fires: [
      // One process, many ports; and the other way round.
      [...connects(20, (i) => `127.0.0.1:${i + 1}`)],
      [...connects(20, (i) => `10.1.2.${i + 1}:22`)],
      [...connects(20, (i) => `203.0.113.${i + 1}:443`)],
      [...connects(20, (i) => `[fd00::${i + 1}]:22`)],
      // The internet: another port than the web's, and neighbours on that.
      [...connects(20, (i) => `${50 + i}.7.8.9:6379`)],
      [...connects(20, (i) => `50.7.8.${i}:443`)],
      [...connects(20, (i) => `50.7.8.9:${8000 + i}`)],
      // A process for each host.
      [
        { event: "process_exec", process_key: 1, path: "/bin/bash" },
        ...Array.from({ length: 20 }, (_, i): readonly Samples[] => [
          { event: "process_exec", process_key: 2 + i, parent_key: 1, path: "/usr/bin/nc" },
          { ...connect(`192.168.0.${i}:80`), process_key: 2 + i } as Samples,
        ]).flat(),
      ],
      [...sends(20, (i) => `10.0.0.${i}:161`)],
      [...sends(20, (i) => `10.0.0.1:${i + 1}`)],
    ],
    silent: [
      [...connects(19, (i) => `127.0.0.1:${i + 1}`)],
      // Waiting for one port.
      [...connects(200, () => "127.0.0.1:5432")],
      // A browser, packages, link checkers.
      [...connects(200, (i) => `${1 + i}.7.8.9:443`)],
      // Many servers under test.
      [
        ...Array.from({ length: 100 }, (_, i): readonly Samples[] => [
          { event: "socket_listen", type: "stream", local: `[::]:${30_000 + i}` },
          connect(`127.0.0.1:${30_000 + i}`),
        ]).flat(),
      ],
      // Slowly.
      [...connects(100, (i) => `10.0.0.${i}:22`, 10_000_000)],
      // A server's answers to its clients; announcements; a traced route.
      [...sends(200, (i) => `127.0.0.1:${40_000 + i}`)],
      [...sends(200, (i) => `239.0.0.${i}:1900`)],
      [...sends(90, (i) => `10.0.0.1:${33_434 + i}`)],
      // A resolver that asks by itself.
      [...sends(200, (i) => `50.7.8.${i}:53`)],
    ],
  },
});

// More than the 16 ports on which adb looks for emulators, and than members of a cluster under test.
const limit = 20;
const windowUs = 120_000_000;
// The process, a shell that starts it, and what started that.
const generations = 4;

const webPorts = new Set([80, 443]);
// Recursive resolvers and clocks talk to many servers.
const portsOfMany = new Set([53, 123]);
/** Clients get their ports from here on; what a server answers to is no scan. */
const firstClientPort = 32_768;

type Try = EventNamed<"socket_connect"> | EventNamed<"socket_send">;

function tried(event: Try, peer: string, job: JobContext): Match | undefined {
  const at = endpointOf(peer);
  if (!at || isMulticast(at.host)) return undefined;
  const isDatagram = event.type !== "stream";
  if (isDatagram && at.port >= firstClientPort) return undefined;
  const hosts = hostsKey(at);
  let found: Match | undefined;
  let key = event.process_key;
  for (let back = 0; key !== 0 && back < generations; back++) {
    if (count(`${key} ports of ${at.host}`, at.port, event, job))
      found ??= said(job, `${limit} ports of ${at.host}`, key, at.host);
    if (hosts !== undefined && count(`${key} ${hosts}`, at.host, event, job))
      found ??= said(job, `port ${at.port} of ${limit} hosts`, key, `port ${at.port}`);
    key = job.processOf(key)?.parent_key ?? 0;
  }
  return found;
}

/** Hosts that are counted together; undefined when many of them mean nothing. */
function hostsKey({ host, port }: Endpoint): string | undefined {
  if (isLoopback(host) || isInternal(host)) return `internal ${port}`;
  if (portsOfMany.has(port)) return undefined;
  if (!webPorts.has(port)) return `public ${port}`;
  return `network ${host.replace(/[.:][^.:]*$/, "")} ${port}`;
}

/** Counts a place of a set once; whether the set is full with it, for the first time. */
function count(set: string, place: string | number, { time_us }: Try, job: JobContext): boolean {
  const { memory } = job;
  const began_us = memory.get(`began ${set}`);
  if (began_us === undefined || time_us - began_us > windowUs) {
    memory.set(`began ${set}`, time_us);
    memory.set(`count ${set}`, 0);
    return add(set, place, time_us, job);
  }
  if ((memory.get(`count ${set}`) ?? 0) >= limit) return false;
  return add(set, place, began_us, job);
}

function add(set: string, place: string | number, began_us: number, { memory }: JobContext) {
  // Of an earlier window when it was noted before this one began.
  if (memory.get(`${set} ${place}`) === began_us) return false;
  memory.set(`${set} ${place}`, began_us);
  const places = (memory.get(`count ${set}`) ?? 0) + 1;
  memory.set(`count ${set}`, places);
  return places === limit;
}

function said({ process }: JobContext, what: string, root: number, key: string): Match {
  const who = baseName(process.path) || "A process";
  return {
    message: `${who} (pid ${process.pid}), or its tree, tried ${what} within two minutes.`,
    evidence: { tried: what, root_key: root },
    key: `${root} ${key}`,
  };
}

function connect(peer: string): Samples {
  return { event: "socket_connect", process_key: 1, type: "stream", protocol: 6, error: 115, peer };
}

function connects(length: number, peer: (i: number) => string, apart_us = 1000): Samples[] {
  return Array.from({ length }, (_, i) => {
    return { ...connect(peer(i)), time_us: i * apart_us } as Samples;
  });
}

function sends(length: number, peer: (i: number) => string): Samples[] {
  return Array.from({ length }, (_, i) => {
    return { event: "socket_send", process_key: 1, type: "datagram", peer: peer(i) } as const;
  });
}
