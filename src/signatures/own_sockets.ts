import type { Memory } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { endpointOf, isLoopback } from "./endpoints.ts";

/** Notes a port that the job serves, so that its connections to itself are known. */
export function noteServed(
  { local, type }: EventNamed<"socket_listen"> | EventNamed<"socket_bind">,
  memory: Memory,
): void {
  const at = endpointOf(local);
  if (at && at.port !== 0) memory.set(`served ${type} ${at.port}`, 1);
}

/** Whether the peer is a server of the job's own: a test and what it tests. */
export function isOwnServer(
  { peer, local, type }: Pick<EventNamed<"socket_connect">, "peer" | "local" | "type">,
  memory: Memory,
): boolean {
  const to = endpointOf(peer);
  if (!to || memory.get(`served ${type} ${to.port}`) === undefined) return false;
  return isLoopback(to.host) || to.host === endpointOf(local)?.host;
}
