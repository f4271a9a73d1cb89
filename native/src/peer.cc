#include "peer.h"

#include <sys/socket.h>

#include <cerrno>

#include "errors.h"

Napi::Value PeerOf(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  ucred peer{};
  socklen_t size = sizeof(peer);
  int fd = info[0].As<Napi::Number>().Int32Value();
  int err = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? 0 : errno;
  // Any socket answers; one without a peer answers with user -1, which is nobody.
  if (err == 0 && peer.uid == static_cast<uid_t>(-1)) err = ENOTCONN;
  if (err != 0) throw SystemError(env, "PEER_OF", "descriptor " + std::to_string(fd), err);

  Napi::Object found = Napi::Object::New(env);
  found.Set("pid", peer.pid);
  found.Set("uid", peer.uid);
  found.Set("gid", peer.gid);
  return found;
}
