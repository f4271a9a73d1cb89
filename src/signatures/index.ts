import type { Signature } from "../engine/signature.ts";
import { agentChanged } from "./agent_changed.ts";
import { agentSocket } from "./agent_socket.ts";
import { artifactTampered } from "./artifact_tampered.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { ciFilesChanged } from "./ci_files_changed.ts";
import { commandPolling } from "./command_polling.ts";
import { covertChannel } from "./covert_channel.ts";
import { credentialAccess } from "./credential_access.ts";
import { cryptomining } from "./cryptomining.ts";
import { descriptorTheft } from "./descriptor_theft.ts";
import { destruction } from "./destruction.ts";
import { dnsTunnel } from "./dns_tunnel.ts";
import { droppedCode } from "./dropped_code.ts";
import { envHarvest } from "./env_harvest.ts";
import { environmentHarvest } from "./environment_harvest.ts";
import { executionHijack } from "./execution_hijack.ts";
import { exfiltration } from "./exfiltration.ts";
import { filelessExecution } from "./fileless_execution.ts";
import { foreignNamespace } from "./foreign_namespace.ts";
import { foreignObject } from "./foreign_object.ts";
import { foreignRoot } from "./foreign_root.ts";
import { hostContainer } from "./host_container.ts";
import { hostPersistence } from "./host_persistence.ts";
import { ioUringUse } from "./io_uring_use.ts";
import { kernelCode } from "./kernel_code.ts";
import { kernelSettings } from "./kernel_settings.ts";
import { libraryFromMemory } from "./library_from_memory.ts";
import { machineChanged } from "./machine_changed.ts";
import { masquerade } from "./masquerade.ts";
import { metadataAccess } from "./metadata_access.ts";
import { mountAlias } from "./mount_alias.ts";
import { networkScan } from "./network_scan.ts";
import { obfuscatedCode } from "./obfuscated_code.ts";
import { packageTampered } from "./package_tampered.ts";
import { packetCapture } from "./packet_capture.ts";
import { pipedCode } from "./piped_code.ts";
import { privilegeGained } from "./privilege_gained.ts";
import { processInjection } from "./process_injection.ts";
import { processMemoryRead } from "./process_memory_read.ts";
import { programShadowed } from "./program_shadowed.ts";
import { rawDevice } from "./raw_device.ts";
import { relayedShell } from "./relayed_shell.ts";
import { repositoryPersistence } from "./repository_persistence.ts";
import { runnerFilesChanged } from "./runner_files_changed.ts";
import { runnerImpersonation } from "./runner_impersonation.ts";
import { secretPrinted } from "./secret_printed.ts";
import { secretSweep } from "./secret_sweep.ts";
import { securityStopped } from "./security_stopped.ts";
import { setIdMade } from "./set_id_made.ts";
import { signalToStranger } from "./signal_to_stranger.ts";
import { sourceSwapped } from "./source_swapped.ts";
import { stdioOverSocket } from "./stdio_over_socket.ts";
import { tracesRemoved } from "./traces_removed.ts";
import { wxMemory } from "./wx_memory.ts";

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
  credentialAccess as Signature,
  secretSweep as Signature,
  exfiltration as Signature,
  envHarvest as Signature,
  agentSocket as Signature,
  secretPrinted as Signature,
  metadataAccess as Signature,
  networkScan as Signature,
  packetCapture as Signature,
  covertChannel as Signature,
  dnsTunnel as Signature,
  relayedShell as Signature,
  commandPolling as Signature,
  filelessExecution as Signature,
  droppedCode as Signature,
  pipedCode as Signature,
  obfuscatedCode as Signature,
  masquerade as Signature,
  executionHijack as Signature,
  cryptomining as Signature,
  wxMemory as Signature,
  libraryFromMemory as Signature,
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
