#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct bpf_link;
struct bpf_object;
struct ring_buffer;

/**
 * The BPF object, for JavaScript: load, attach, drain, and reach into maps by name.
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
  static Napi::Value Probe(const Napi::CallbackInfo& info);
  explicit Tracer(const Napi::CallbackInfo& info);

 private:
  struct Free {
    void operator()(bpf_object* object) const;
    void operator()(ring_buffer* ring) const;
    void operator()(bpf_link* link) const;
  };
  using Ring = std::unique_ptr<ring_buffer, Free>;
  struct CloseFd {
    void operator()(int* fd) const;
  };
  using Fd = std::unique_ptr<int, CloseFd>;

  Napi::Value Attach(const Napi::CallbackInfo& info);
  Napi::Value AttachCgroup(const Napi::CallbackInfo& info);
  Napi::Value ProgramFd(const Napi::CallbackInfo& info);
  Napi::Value Poll(const Napi::CallbackInfo& info);
  Napi::Value Drain(const Napi::CallbackInfo& info);
  Napi::Value MapGet(const Napi::CallbackInfo& info);
  Napi::Value MapEntries(const Napi::CallbackInfo& info);
  void MapSet(const Napi::CallbackInfo& info);
  void MapDelete(const Napi::CallbackInfo& info);
  void Detach(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  void RequireOpen(Napi::Env env) const;
  int RequireMap(Napi::Env env, const std::string& name) const;
  static int OnRecord(void* self, void* record, size_t size);

  // Freed from the last to the first: hooks stop before the rings go, and the maps go last.
  std::unique_ptr<bpf_object, Free> object_;
  std::map<std::string, Ring> rings_;
  Fd epoll_;
  std::vector<std::unique_ptr<bpf_link, Free>> links_;

  uint8_t* next_ = nullptr;  // during Drain: where the next record goes
  size_t left_ = 0;          // during Drain: bytes free from there on
};
