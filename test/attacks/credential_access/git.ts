import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const token = "AUTHORIZATION: basic ZmFrZQ==";
/** A work tree as a checkout that keeps its token leaves it. */
function prepare({ directory }: Place): undefined {
  execFileSync("git", ["init", "-q", directory]);
  const key = "http.https://github.com/.extraheader";
  execFileSync("git", ["-C", directory, "config", "--local", key, token]);
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /basic ZmFrZQ==/, stderr);
const found = {
  ...{ severity: "medium", behaviour: "credential_access" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "git is asked for the token of the checkout",
    prepare,
    command: () => ["sh", "-c", "git config --get http.https://github.com/.extraheader"],
    happened,
    found: { ...found, signature: "JW-125", program: "/git", message: /token of the checkout/ },
  },
  {
    name: "sed takes the token out of git's configuration",
    prepare,
    command: () => ["sed", "-n", "/extraheader/p", ".git/config"],
    happened,
    found: { ...found, signature: "JW-120", program: "/sed", message: /git configuration/ },
  },
  {
    name: "python opens git's configuration",
    prepare,
    command: () => ["python3", "-c", "print(open('.git/config').read())"],
    happened,
    found: { ...found, signature: "JW-120", program: "/python3.11", message: /git configuration/ },
  },
];
