#pragma once

#include <napi.h>

/**
 * peerOf(fd): {pid, uid, gid}. Who connected the unix socket, as the kernel noted it in connect:
 * the socket may have been handed to another process since. Throws PEER_OF with errno.
 */
Napi::Value PeerOf(const Napi::CallbackInfo& info);
