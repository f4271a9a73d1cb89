import type { Signature } from "../engine/signature.ts";
import { agentChanged } from "./agent_changed.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { foreignNamespace } from "./foreign_namespace.ts";
import { hostContainer } from "./host_container.ts";
import { ioUringUse } from "./io_uring_use.ts";
import { kernelCode } from "./kernel_code.ts";
import { kernelSettings } from "./kernel_settings.ts";
import { machineChanged } from "./machine_changed.ts";
import { mountAlias } from "./mount_alias.ts";
import { privilegeGained } from "./privilege_gained.ts";
import { rawDevice } from "./raw_device.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { securityStopped } from "./security_stopped.ts";
import { signalToStranger } from "./signal_to_stranger.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";

/**
 * Every signature, in id order. A signature that is not listed here does not run. The casts forget
 * which events each listens to; the engine gives it no other.
 */
export const signatures: readonly Signature[] = [
  runnerImpersonation as Signature,
  runnerFilesChanged as Signature,
  cgroupExit as Signature,
  kernelCode as Signature,
  machineChanged as Signature,
  kernelSettings as Signature,
  foreignNamespace as Signature,
  hostContainer as Signature,
  mountAlias as Signature,
  rawDevice as Signature,
  signalToStranger as Signature,
  agentChanged as Signature,
  securityStopped as Signature,
  ioUringUse as Signature,
  privilegeGained as Signature,
  stdioOverSocket as Signature,
];
