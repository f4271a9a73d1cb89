import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let device = "";

/** A disk of this test's own, which nothing else uses. */
function disk({ directory }: Place) {
  const image = join(directory, "image");
  writeFileSync(image, "secret of the disk".padEnd(1 << 16));
  device = execFileSync("losetup", ["--find", "--show", image], { encoding: "utf8" }).trim();
  return () => execFileSync("losetup", ["--detach", device]);
}

const happened = ({ stdout }: { stdout: string }) => assert.match(stdout, /secret of the disk/);
const found = {
  ...{ signature: "JW-206", behaviour: "raw_device_access" },
  message: /opened the block device/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "the job makes a node of the disk's number, and dd reads it",
    prepare: disk,
    command: () => [
      ...["sh", "-c"],
      `mknod mine b $(stat -c '0x%t 0x%T' ${device}); dd if=mine bs=512 count=1 2>/dev/null`,
    ],
    happened,
    found: { ...found, severity: "high", program: "/dd", message: /\/mine directly/ },
  },
  {
    name: "python reads the node of a loop device, which may be the job's own",
    prepare: disk,
    command: () => ["python3", "-c", `print(open("${device}", "rb").read(512))`],
    happened,
    found: { ...found, severity: "low", program: "/python3.11" },
  },
];
