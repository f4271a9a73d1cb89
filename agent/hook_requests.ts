import type { Peer } from "../native/index.ts";
import type { HookName } from "../src/jobs/hook_peer.ts";
import type { ToPipeline } from "./daemon_protocol.ts";
import type { HookAnswer, HookJobs } from "./hook_jobs.ts";

/** Hands the calls of hooks to the pipeline's thread, and its answers back. */
export class HookRequests implements HookJobs {
  readonly #post: (message: ToPipeline) => void;
  readonly #waiting = new Map<number, (answer: HookAnswer) => void>();
  #next = 1;

  constructor(post: (message: ToPipeline) => void) {
    this.#post = post;
  }

  started(peer: Peer): Promise<HookAnswer> {
    return this.#ask("started", peer);
  }

  completed(peer: Peer): Promise<HookAnswer> {
    return this.#ask("completed", peer);
  }

  /** An answer from the pipeline's thread. One that nobody waits for any more is dropped. */
  answer(id: number, answer: HookAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** The server bounds how many wait at once, and for how long. */
  #ask(hook: HookName, peer: Peer): Promise<HookAnswer> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ type: "hook", id, hook, peer });
    });
  }
}
