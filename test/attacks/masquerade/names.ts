import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { server } from "../web_server.ts";

const found = {
  ...{ signature: "JW-164", behaviour: "masquerade" },
} as const satisfies Partial<Variant["found"]>;
const { at, prepare } = server(() => ({ "/": "by another name\n" }));
const named = (name: RegExp) => (traced: Traced) => assert.match(traced.stdout, name);

export const variants: Variant[] = [
  {
    name: "a shell gives a program the name of a kernel thread",
    command: () => ["bash", "-c", "(exec -a '[kworker/0:1-events]' cat /proc/self/cmdline)"],
    happened: named(/^\[kworker\/0:1-events\]/),
    found: { ...found, severity: "high", program: "/cat", message: /kernel thread/ },
  },
  {
    name: "python starts an interpreter as a service",
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import os
os.execv("/usr/bin/perl", ["/usr/sbin/sshd", "-e", "open F, '/proc/self/cmdline'; print <F>"])`,
    ],
    happened: named(/^\/usr\/sbin\/sshd/),
    found: { ...found, severity: "high", program: "/perl", message: /the service sshd/ },
  },
  {
    name: "curl works under another name",
    prepare,
    command: () => ["sh", "-c", `cp /usr/bin/curl ./updater && ./updater -s ${at.url}/`],
    happened: named(/by another name/),
    found: { ...found, severity: "medium", program: "/updater", message: /copy of curl/ },
  },
  {
    name: "a program calls itself a picture",
    command: () => ["sh", "-c", "cp /bin/echo logo.png && ./logo.png it is no picture"],
    happened: named(/it is no picture/),
    found: { ...found, severity: "medium", program: "/logo.png", message: /no program/ },
  },
];
