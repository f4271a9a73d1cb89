import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import type { Tracer } from "../native/index.ts";
import type { Notice } from "../src/events/notices/index.ts";
import {
  dataRootFromInfo,
  dockerConnections,
  factsFromConfig,
  factsFromList,
} from "../src/jobs/container_facts.ts";
import type { ContainerRecord, Containers } from "../src/jobs/containers.ts";

export interface ContainerWatchOptions {
  readonly containers: Containers;
  /** Called with each container that is new or changed. */
  readonly onChange: (record: ContainerRecord) => void;
  /** dockerd's API. Default: /var/run/docker.sock. */
  readonly socket?: string;
  /** Where dockerd keeps its containers, until it says so itself. Default: /var/lib/docker. */
  readonly data_root?: string;
}

/** How long dockerd may take to answer; nothing waits for it meanwhile. */
const answer_ms = 5000;
const largestAnswer = 16 << 20;

/**
 * Follows the containers of the host. Whose they are is the kernel side's word; names, images and
 * labels are read from dockerd's files. Never `inspect`, whose lock dockerd holds while it starts one.
 */
export class ContainerWatch {
  readonly #containers: Containers;
  readonly #onChange: (record: ContainerRecord) => void;
  readonly #socket: string;
  #dataRoot: string;

  constructor(options: ContainerWatchOptions) {
    this.#containers = options.containers;
    this.#onChange = options.onChange;
    this.#socket = options.socket ?? "/var/run/docker.sock";
    this.#dataRoot = options.data_root ?? "/var/lib/docker";
  }

  /** @returns comes when what is known of a new container was looked up; nothing has to wait for it */
  async take(notice: Notice): Promise<void> {
    const record = this.#containers.take(notice);
    if (!record) return;
    this.#onChange(record);
    if (record.removed_us === undefined && record.name === "") await this.#describe(record.id);
  }

  /**
   * At the start of the agent: adds the containers that run already, and makes dockerd known to the
   * kernel side, which learns of it when it takes a connection. Without docker it does nothing.
   */
  async reconcile(): Promise<void> {
    const info = await this.#get("/info");
    this.#dataRoot = dataRootFromInfo(info) || this.#dataRoot;
    const listed = factsFromList(await this.#get("/containers/json"));
    for (const record of this.#containers.reconcile(listed)) this.#onChange(record);
  }

  async #describe(id: string): Promise<void> {
    const path = join(this.#dataRoot, "containers", id, "config.v2.json");
    // A step of a build, podman's, or gone again: what is known without it stays.
    const facts = factsFromConfig(await readFile(path, "utf8").catch(() => ""));
    const record = facts && this.#containers.describe(facts);
    if (record) this.#onChange(record);
  }

  /** The body of dockerd's answer; empty when there is none. */
  #get(path: string): Promise<string> {
    return new Promise((resolve) => {
      const asked = request(
        { socketPath: this.#socket, path, agent: false, timeout: answer_ms },
        (answer) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          answer.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > largestAnswer) asked.destroy();
            else chunks.push(chunk);
          });
          answer.on("close", () => {
            const isWhole = answer.complete && answer.statusCode === 200;
            resolve(isWhole ? Buffer.concat(chunks).toString("utf8") : "");
          });
        },
      );
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => resolve("")); // docker is not there, or not for us
      asked.end();
    });
  }
}

/** As struct jw_docker_connection in bpf/docker.bpf.h. */
const connection = { bytes: 40, kindAt: 36, unknown: 2 } as const;

/**
 * Tells the kernel side, once its programs run, of the connections to dockerd that are older: each
 * may be a build's, so that while one is open nobody is taken for the only one who builds.
 */
export function tellOldConnections(tracer: Tracer): void {
  for (const inode of dockerConnections(readFileSync("/proc/net/unix", "utf8"))) {
    const key = Buffer.alloc(8);
    key.writeBigUInt64LE(BigInt(inode));
    if (tracer.mapGet("jw_docker_connections", key)) continue; // younger than the programs
    const value = Buffer.alloc(connection.bytes);
    value.writeUInt16LE(connection.unknown, connection.kindAt);
    tracer.mapSet("jw_docker_connections", key, value);
  }
}

/** Forgets connections that are closed; where dockerd was killed it could not close them itself. */
export function forgetClosedConnections(tracer: Tracer): void {
  const open = new Set(dockerConnections(readFileSync("/proc/net/unix", "utf8")));
  for (const [key, value] of tracer.mapEntries("jw_docker_connections")) {
    const isOld = value.readUInt16LE(connection.kindAt) === connection.unknown;
    if (isOld && !open.has(Number(key.readBigUInt64LE(0)))) {
      tracer.mapDelete("jw_docker_connections", key);
    }
  }
}
