import { events } from "../src/events/index.ts";
import { notices } from "../src/events/notices/index.ts";
import { stepEnvironment } from "../src/events/notices/step_environment.ts";
import type { EventDefinition, Hook } from "../src/events/schema.ts";

/** How one event is seen on this kernel. */
export interface Seen {
  readonly definition: EventDefinition;
  /** Empty: no way of seeing it is accepted. */
  readonly hooks: readonly Hook[];
  /** Better ways that were refused: the hook and the kernel's reason. */
  readonly refused: readonly string[];
}

/** Why this kernel refuses a hook; empty when it accepts it. */
export type Refusal = (hook: Hook) => string;

/**
 * Chooses for each event the first way that this kernel accepts whole.
 * @param refusal asked once or more for each hook
 * @param leave_out names of events and notices that are not wanted
 */
export function chooseHooks(refusal: Refusal, leave_out: readonly string[] = []): Seen[] {
  const wanted = inOrder.filter(({ name }) => !leave_out.includes(name));
  return wanted.map((definition) => {
    const refused: string[] = [];
    for (const way of definition.ways) {
      const reasons = way.flatMap((hook) => {
        const reason = refusal(hook);
        return reason ? [`${sectionOf(hook)}: ${reason}`] : [];
      });
      if (reasons.length === 0) return { definition, hooks: way, refused };
      refused.push(...reasons);
    }
    return { definition, hooks: [], refused };
  });
}

/** Programs on the same tracepoint run in the order of attachment: notices of a start come first. */
const inOrder: readonly EventDefinition[] = [
  ...notices.filter(({ name }) => name !== stepEnvironment.name),
  ...events,
  stepEnvironment,
];

/** The part of `on` that libbpf understands, such as `tp_btf/sys_exit`. */
export const sectionOf = (hook: Hook): string => hook.on.split(" ")[0] ?? "";
