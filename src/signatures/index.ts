import type { Signature } from "../engine/signature.ts";
import { artifactTampered } from "./artifact_tampered.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { ciFilesChanged } from "./ci_files_changed.ts";
import { destruction } from "./destruction.ts";
import { foreignObject } from "./foreign_object.ts";
import { hostPersistence } from "./host_persistence.ts";
import { packageTampered } from "./package_tampered.ts";
import { programShadowed } from "./program_shadowed.ts";
import { repositoryPersistence } from "./repository_persistence.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { setIdMade } from "./set_id_made.ts";
import { sourceSwapped } from "./source_swapped.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";
import { tracesRemoved } from "./traces_removed.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The casts forget
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [
  runnerImpersonation as Signature,
  runnerFilesChanged as Signature,
  cgroupExit as Signature,
  hostPersistence as Signature,
  setIdMade as Signature,
  repositoryPersistence as Signature,
  ciFilesChanged as Signature,
  programShadowed as Signature,
  packageTampered as Signature,
  sourceSwapped as Signature,
  foreignObject as Signature,
  artifactTampered as Signature,
  tracesRemoved as Signature,
  destruction as Signature,
  stdioOverSocket as Signature,
];
