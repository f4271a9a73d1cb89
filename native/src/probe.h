#pragma once

#include <napi.h>

/** For JavaScript: whether this kernel accepts a program of a section. */
Napi::Value Probe(const Napi::CallbackInfo& info);
