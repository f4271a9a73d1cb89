/** Processes of a job that are remembered at once while it is judged: together at most 64 MiB. */
export const rememberedProcesses = 32_768;
const rememberedCharacters = 2048;

/**
 * The first arguments of a process, as many as are remembered with it; the event of its exec keeps
 * them all.
 */
export function briefArgs(args: readonly string[]): readonly string[] {
  let left = rememberedCharacters;
  const kept: string[] = [];
  for (const arg of args) {
    kept.push(arg.length <= left ? arg : `${arg.slice(0, left)}…`);
    left -= arg.length;
    if (left <= 0) break;
  }
  return kept;
}
