import type { Signature } from "../engine/signature.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { descriptorTheft } from "./descriptor_theft.ts";
import { environmentHarvest } from "./environment_harvest.ts";
import { foreignRoot } from "./foreign_root.ts";
import { processInjection } from "./process_injection.ts";
import { processMemoryRead } from "./process_memory_read.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The casts forget
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [
  runnerImpersonation as Signature,
  runnerFilesChanged as Signature,
  cgroupExit as Signature,
  processMemoryRead as Signature,
  processInjection as Signature,
  environmentHarvest as Signature,
  descriptorTheft as Signature,
  foreignRoot as Signature,
  stdioOverSocket as Signature,
];
