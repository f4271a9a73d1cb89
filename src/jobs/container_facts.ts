/** What dockerd says of a container. All of it is the client's choice: a hint, and no proof. */
export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A container that runs, as dockerd lists it. */
export interface ListedContainer extends ContainerFacts {
  readonly created_us: number;
}

/** Reads `<data-root>/containers/<id>/config.v2.json`; undefined when it is not one. */
export function factsFromConfig(text: string): ContainerFacts | undefined {
  const config = objectOf(parsed(text));
  const inner = objectOf(config["Config"]);
  return facts(config["ID"], config["Name"], inner["Image"], inner["Labels"]);
}

/** Reads the answer to `GET /containers/json`; what in it is no container is left out. */
export function factsFromList(text: string): ListedContainer[] {
  const list = parsed(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const { Id, Names, Image, Labels, Created } = objectOf(entry);
    const found = facts(Id, Array.isArray(Names) ? Names[0] : "", Image, Labels);
    return found ? [{ ...found, created_us: secondsOf(Created) * us_per_s }] : [];
  });
}

/** Where dockerd keeps its containers, from the answer to `GET /info`; empty when it does not say. */
export const dataRootFromInfo = (text: string): string =>
  textOf(objectOf(parsed(text))["DockerRootDir"]);

/** The id of a container in the name of its control group; undefined when there is none. */
export const containerIdOf = (group: string): string | undefined =>
  /^(?:docker-|libpod-)?([0-9a-f]{64})(?:\.scope)?$/.exec(group)?.[1];

/** Inodes of the connections to sockets called docker.sock, on the side that serves them. */
export function dockerConnections(procNetUnix: string): number[] {
  return procNetUnix.split("\n").flatMap((line) => {
    // Num RefCount Protocol Flags Type St Inode Path: proc(5).
    const [, , , , , state, inode, ...path] = line.trim().split(/\s+/);
    const isConnected = state === connected && path.join(" ").endsWith("docker.sock");
    return isConnected ? [Number(inode)] : [];
  });
}

const connected = "03"; // SS_CONNECTED
const us_per_s = 1_000_000;

function facts(
  id: unknown,
  name: unknown,
  image: unknown,
  labels: unknown,
): ContainerFacts | undefined {
  if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id)) return undefined;
  const texts = Object.entries(objectOf(labels)).map(([key, value]) => [key, textOf(value)]);
  return {
    id,
    name: textOf(name).replace(/^\//, ""),
    image: textOf(image),
    labels: Object.fromEntries(texts),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off while dockerd writes it, or not from dockerd at all
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const secondsOf = (value: unknown): number => (typeof value === "number" ? value : 0);
