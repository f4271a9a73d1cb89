import assert from "node:assert/strict";
import { test } from "node:test";
import { type FilePlace, placeOf } from "../../src/signatures/file_places.ts";

const places: readonly (readonly [string, FilePlace])[] = [
  ["/usr/bin/gcc", "system"],
  ["/dev/shm/x", "shared_memory"],
  ["/tmp/x", "temporary"],
  ["/tmp/.x/y", "hidden"],
  ["/home/u/.x", "hidden"],
  ["/var/tmp/a/.b/c", "hidden"],
  ["/tmp/job/home/.tool/bin/tool", "temporary"],
  ["/home/u/project/node_modules/a/b", "package"],
  ["/home/u/project/run.sh", "other"],
  // A runner may be installed anywhere; what its jobs work on is judged by the rest of the path.
  ["/var/tmp/clone/.demo/runner/_work/hello/hello/build.sh", "other"],
  ["/var/tmp/clone/.demo/runner/_work/hello/hello/.x", "hidden"],
];
for (const [path, place] of places) {
  test(`${path} is ${place}`, () => assert.equal(placeOf(path), place));
}
