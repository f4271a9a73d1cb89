import assert from "node:assert/strict";
import { test } from "node:test";
import type { Process } from "../../src/jobs/process.ts";
import { actingProgram, bareName, programName } from "../../src/signatures/acting_program.ts";

const running = (path: string, ...args: string[]): Process => ({
  ...{ process_key: 1, parent_key: 0, step_key: 0, pid: 1, started_us: 0, ended_us: undefined },
  ...{ path, args: [path.slice(path.lastIndexOf("/") + 1), ...args], cwd: "/w", execs: 1 },
});

const npm = "/usr/lib/node_modules/npm/bin/npm-cli.js";
const maven = ["-classpath", "/opt/plexus-classworlds.jar", "org.x.Launcher", "install"];

for (const [process, name, file] of [
  [running("/usr/bin/ssh", "host"), "ssh", "/usr/bin/ssh"],
  [running("/usr/bin/node", "--no-warnings", npm, "ci"), "npm-cli", npm],
  [running("/usr/bin/python3.11", "/usr/bin/pip3.11", "list"), "pip", "/usr/bin/pip3.11"],
  [running("/usr/bin/python3", "-W", "error", "-m", "twine", "upload"), "twine", "twine"],
  [running("/usr/bin/python3", "-m", "azure.cli"), "azure", "azure.cli"],
  [running("/usr/bin/python3", "./tool.py"), "tool", "/w/tool.py"],
  [running("/usr/bin/bash", "-e", "steps/pass.sh"), "pass", "/w/steps/pass.sh"],
  [running("/usr/bin/java", ...maven), "maven", "org.x.Launcher"],
] as const) {
  test(`${process.args.join(" ")} is the program ${name}`, () => {
    const program = actingProgram(process);

    assert.equal(program?.name, name);
    assert.equal(program?.file, file);
  });
}

for (const args of [["-c", "x", "/usr/bin/pip"], ["-", "/usr/bin/pip"], []]) {
  test(`python3 ${args.join(" ")} is no program of a name`, () => {
    assert.equal(actingProgram(running("/usr/bin/python3", ...args)), undefined);
  });
}

test("a script's name loses its suffix and pip's its version, a program's keeps both", () => {
  const names = ["npm-cli.js", "pip3.11", "id.key", "a.b.py", "Runner.Worker", "python3.11"];

  assert.deepEqual(names.map(bareName), [
    "npm-cli",
    "pip",
    "id.key",
    "a.b",
    "Runner.Worker",
    "python",
  ]);
});

test("a script is called by its interpreter and its own name", () => {
  assert.equal(programName(running("/usr/bin/node", npm)), "node npm-cli.js");
  assert.equal(programName(running("/usr/bin/node", "-e", "1")), "node");
  assert.equal(programName(running("")), "a process");
});
