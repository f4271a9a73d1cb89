#pragma once

#include <napi.h>

/** For JavaScript: whether this kernel accepts a program of a section. */
Napi::Value Probe(const Napi::CallbackInfo& info);

/** Gives back the memory of the kernel's types, which the next probe reads again. */
void ForgetTypes();
