require("node:child_process").spawnSync("mark", ["checkout-post"], { stdio: "inherit" });
