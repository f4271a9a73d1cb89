#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "errors.h"
#include "without_signals.h"

namespace {

// The kernel's types. They are several megabytes, which take a tenth of a second to read.
std::unique_ptr<btf, decltype(&btf__free)> types(nullptr, btf__free);

// As libbpf names what a section is attached to; below 0 when this kernel does not have it.
int TypeId(const std::string& target, bpf_attach_type attach) {
  if (!types) types.reset(btf__load_vmlinux_btf());
  if (!types) return -errno;
  switch (attach) {
    case BPF_TRACE_RAW_TP:
      return btf__find_by_name_kind(types.get(), ("btf_trace_" + target).c_str(), BTF_KIND_TYPEDEF);
    case BPF_TRACE_ITER:
      return btf__find_by_name_kind(types.get(), ("bpf_iter_" + target).c_str(), BTF_KIND_FUNC);
    case BPF_LSM_MAC:
      return btf__find_by_name_kind(types.get(), ("bpf_lsm_" + target).c_str(), BTF_KIND_FUNC);
    default:
      return btf__find_by_name_kind(types.get(), target.c_str(), BTF_KIND_FUNC);
  }
}

}  // namespace

void ForgetTypes() { types.reset(); }

// probe(section): string. Whether this kernel accepts a program of that section at all, tried with
// one that does nothing: "" when it loads and attaches, otherwise the kernel's reason.
Napi::Value Probe(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  WithoutSignals guard;
  CaptureLog();
  const std::string section = info[0].As<Napi::String>();
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
    int id = TypeId(target, attach);
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
    int link = attach == BPF_TRACE_ITER ? bpf_link_create(program, 0, attach, nullptr)
                                        : bpf_raw_tracepoint_open(nullptr, program);
    if (link < 0) reason = std::strerror(-link);
    if (link >= 0) close(link);
  }
  close(program);
  return Napi::String::New(env, reason);
}
