// Compiled, never run: each line under an @ts-expect-error is a mistake that must not compile.
import { defineSignature } from "../../src/engine/signature.ts";

const silent = [[{ event: "process_exec" }]] as const;
const examples = { fires: silent, silent } as const;
const valid = {
  id: "JW-9000",
  name: "x",
  title: "X",
  severity: "low",
  behaviours: ["reverse_shell"],
  attack: ["T1620"],
  doc: "Doc.",
  why: "Why.",
  benign: ["Somebody does it."],
  evade: ["Do not do it."],
  events: ["process_exec"],
  match: () => undefined,
  examples,
} as const;

defineSignature(valid);
// An event of another kind may make the processes of an example.
defineSignature({ ...valid, examples: { silent, fires: [[{ event: "process_fork" }]] } });
// @ts-expect-error an event that does not exist
defineSignature({ ...valid, events: ["process_exac"] });
// @ts-expect-error no event
defineSignature({ ...valid, events: [] });
// @ts-expect-error a severity that does not exist
defineSignature({ ...valid, severity: "severe" });
// @ts-expect-error a behaviour that is not in the vocabulary
defineSignature({ ...valid, behaviours: ["reverse_shel"] });
// @ts-expect-error no behaviour
defineSignature({ ...valid, behaviours: [] });
// @ts-expect-error an id of another form
defineSignature({ ...valid, id: "X-1" });
// @ts-expect-error nothing harmless that fires it
defineSignature({ ...valid, benign: [] });
// @ts-expect-error no way round it
defineSignature({ ...valid, evade: [] });
// @ts-expect-error no example of silence
defineSignature({ ...valid, examples: { ...examples, silent: [] } });
// @ts-expect-error a field that the event does not have
defineSignature({ ...valid, match: ({ file_link }) => file_link });
// @ts-expect-error a field of an event that it does not listen to
defineSignature({ ...valid, match: ({ open_flags }) => open_flags });
// @ts-expect-error a field that the event does not have, in an example
defineSignature({ ...valid, examples: { silent, fires: [[{ event: "process_exec", pth: "" }]] } });
// @ts-expect-error a match without evidence
defineSignature({ ...valid, match: () => ({ message: "Found." }) });
// @ts-expect-error a clock: match gets the event and the job, nothing else
defineSignature({ ...valid, match: (_event, { now }) => now() });
