import type { Signature } from "../engine/signature.ts";
import { agentSocket } from "./agent_socket.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { credentialAccess } from "./credential_access.ts";
import { envHarvest } from "./env_harvest.ts";
import { exfiltration } from "./exfiltration.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { secretPrinted } from "./secret_printed.ts";
import { secretSweep } from "./secret_sweep.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The casts forget
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [
  runnerImpersonation as Signature,
  runnerFilesChanged as Signature,
  cgroupExit as Signature,
  credentialAccess as Signature,
  secretSweep as Signature,
  exfiltration as Signature,
  envHarvest as Signature,
  agentSocket as Signature,
  secretPrinted as Signature,
  stdioOverSocket as Signature,
];
