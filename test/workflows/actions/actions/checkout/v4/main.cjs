// Puts the repository of the corpus into the workspace.
const { spawnSync } = require("node:child_process");
const { cpSync } = require("node:fs");

cpSync(process.env.STANDIN_SOURCE, process.env.GITHUB_WORKSPACE, { recursive: true });
spawnSync("mark", ["checkout"], { stdio: "inherit" });
