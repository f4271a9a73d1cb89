const { spawnSync } = require("node:child_process");

console.log(`post of ${process.env.STATE_who ?? "nobody"}, begun: ${process.env.STATE_begun}`);
spawnSync("mark", ["full-post"], { stdio: "inherit" });
