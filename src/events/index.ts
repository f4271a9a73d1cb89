import { cgroupMove } from "./cgroup_move.ts";
import { codeMapping } from "./code_mapping.ts";
import { credentialChange } from "./credential_change.ts";
import { descriptorDuplicate } from "./descriptor_duplicate.ts";
import { dnsQuery } from "./dns_query.ts";
import { execEnvironment } from "./exec_environment.ts";
import { fileChmod } from "./file_chmod.ts";
import { fileLink } from "./file_link.ts";
import { fileOpen } from "./file_open.ts";
import { fileRename } from "./file_rename.ts";
import { fileSymlink } from "./file_symlink.ts";
import { fileTruncate } from "./file_truncate.ts";
import { fileUnlink } from "./file_unlink.ts";
import { fileWrite } from "./file_write.ts";
import { ioUringOperation } from "./io_uring_operation.ts";
import { ioUringSetup } from "./io_uring_setup.ts";
import { kernelCall } from "./kernel_call.ts";
import { memoryProtect } from "./memory_protect.ts";
import { mountChange } from "./mount_change.ts";
import { namespaceChange } from "./namespace_change.ts";
import { processAccess } from "./process_access.ts";
import { processExec } from "./process_exec.ts";
import { processExit } from "./process_exit.ts";
import { processFork } from "./process_fork.ts";
import type { EventOf } from "./schema.ts";
import { signalSent } from "./signal_sent.ts";
import { socketAccept } from "./socket_accept.ts";
import { socketBind } from "./socket_bind.ts";
import { socketConnect } from "./socket_connect.ts";
import { socketCreate } from "./socket_create.ts";
import { socketListen } from "./socket_listen.ts";
import { socketSend } from "./socket_send.ts";

/** Every event, in id order. An event that is not listed here does not exist. */
export const events = [
  processFork,
  processExec,
  processExit,
  credentialChange,
  fileOpen,
  fileWrite,
  fileRename,
  fileLink,
  fileSymlink,
  fileUnlink,
  fileChmod,
  fileTruncate,
  socketConnect,
  socketBind,
  socketListen,
  socketAccept,
  socketSend,
  descriptorDuplicate,
  cgroupMove,
  processAccess,
  socketCreate,
  dnsQuery,
  memoryProtect,
  codeMapping,
  execEnvironment,
  kernelCall,
  namespaceChange,
  mountChange,
  signalSent,
  ioUringSetup,
  ioUringOperation,
] as const;

export type JobEvent = EventOf<(typeof events)[number]>;
export type EventName = JobEvent["event"];
export type EventNamed<N extends EventName> = Extract<JobEvent, { event: N }>;

export const eventNames: readonly EventName[] = events.map(({ name }) => name);
