#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "errors.h"
#include "probe.h"
#include "without_signals.h"

namespace {

// The largest record: JW_LARGE_BYTES in bpf/jobwarden.bpf.h.
constexpr size_t kLargestRecord = 196608;

// How pins are named: a map and a program may have the same name.
const std::string kMapPin = "map_";
const std::string kLinkPin = "link_";

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

}  // namespace

void Tracer::Free::operator()(bpf_object* object) const { bpf_object__close(object); }
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
      InstanceMethod<&Tracer::Visit>("visit"),
      InstanceMethod<&Tracer::Poll>("poll"),
      InstanceMethod<&Tracer::Drain>("drain"),
      InstanceMethod<&Tracer::Release>("release"),
      InstanceMethod<&Tracer::Position>("position"),
      InstanceMethod<&Tracer::Seek>("seek"),
      InstanceMethod<&Tracer::Pin>("pin"),
      InstanceMethod<&Tracer::MapGet>("mapGet"),
      InstanceMethod<&Tracer::MapEntries>("mapEntries"),
      InstanceMethod<&Tracer::MapSet>("mapSet"),
      InstanceMethod<&Tracer::MapDelete>("mapDelete"),
      InstanceMethod<&Tracer::Detach>("detach"),
      InstanceMethod<&Tracer::Close>("close"),
  });
}

// new Tracer({ object, programs, sizes, rings }): loads the named programs of the object file and
// attaches none. `sizes`: entries (of rings: bytes) of maps by name. `rings`: maps to drain.
// new Tracer({ pinned, rings }): takes over what another one has pinned in that directory.
// Throws BPF_OPEN, BPF_LOAD; the latter with what the kernel said in `log`.
Tracer::Tracer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Napi::Env env = info.Env();
  auto options = info[0].As<Napi::Object>();
  WithoutSignals guard;
  CaptureLog();
  TakeLog();

  if (options.Has("pinned")) {
    Reopen(env, Text(options.Get("pinned")));
  } else {
    Load(env, options);
  }
  epoll_.reset(new int(epoll_create1(EPOLL_CLOEXEC)));
  auto rings = options.Get("rings").As<Napi::Array>();
  for (uint32_t i = 0; i < rings.Length(); i++) AddRing(env, Text(rings.Get(i)));
}

void Tracer::Load(Napi::Env env, const Napi::Object& options) {
  ForgetTypes();
  const std::string path = Text(options.Get("object"));
  object_.reset(bpf_object__open_file(path.c_str(), nullptr));
  if (!object_) throw SystemError(env, "BPF_OPEN", path, errno);
  SetSizes(object_.get(), options.Get("sizes").As<Napi::Object>());
  SetAutoload(object_.get(), options.Get("programs").As<Napi::Array>());
  if (int err = bpf_object__load(object_.get())) {
    Napi::Error error = SystemError(env, "BPF_LOAD", path, -err);
    error.Set("log", TakeLog());
    throw error;
  }
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object_.get()) {
    // Variables of the programs have maps too, called as their section; only the programs use them.
    const std::string name = bpf_map__name(map);
    if (name.find('.') == std::string::npos) {
      AddMap(env, name, fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 0));
    }
  }
}

void Tracer::Reopen(Napi::Env env, const std::string& directory) {
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    const std::string path = entry.path(), name = entry.path().filename();
    if (name.starts_with(kMapPin)) {
      AddMap(env, name.substr(kMapPin.size()), bpf_obj_get(path.c_str()));
    } else if (name.starts_with(kLinkPin)) {
      Link link(bpf_link__open(path.c_str()));
      if (!link) throw SystemError(env, "BPF_LOAD", path, errno);
      links_[name.substr(kLinkPin.size())] = std::move(link);
    }
  }
  if (failure) throw SystemError(env, "BPF_LOAD", directory, failure.value());
}

// Takes over the descriptor; below 0 when opening it has failed.
void Tracer::AddMap(Napi::Env env, const std::string& name, int fd) {
  if (fd < 0) throw SystemError(env, "BPF_LOAD", "map " + name, errno);
  Fd owned(new int(fd));
  bpf_map_info about = {};
  uint32_t size = sizeof(about);
  if (bpf_obj_get_info_by_fd(fd, &about, &size)) {
    throw SystemError(env, "BPF_LOAD", "map " + name, errno);
  }
  maps_[name] = {std::move(owned), about.key_size, about.value_size, about.max_entries};
}

void Tracer::AddRing(Napi::Env env, const std::string& name) {
  const Map& map = RequireMap(env, name);
  try {
    rings_[name] = std::make_unique<Ring>(*map.fd, map.entries);
  } catch (const std::system_error& error) {
    throw SystemError(env, "BPF_LOAD", name, error.code().value());
  }
  // Edge-triggered: a ring that holds something is not news, only the kernel's call is.
  epoll_event wanted = {};
  wanted.events = EPOLLIN | EPOLLET;
  if (epoll_ctl(*epoll_, EPOLL_CTL_ADD, *map.fd, &wanted)) {
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
}

// attach(program): string. "" when the program now runs, otherwise the kernel's reason.
Napi::Value Tracer::Attach(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::string name = Text(info[0]);
  bpf_program* program = bpf_object__find_program_by_name(object_.get(), name.c_str());
  if (!program) return Napi::String::New(env, "no such program");
  Link link(bpf_program__attach(program));
  if (!link) return Napi::String::New(env, std::strerror(errno));
  links_[name] = std::move(link);
  return Napi::String::New(env, "");
}

// attachCgroup(program, directory): string. As attach, for a program on a control group.
Napi::Value Tracer::AttachCgroup(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::string name = Text(info[0]);
  bpf_program* program = bpf_object__find_program_by_name(object_.get(), name.c_str());
  if (!program) return Napi::String::New(env, "no such program");
  int directory = open(Text(info[1]).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return Napi::String::New(env, std::strerror(errno));
  Link link(bpf_program__attach_cgroup(program, directory));
  int err = errno;
  close(directory);
  if (!link) return Napi::String::New(env, std::strerror(err));
  links_[name] = std::move(link);
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

// visit(program): number. Runs an attached iterator's program over all that there is; returns the
// bytes that it wrote.
Napi::Value Tracer::Visit(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::string name = Text(info[0]);
  auto link = links_.find(name);
  if (link == links_.end()) throw SystemError(env, "BPF_DRAIN", name, ENOENT);
  Fd visit(new int(bpf_iter_create(bpf_link__fd(link->second.get()))));
  if (*visit < 0) throw SystemError(env, "BPF_DRAIN", name, errno);
  size_t written = 0;
  char room[4096];
  for (;;) {
    ssize_t size = read(*visit, room, sizeof(room));
    if (size == 0) return Napi::Number::New(env, written);
    if (size > 0) written += size;
    // EAGAIN: it went over a million of them at one go, and goes on with the next read.
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
      throw SystemError(env, "BPF_DRAIN", name, errno);
    }
  }
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
// multiple of 8 bytes; returns the bytes used. They stay in the kernel's ring until `release`. When
// fewer than 196608 are left over, the ring may hold more.
Napi::Value Tracer::Drain(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  Ring& ring = RequireRing(env, Text(info[0]));
  auto into = info[1].As<Napi::Uint8Array>();
  if (into.ByteLength() < kLargestRecord) {
    throw Napi::RangeError::New(env, "drain needs room for one record: 196608 bytes");
  }
  return Napi::Number::New(env, ring.Drain(into.Data(), into.ByteLength()));
}

// release(): gives the kernel back the room of all that was drained.
void Tracer::Release(const Napi::CallbackInfo& info) {
  RequireOpen(info.Env());
  for (auto& [name, ring] : rings_) ring->Release();
}

// position(ring): number. Bytes that were drained since the ring was made.
Napi::Value Tracer::Position(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  return Napi::Number::New(env, RequireRing(env, Text(info[0])).Position());
}

// seek(ring, position): boolean. Leaves out what was drained before, by whoever it was; false, and
// nothing happens, when the ring has no such position.
Napi::Value Tracer::Seek(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const auto position = static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
  return Napi::Boolean::New(env, RequireRing(env, Text(info[0])).Seek(position));
}

// pin(directory): keeps maps and hooks in the kernel when this process ends, under names in that
// directory of a BPF file system, which is made. What is there already is in the way: EEXIST.
void Tracer::Pin(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  RequireOpen(env);
  const std::filesystem::path directory = Text(info[0]);
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) throw SystemError(env, "BPF_LOAD", directory, failure.value());
  for (const auto& [name, map] : maps_) {
    const std::string path = directory / (kMapPin + name);
    if (bpf_obj_pin(*map.fd, path.c_str())) throw SystemError(env, "BPF_LOAD", path, errno);
  }
  for (const auto& [name, link] : links_) {
    const std::string path = directory / (kLinkPin + name);
    if (bpf_link__pin(link.get(), path.c_str())) throw SystemError(env, "BPF_LOAD", path, errno);
  }
}

// mapGet(map, key): Uint8Array | undefined.
Napi::Value Tracer::MapGet(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  const Map& map = RequireMap(env, name);
  auto value = Napi::Uint8Array::New(env, map.value_bytes);
  if (bpf_map_lookup_elem(*map.fd, Bytes(info[1], map.key_bytes, name), value.Data())) {
    if (errno == ENOENT) return env.Undefined();
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
  return value;
}

// mapEntries(map): [key, value][] as Uint8Arrays. Entries that come or go meanwhile may be missed.
Napi::Value Tracer::MapEntries(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  const Map& map = RequireMap(env, name);
  std::vector<uint8_t> key(map.key_bytes);
  std::vector<uint8_t> value(map.value_bytes);
  Napi::Array entries = Napi::Array::New(env);
  const void* previous = nullptr;
  while (bpf_map_get_next_key(*map.fd, previous, key.data()) == 0) {
    previous = key.data();
    if (bpf_map_lookup_elem(*map.fd, key.data(), value.data())) continue;
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
  const Map& map = RequireMap(env, name);
  const uint8_t* key = Bytes(info[1], map.key_bytes, name);
  const uint8_t* value = Bytes(info[2], map.value_bytes, name);
  if (bpf_map_update_elem(*map.fd, key, value, BPF_ANY)) {
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
}

// mapDelete(map, key): removes the entry; nothing happens when there is none.
void Tracer::MapDelete(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const std::string name = Text(info[0]);
  const Map& map = RequireMap(env, name);
  if (bpf_map_delete_elem(*map.fd, Bytes(info[1], map.key_bytes, name)) && errno != ENOENT) {
    throw SystemError(env, "BPF_LOAD", name, errno);
  }
}

// detach(): stops every hook, pinned ones too. What is in the rings stays there, and nothing comes
// after it.
void Tracer::Detach(const Napi::CallbackInfo&) {
  for (const auto& [name, link] : links_) {
    if (bpf_link__pin_path(link.get())) bpf_link__unpin(link.get());
  }
  links_.clear();
}

// close(): stops every hook that is not pinned and frees the maps; what is still in the rings is
// gone, unless it is pinned. May be repeated.
void Tracer::Close(const Napi::CallbackInfo&) {
  links_.clear();
  epoll_.reset();
  rings_.clear();
  maps_.clear();
  object_.reset();
}

void Tracer::RequireOpen(Napi::Env env) const {
  if (maps_.empty()) throw Napi::Error::New(env, "tracer is closed");
}

const Tracer::Map& Tracer::RequireMap(Napi::Env env, const std::string& name) const {
  auto map = maps_.find(name);
  RequireOpen(env);
  if (map == maps_.end()) throw SystemError(env, "BPF_LOAD", "map " + name, ENOENT);
  return map->second;
}

Ring& Tracer::RequireRing(Napi::Env env, const std::string& name) const {
  auto ring = rings_.find(name);
  if (ring == rings_.end()) throw SystemError(env, "BPF_DRAIN", name, ENOENT);
  return *ring->second;
}
