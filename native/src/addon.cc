#include <ctime>

#include "peer.h"
#include "probe.h"
#include "tracer.h"

// bootTime(): number. Unix time of boot in microseconds, by the clock that counts suspended time.
static Napi::Value BootTime(const Napi::CallbackInfo& info) {
  timespec now, boot;
  clock_gettime(CLOCK_REALTIME, &now);
  clock_gettime(CLOCK_BOOTTIME, &boot);
  return Napi::Number::New(info.Env(), (now.tv_sec - boot.tv_sec) * 1e6 +
                                           static_cast<double>((now.tv_nsec - boot.tv_nsec) / 1000));
}

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Tracer", Tracer::Define(env));
  exports.Set("bootTime", Napi::Function::New(env, BootTime, "bootTime"));
  exports.Set("probe", Napi::Function::New(env, Probe, "probe"));
  exports.Set("peerOf", Napi::Function::New(env, PeerOf, "peerOf"));
  return exports;
}

NODE_API_MODULE(jobwarden, Init)
