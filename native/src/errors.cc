#include "errors.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <utility>

namespace {

constexpr size_t kLogBytes = 256 * 1024;  // a verifier's refusal with its context
constexpr size_t kLineBytes = 64 * 1024;

thread_local std::string log_;

int Collect(enum libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG) return 0;
  std::string line(kLineBytes, '\0');
  int length = std::vsnprintf(line.data(), line.size(), format, arguments);
  if (length <= 0) return 0;
  line.resize(std::min<size_t>(length, kLineBytes - 1));
  if (log_.size() < kLogBytes) log_ += line;
  return 0;
}

}  // namespace

Napi::Error SystemError(Napi::Env env, const char* code, const std::string& what, int err) {
  Napi::Error error = Napi::Error::New(env, what + ": " + std::strerror(err));
  error.Set("code", code);
  error.Set("errno", Napi::Number::New(env, err));
  return error;
}

void CaptureLog() { libbpf_set_print(Collect); }

std::string TakeLog() { return std::exchange(log_, {}); }
