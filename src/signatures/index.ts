import type { Signature } from "../engine/signature.ts";
import { cgroupExit } from "./cgroup_exit.ts";
import { commandPolling } from "./command_polling.ts";
import { covertChannel } from "./covert_channel.ts";
import { dnsTunnel } from "./dns_tunnel.ts";
import { metadataAccess } from "./metadata_access.ts";
import { networkScan } from "./network_scan.ts";
import { packetCapture } from "./packet_capture.ts";
import { relayedShell } from "./relayed_shell.ts";
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
  metadataAccess as Signature,
  networkScan as Signature,
  packetCapture as Signature,
  covertChannel as Signature,
  dnsTunnel as Signature,
  relayedShell as Signature,
  commandPolling as Signature,
  stdioOverSocket as Signature,
];
