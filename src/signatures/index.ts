import type { Signature } from "../engine/signature.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { cryptomining } from "./cryptomining.ts";
import { droppedCode } from "./dropped_code.ts";
import { executionHijack } from "./execution_hijack.ts";
import { filelessExecution } from "./fileless_execution.ts";
import { libraryFromMemory } from "./library_from_memory.ts";
import { masquerade } from "./masquerade.ts";
import { obfuscatedCode } from "./obfuscated_code.ts";
import { pipedCode } from "./piped_code.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";
import { wxMemory } from "./wx_memory.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The casts forget
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [
  runnerImpersonation as Signature,
  runnerFilesChanged as Signature,
  cgroupExit as Signature,
  filelessExecution as Signature,
  droppedCode as Signature,
  pipedCode as Signature,
  obfuscatedCode as Signature,
  masquerade as Signature,
  executionHijack as Signature,
  cryptomining as Signature,
  wxMemory as Signature,
  libraryFromMemory as Signature,
  stdioOverSocket as Signature,
];
