import type { NoticeNamed } from "../src/events/notices/index.ts";
import { pickVariables, type StepEnvironment } from "../src/jobs/step_variables.ts";

/** Pieces of environments, until each is whole. They hold secrets, so they are wiped when read. */
export class EnvironmentBlocks {
  readonly #pieces = new Map<number, Buffer[]>();

  /**
   * Takes one piece in. Pieces of one process come in order, and no other process of its job starts
   * between two of them on the same processor.
   * @returns the listed variables, when the environment is whole
   */
  take(notice: NoticeNamed<"step_environment">): StepEnvironment | undefined {
    const { process_key, offset, total_bytes, block } = notice;
    const earlier = offset === 0 ? [] : (this.#pieces.get(process_key) ?? []);
    const bytes = earlier.reduce((sum, piece) => sum + piece.length, 0);
    // A piece that was lost, or not readable: what cannot be known is left out.
    const is_whole_so_far = bytes === offset;
    if (is_whole_so_far && offset + block.length < total_bytes && block.length > 0) {
      this.#remember(process_key, [...earlier, block]);
      return undefined;
    }
    this.#pieces.delete(process_key);
    const pieces = is_whole_so_far ? [...earlier, block] : [block];
    const whole = Buffer.concat(pieces);
    const picked = pickVariables(whole);
    for (const piece of [...pieces, ...earlier, whole]) piece.fill(0);
    return picked;
  }

  /** Few environments are in several pieces, and none stays for long. */
  #remember(process_key: number, pieces: Buffer[]): void {
    if (this.#pieces.size >= mostUnfinished) this.#pieces.clear();
    this.#pieces.set(process_key, pieces);
  }
}

const mostUnfinished = 16;
