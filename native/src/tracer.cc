#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "errors.h"

namespace {

// The largest record: JW_LARGE_BYTES in bpf/jobwarden.bpf.h.
constexpr size_t kLargestRecord = 196608;

size_t Align8(size_t size) { return (size + 7) & ~size_t{7}; }

std::string Text(const Napi::Value& value) { return value.As<Napi::String>(); }

// The bytes of a key or value; its size was checked against the map's before.
const uint8_t* Bytes(const Napi::Value& value, size_t expected, const std::string& map) {
  auto bytes = value.As<Napi::Uint8Array>();
  if (bytes.ByteLength() != expected) {
    throw Napi::RangeError::New(value.Env(), map + " takes " + std::to_string(expected) +
                                                 " bytes, not " +
                                                 std::to_string(bytes.ByteLength()));
  }
  return bytes.Data();
}

void SetSizes(bpf_object* object, const Napi::Object& sizes) {
  Napi::Array names = sizes.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    std::string name = Text(names.Get(i));
    bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
    if (!map) throw SystemError(sizes.Env(), "BPF_OPEN", "map " + name, ENOENT);
    bpf_map__set_max_entries(map, sizes.Get(name).As<Napi::Number>().Uint32Value());
  }
}

void SetAutoload(bpf_object* object, const Napi::Array& programs) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) bpf_program__set_autoload(program, false);
  for (uint32_t i = 0; i < programs.Length(); i++) {
    std::string name = Text(programs.Get(i));
    program = bpf_object__find_program_by_name(object, name.c_str());
    if (!program) throw SystemError(programs.Env(), "BPF_OPEN", "program " + name, ENOENT);
    bpf_program__set_autoload(program, true);
  }
}

/**
 * Keeps signals away from this thread while it lives: the verifier gives up with EAGAIN when one is
 * pending, and a profiler's come faster than it can finish.
 */
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

void Tracer::Free::operator()(bpf_object* object) const { bpf_object__close(object); }
void Tracer::Free::operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
void Tracer::Free::operator()(bpf_link* link) const { bpf_link__destroy(link); }

void Tracer::CloseFd::operator()(int* fd) const {
  close(*fd);
  delete fd;
}

Napi::Function Tracer::Define(Napi::Env env) {
  return DefineClass(env, "Tracer", {
      InstanceMethod<&Tracer::Attach>("attach"),
      InstanceMethod<&Tracer::AttachCgroup>("attachCgroup"),
      InstanceMethod<&Tracer::ProgramFd>("programFd"),
      InstanceMethod<&Tracer::Poll>("poll"),
      InstanceMethod<&Tracer::Drain>("drain"),
      InstanceMethod<&Tracer::MapGet>("mapGet"),
      InstanceMethod<&Tracer::MapEntries>("mapEntries"),
      InstanceMethod<&Tracer::MapSet>("mapSet"),
      InstanceMethod<&Tracer::MapDelete>("mapDelete"),
      InstanceMethod<&Tracer::Detach>("detach"),
      InstanceMethod<&Tracer::Close>("close"),
  });
}

// probe(section): string. Whether this kernel accepts a program of that section at all, tried with
// one that does nothing: "" when it loads and attaches, otherwise the kernel's reason.
Napi::Value Tracer::Probe(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  WithoutSignals guard;
  CaptureLog();
  const std::string section = Text(info[0]);
  bpf_prog_type type;
  bpf_attach_type attach;
  if (int err = libbpf_prog_type_by_name(section.c_str(), &type, &attach)) {
    return Napi::String::New(env, std::string("unknown section: ") + std::strerror(-err));
  }
  bpf_prog_load_opts options = {};
  options.sz = sizeof(options);
  options.expected_attach_type = attach;
  const std::string target = section.substr(section.find('/') + 1);
  if (type == BPF_PROG_TYPE_TRACING) {
    int id = libbpf_find_vmlinux_btf_id(target.c_str(), attach);
    if (id < 0) return Napi::String::New(env, "this kernel has no " + target);
    options.attach_btf_id = id;
  }
  // Tracing programs must return 0, those on sendmsg 1: let it pass.
  const int verdict = type == BPF_PROG_TYPE_TRACING ? 0 : 1;
  const bpf_insn instructions[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, verdict},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  int program = bpf_prog_load(type, "jw_probe", "Dual BSD/GPL", instructions, 2, &options);
  if (program < 0) return Napi::String::New(env, std::strerror(-program));
  std::string reason;
  if (type == BPF_PROG_TYPE_TRACING) {
    int link = bpf_raw_tracepoint_open(nullptr, program);
    if (link < 0) reason = std::strerror(-link);
    if (link >= 0) close(link);
  }
  close(program);
  return Napi::String::New(env, reason);
}

// new Tracer({ object, programs, sizes, rings }): loads the named programs of the object file and
// attaches none. `sizes`: entries (of rings: bytes) of maps by name. `rings`: maps to drain. Throws
// BPF_OPEN, BPF_LOAD; the latter with what the kernel said in `log`.
Tracer::Tracer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Napi::Env env = info.Env();
  auto options = info[0].As<Napi::Object>();
  const std::string path = Text(options.Get("object"));
  WithoutSignals guard;
  CaptureLog();
  TakeLog();

  object_.reset(bpf_object__open_file(path.c_str(), nullptr));
  if (!object_) throw SystemError(env, "BPF_OPEN", path, errno);
  SetSizes(object_.get(), options.Get("sizes").As<Napi::Object>());
  SetAutoload(object_.get(), options.Get("programs").As<Napi::Array>());
  if (int err = bpf_object__load(object_.get())) {
    Napi::Error error = SystemError(env, "BPF_LOAD", path, -err);
    error.Set("log", TakeLog());
    throw error;
  }

  epoll_.reset(new int(epoll_create1(EPOLL_CLOEXEC)));
  auto rings = options.Get("rings").As<Napi::Array>();
  for (uint32_t i = 0; i < rings.Length(); i++) {
    const std::string name = Text(rings.Get(i));
    Ring ring(ring_buffer__new(RequireMap(env, name), &Tracer::OnRecord, this, nullptr));
    if (!ring) throw SystemError(env, "BPF_LOAD", name, errno);
    // Edge-triggered: a ring that holds something is not news, only the kernel's call is.
    epoll_event wanted = {};
    wanted.events = EPOLLIN | EPOLLET;
    if (epoll_ctl(*epoll_, EPOLL_CTL_ADD, ring_buffer__epoll_fd(ring.get()), &wanted)) {
      throw SystemError(env, "BPF_LOAD", name, errno);
    }
    rings_[name] = std::move(ring);
  }
}

// attach(program): string. "" when the program now runs, otherwise the kernel's reason.
Napi::Value Tracer::Attach(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  bpf_program* program = bpf_object__find_program_by_name(object_.get(), Text(info[0]).c_str());
  if (!program) return Napi::String::New(env, "no such program");
  std::unique_ptr<bpf_link, Free> link(bpf_program__attach(program));
  if (!link) return Napi::String::New(env, std::strerror(errno));
  links_.push_back(std::move(link));
  return Napi::String::New(env, "");
}

// attachCgroup(program, directory): string. As attach, for a program on a control group.
Napi::Value Tracer::AttachCgroup(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  bpf_program* program = bpf_object__find_program_by_name(object_.get(), Text(info[0]).c_str());
  if (!program) return Napi::String::New(env, "no such program");
  int directory = open(Text(info[1]).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return Napi::String::New(env, std::strerror(errno));
  std::unique_ptr<bpf_link, Free> link(bpf_program__attach_cgroup(program, directory));
  int err = errno;
  close(directory);
  if (!link) return Napi::String::New(env, std::strerror(err));
  links_.push_back(std::move(link));
  return Napi::String::New(env, "");
}

// programFd(program): number. For a table of programs, whose values are descriptors.
Napi::Value Tracer::ProgramFd(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::string name = Text(info[0]);
  bpf_program* program = bpf_object__find_program_by_name(object_.get(), name.c_str());
  int fd = program ? bpf_program__fd(program) : -1;
  if (fd < 0) throw SystemError(env, "BPF_LOAD", name, ENOENT);
  return Napi::Number::New(env, fd);
}

// poll(timeout_ms): boolean. Waits until a ring calls because it is filling; false when the time
// ran out first.
Napi::Value Tracer::Poll(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  epoll_event event;
  int ready = epoll_wait(*epoll_, &event, 1, info[0].As<Napi::Number>().Int32Value());
  if (ready < 0 && errno != EINTR) throw SystemError(env, "BPF_DRAIN", "epoll_wait", errno);
  return Napi::Boolean::New(env, ready > 0);
}

// drain(ring, into): number. Fills the Uint8Array with whole records, oldest first, each at a
// multiple of 8 bytes; returns the bytes used. When fewer than 196608 are left over, the ring may
// hold more.
Napi::Value Tracer::Drain(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::string name = Text(info[0]);
  auto ring = rings_.find(name);
  if (ring == rings_.end()) throw SystemError(env, "BPF_DRAIN", name, ENOENT);
  auto into = info[1].As<Napi::Uint8Array>();
  if (into.ByteLength() < kLargestRecord) {
    throw Napi::RangeError::New(env, "drain needs room for one record: 196608 bytes");
  }

  next_ = into.Data();
  left_ = into.ByteLength();
  int err = ring_buffer__consume(ring->second.get());
  if (err < 0 && err != -ENOBUFS) throw SystemError(env, "BPF_DRAIN", name, -err);
  return Napi::Number::New(env, into.ByteLength() - left_);
}

// libbpf takes a record out of the ring even if this returns an error. So the record is stored
// first, and the stop is asked for when the next one might not fit.
int Tracer::OnRecord(void* self, void* record, size_t size) {
  auto* tracer = static_cast<Tracer*>(self);
  size_t whole = Align8(size);
  std::memcpy(tracer->next_, record, size);
  tracer->next_ += whole;
  tracer->left_ -= whole;
  return tracer->left_ < kLargestRecord ? -ENOBUFS : 0;
}

// mapGet(map, key): Uint8Array | undefined.
Napi::Value Tracer::MapGet(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  int fd = RequireMap(env, name);
  const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
  auto value = Napi::Uint8Array::New(env, bpf_map__value_size(map));
  if (bpf_map_lookup_elem(fd, Bytes(info[1], bpf_map__key_size(map), name), value.Data())) {
    if (errno == ENOENT) return env.Undefined();
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
  return value;
}

// mapEntries(map): [key, value][] as Uint8Arrays. Entries that come or go meanwhile may be missed.
Napi::Value Tracer::MapEntries(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  int fd = RequireMap(env, name);
  const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
  std::vector<uint8_t> key(bpf_map__key_size(map));
  std::vector<uint8_t> value(bpf_map__value_size(map));
  Napi::Array entries = Napi::Array::New(env);
  const void* previous = nullptr;
  while (bpf_map_get_next_key(fd, previous, key.data()) == 0) {
    previous = key.data();
    if (bpf_map_lookup_elem(fd, key.data(), value.data())) continue;
    Napi::Array entry = Napi::Array::New(env, 2);
    entry.Set(0u, Napi::Buffer<uint8_t>::Copy(env, key.data(), key.size()));
    entry.Set(1u, Napi::Buffer<uint8_t>::Copy(env, value.data(), value.size()));
    entries.Set(entries.Length(), entry);
  }
  return entries;
}

// mapSet(map, key, value): makes or replaces the entry.
void Tracer::MapSet(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  int fd = RequireMap(env, name);
  const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
  const uint8_t* key = Bytes(info[1], bpf_map__key_size(map), name);
  const uint8_t* value = Bytes(info[2], bpf_map__value_size(map), name);
  if (bpf_map_update_elem(fd, key, value, BPF_ANY)) throw SystemError(env, "BPF_LOAD", name, errno);
}

// mapDelete(map, key): removes the entry; nothing happens when there is none.
void Tracer::MapDelete(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  int fd = RequireMap(env, name);
  const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
  if (bpf_map_delete_elem(fd, Bytes(info[1], bpf_map__key_size(map), name)) && errno != ENOENT) {
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
}

// detach(): stops every hook. What is in the rings stays there, and nothing comes after it.
void Tracer::Detach(const Napi::CallbackInfo&) { links_.clear(); }

// close(): stops every hook and frees the maps; what is still in the rings is gone. May be repeated.
void Tracer::Close(const Napi::CallbackInfo&) {
  links_.clear();
  epoll_.reset();
  rings_.clear();
  object_.reset();
}

void Tracer::RequireOpen(Napi::Env env) const {
  if (!object_) throw Napi::Error::New(env, "tracer is closed");
}

int Tracer::RequireMap(Napi::Env env, const std::string& name) const {
  RequireOpen(env);
  int fd = bpf_object__find_map_fd_by_name(object_.get(), name.c_str());
  if (fd < 0) throw SystemError(env, "BPF_LOAD", "map " + name, ENOENT);
  return fd;
}
