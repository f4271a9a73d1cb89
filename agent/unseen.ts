import type { Kernel } from "./kernel.ts";

/** Events that this kernel cannot show at all, each with the kernel's reasons. */
export const unseenOn = ({ seen }: Pick<Kernel, "seen">): string[] =>
  seen
    .filter(({ hooks }) => hooks.length === 0)
    .map(({ definition, refused }) => `${definition.name} (${refused.join("; ")})`);
