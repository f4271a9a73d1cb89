import { cgroupMove } from "./cgroup_move.ts";
import { codeMapping } from "./code_mapping.ts";
import { credentialChange } from "./credential_change.ts";
import { descriptorDuplicate } from "./descriptor_duplicate.ts";
import { execEnvironment } from "./exec_environment.ts";
import { fileChmod } from "./file_chmod.ts";
import { fileLink } from "./file_link.ts";
import { fileOpen } from "./file_open.ts";
import { fileRename } from "./file_rename.ts";
import { fileSymlink } from "./file_symlink.ts";
import { fileTruncate } from "./file_truncate.ts";
import { fileUnlink } from "./file_unlink.ts";
import { fileWrite } from "./file_write.ts";
import { memoryProtect } from "./memory_protect.ts";
import { processExec } from "./process_exec.ts";
import { processExit } from "./process_exit.ts";
import { processFork } from "./process_fork.ts";
import type { EventOf } from "./schema.ts";
import { socketAccept } from "./socket_accept.ts";
import { socketBind } from "./socket_bind.ts";
import { socketConnect } from "./socket_connect.ts";
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
  memoryProtect,
  codeMapping,
  execEnvironment,
] as const;

export type JobEvent = EventOf<(typeof events)[number]>;
export type EventName = JobEvent["event"];
export type EventNamed<N extends EventName> = Extract<JobEvent, { event: N }>;

export const eventNames: readonly EventName[] = events.map(({ name }) => name);
