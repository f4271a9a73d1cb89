import type { Tracer } from "../native/index.ts";
import type { FoundRunner } from "../src/jobs/runner.ts";
import { u32 } from "./kernel.ts";

/** A runner with the number under which the kernel side knows its directory. */
export interface RegisteredRunner extends FoundRunner {
  /** Its row in the store. */
  readonly number: number;
}

/** The runners of this host, as the kernel side is told of them. */
export class RunnerRegistry {
  readonly #tracer: Tracer;
  readonly #runners = new Map<number, RegisteredRunner>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  get all(): readonly RegisteredRunner[] {
    return [...this.#runners.values()];
  }

  byNumber(number: number): RegisteredRunner | undefined {
    return this.#runners.get(number);
  }

  /** The runner in whose directory a program lies. @param path as the kernel resolved it */
  byProgram(path: string): RegisteredRunner | undefined {
    return this.all.find(({ root }) => path.startsWith(`${root}/bin`));
  }

  /**
   * Makes these the runners of the host.
   * @param runners with their rows
   * @returns roots that are registered no more
   */
  set(runners: readonly RegisteredRunner[]): string[] {
    const numbers = new Set(runners.map(({ number }) => number));
    const gone = this.all.filter(({ number }) => !numbers.has(number));
    for (const { number } of gone) this.#runners.delete(number);
    for (const runner of runners) {
      this.#runners.set(runner.number, runner);
      this.register(runner.number, runner.root_inode, runner.root_device);
    }
    for (const [key, number] of this.#tracer.mapEntries("jw_runner_roots")) {
      if (!this.#runners.has(number.readUInt32LE(0)))
        this.#tracer.mapDelete("jw_runner_roots", key);
    }
    return gone.map(({ root }) => root);
  }

  /**
   * Tells the kernel side of a directory. On some file systems what stat says of it is not what the
   * kernel uses inside; then the kernel's own numbers come with the first program that it sees there.
   */
  register(number: number, inode: bigint | number, device: number): void {
    const key = Buffer.alloc(16);
    key.writeBigUInt64LE(BigInt(inode), 0);
    key.writeUInt32LE(device, 8);
    this.#tracer.mapSet("jw_runner_roots", key, u32(number));
  }
}
