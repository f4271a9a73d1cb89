/** The public API. What is not here is not public. */
export { type ErrorCode, errorCodes, JobwardenError } from "./base/errors.ts";
export { type Behaviour, behaviours } from "./engine/behaviours.ts";
export { Engine } from "./engine/engine.ts";
export type { Finding, FindingProcess } from "./engine/finding.ts";
export { type Severity, severities } from "./engine/severity.ts";
export {
  defineSignature,
  type JobContext,
  type Match,
  type Signature,
} from "./engine/signature.ts";
export { type EventName, type EventNamed, events, type JobEvent } from "./events/index.ts";
export type { Process } from "./jobs/process.ts";
export { ProcessTree } from "./jobs/process_tree.ts";
export { signatures } from "./signatures/index.ts";
export { openForReading } from "./store/open.ts";
export { Reader } from "./store/reader.ts";
