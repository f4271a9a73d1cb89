import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf, kernelDevice } from "../../src/base/device.ts";

test("a device is its major and its minor number, both at their limits", () => {
  assert.equal(deviceOf(8, 1), 0x800001);
  assert.equal(deviceOf(0, 0xfffff), 0xfffff);
  assert.equal(deviceOf(0xfff, 0xfffff), 0xffffffff);
});

test("what stat tells is the same device", () => {
  // makedev(3): the low byte of the minor number, then 12 bits of the major one, then the rest.
  assert.equal(kernelDevice(0x801n), deviceOf(8, 1));
  assert.equal(kernelDevice(0x10fd02n), deviceOf(0xfd, 0x102));
  assert.equal(kernelDevice(0xfffffffn | (0xffn << 28n)), deviceOf(0xfff, 0xfffff));
});
