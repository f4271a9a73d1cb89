import assert from "node:assert/strict";
import { test } from "node:test";
import { dropInDirectories, isRunnerUnit, unitPlace } from "../../src/jobs/unit_file.ts";

test("a unit as svc.sh writes it names directory and user", () => {
  const unit = `[Unit]
Description=GitHub Actions Runner (octo-app.one)
After=network-online.target

[Service]
ExecStart=/opt/runner/runsvc.sh
User=ci
WorkingDirectory=/opt/runner
KillMode=process

[Install]
WantedBy=multi-user.target
`;

  assert.deepEqual(unitPlace([unit]), { root: "/opt/runner", user: "ci" });
});

test("a command may be marked, quoted and escaped, and have arguments", () => {
  const commands: [string, string][] = [
    ["-@/opt/runner/runsvc.sh argv0", "/opt/runner"],
    ['"/opt/my runner/runsvc.sh" interactive', "/opt/my runner"],
    ["'/opt/my \"runner\"/runsvc.sh'", '/opt/my "runner"'],
    ["/opt/my\\x20run\\sner/runsvc.sh", "/opt/my run ner"],
    ["/opt/100%%/runsvc.sh", "/opt/100%"],
    ["\\\n  # a comment between\n  /opt/runner/runsvc.sh", "/opt/runner"],
  ];

  for (const [command, root] of commands) {
    assert.equal(unitPlace([`[Service]\nExecStart=${command}\n`]).root, root);
  }
});

test("a wrapper's directory is the working directory", () => {
  const of = (command: string, directory: string) =>
    unitPlace([`[Service]\nExecStart=${command}\nWorkingDirectory=${directory}`]).root;

  assert.equal(of("/usr/bin/start runner", "-/opt/my runner"), "/opt/my runner");
  // The template does not quote: systemd cannot run this, but the directory is clear.
  assert.equal(of("/opt/my runner/runsvc.sh", "/opt/my runner"), "/opt/my runner");
  assert.equal(of("./runsvc.sh", "~"), undefined);
  assert.equal(of("/usr/bin/start", "/"), undefined);
});

test("drop-ins change what the unit says, and an empty value takes it back", () => {
  const unit = "[Service]\nExecStart=/opt/a/runsvc.sh\nUser=ci\n";

  const moved = unitPlace([unit, "[Service]\nExecStart=\nExecStart=/opt/b/runsvc.sh\n"]);
  const added = unitPlace([unit, "[Service]\nExecStart=/opt/b/runsvc.sh\nUser=other\n"]);
  const reset = unitPlace([unit, "[Service]\nUser =\n"]);

  assert.deepEqual(moved, { root: "/opt/b", user: "ci" });
  assert.deepEqual(added, { root: "/opt/a", user: "other" });
  assert.deepEqual(reset, { root: "/opt/a", user: "root" });
});

test("only the service's own section counts", () => {
  const unit =
    "User=x\n[Unit]\nUser=y\n; [Service]\nUser=z\n[Service]\n#User=q\n[X-Other]\nUser=r\n";

  assert.deepEqual(unitPlace([unit]), { root: undefined, user: "root" });
  assert.deepEqual(unitPlace([]), { root: undefined, user: "root" });
});

test("a unit of a runner is known by its name", () => {
  assert.ok(isRunnerUnit("actions.runner.octo-app.one.service"));
  for (const other of [
    "actions.runner..service.d",
    "actions.runner.service",
    "xactions.runner.a.service",
    "actions.runner.a.socket",
  ]) {
    assert.ok(!isRunnerUnit(other), other);
  }
});

test("drop-ins of a unit's prefixes and of all services are read", () => {
  assert.deepEqual(dropInDirectories("actions.runner.octo-app.one-.service"), [
    "actions.runner.octo-app.one-.service.d",
    "actions.runner.octo-.service.d",
    "service.d",
  ]);
});
