import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /tampered/);
const common = { signature: "JW-187", severity: "high", behaviour: "build_tampering" } as const;

/** An object that lies compressed among the tests of a project. */
const prepare = async ({ directory }: { readonly directory: string }) => {
  const { execFileSync } = await import("node:child_process");
  const { writeFileSync } = await import("node:fs");
  const cwd = directory;
  writeFileSync(`${directory}/e.c`, '#include <stdio.h>\nvoid crc(void){puts("tampered");}');
  writeFileSync(`${directory}/x.c`, "void crc(void);int main(){crc();return 0;}");
  execFileSync("gcc", ["-c", "e.c", "-o", "e.o"], { cwd });
  execFileSync("sh", ["-c", "gzip -c e.o >good.bin; base64 e.o >good.txt; rm e.o e.c"], { cwd });
  return undefined;
};

export const variants: Variant[] = [
  {
    name: "an object is unpacked from a test file and linked",
    prepare,
    command: () => ["sh", "-c", "gzip -dc <good.bin >crc.o; gcc x.c crc.o -o app; ./app"],
    happened,
    found: { ...common, program: "ld.bfd", message: /crc\.o.*no compiler/ },
  },
  {
    name: "python writes the object, a rename hides it, and an archive takes it in",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `python3 -c 'import base64; open("t", "wb").write(base64.b64decode(open("good.txt").read()))'
mv t crc.o; ar rcs libcrc.a crc.o; gcc x.c libcrc.a -o app; ./app`,
    ],
    happened,
    found: { ...common, program: "-ar", message: /crc\.o.*no compiler/ },
  },
];
