#pragma once

#include <napi.h>

#include <string>

/** An Error with `code` and `errno`, shaped like Node's own system errors. */
Napi::Error SystemError(Napi::Env env, const char* code, const std::string& what, int err);

/** Collects what libbpf says, instead of printing it; the last lines go into errors. */
void CaptureLog();
/** What libbpf has said since the last call, and forgets it. */
std::string TakeLog();
