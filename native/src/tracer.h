#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ring.h"

struct bpf_link;
struct bpf_object;

/**
 * The BPF object, for JavaScript: load, attach, pin, drain, and reach into maps by name.
 *
 * It owns no thread and never calls into JavaScript: JavaScript decides when to drain, and until
 * then the records wait in the kernel's rings. When those are full the BPF side drops and counts.
 * So there is one place where an event can be lost.
 *
 * It knows no event: records cross as bytes, and src/events gives them their meaning.
 */
class Tracer : public Napi::ObjectWrap<Tracer> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit Tracer(const Napi::CallbackInfo& info);

 private:
  struct Free {
    void operator()(bpf_object* object) const;
    void operator()(bpf_link* link) const;
  };
  struct CloseFd {
    void operator()(int* fd) const;
  };
  using Fd = std::unique_ptr<int, CloseFd>;
  using Link = std::unique_ptr<bpf_link, Free>;
  struct Map {
    Fd fd;
    uint32_t key_bytes;
    uint32_t value_bytes;
    uint32_t entries;
  };

  Napi::Value Attach(const Napi::CallbackInfo& info);
  Napi::Value AttachCgroup(const Napi::CallbackInfo& info);
  Napi::Value ProgramFd(const Napi::CallbackInfo& info);
  Napi::Value Visit(const Napi::CallbackInfo& info);
  Napi::Value Poll(const Napi::CallbackInfo& info);
  Napi::Value Drain(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);
  Napi::Value Position(const Napi::CallbackInfo& info);
  Napi::Value Seek(const Napi::CallbackInfo& info);
  void Pin(const Napi::CallbackInfo& info);
  Napi::Value MapGet(const Napi::CallbackInfo& info);
  Napi::Value MapEntries(const Napi::CallbackInfo& info);
  void MapSet(const Napi::CallbackInfo& info);
  void MapDelete(const Napi::CallbackInfo& info);
  void Detach(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  void Load(Napi::Env env, const Napi::Object& options);
  void Reopen(Napi::Env env, const std::string& directory);
  void AddMap(Napi::Env env, const std::string& name, int fd);
  void AddRing(Napi::Env env, const std::string& name);
  void RequireOpen(Napi::Env env) const;
  const Map& RequireMap(Napi::Env env, const std::string& name) const;
  Ring& RequireRing(Napi::Env env, const std::string& name) const;

  // Freed from the last to the first: hooks stop before the rings go, and the maps go last.
  std::unique_ptr<bpf_object, Free> object_;  // null when reopened
  std::map<std::string, Map> maps_;
  std::map<std::string, std::unique_ptr<Ring>> rings_;
  Fd epoll_;
  std::map<std::string, Link> links_;  // by program
};
