// The service's own program: keeps one Listener running.
const { spawn } = require("node:child_process");
const { join } = require("node:path");

const root = process.cwd();
const restartMs = 5000;
/** Ended on purpose, or for a reason that a restart does not cure. */
const final = new Set([0, 1, 5]);

let listener;
let stopping = false;

function start() {
  listener = spawn(join(root, "bin", "Runner.Listener"), ["run", "--startuptype", "service"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  listener.once("exit", (code) => {
    if (stopping || final.has(code)) process.exit(0);
    setTimeout(start, restartMs);
  });
}

process.on("SIGINT", () => {
  stopping = true;
  listener.kill("SIGINT");
});

start();
