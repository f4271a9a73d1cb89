import assert from "node:assert/strict";
import type { BenignJob } from "../attacks/variant.ts";

export const jobs: BenignJob[] = [
  {
    name: "a shell with pipes, here-documents and temporary files",
    command: () => [
      "bash",
      "-c",
      "f=$(mktemp -p .); cat <<X | tr a-z A-Z >$f\ndone\nX\ncat $f; rm $f",
    ],
    worked: ({ stdout }) => assert.match(stdout, /DONE/),
  },
];
