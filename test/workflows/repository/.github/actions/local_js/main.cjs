require("node:child_process").spawnSync("mark", ["node"], { stdio: "inherit" });
