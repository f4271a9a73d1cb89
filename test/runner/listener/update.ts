import { spawn } from "node:child_process";
import { cpSync, linkSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The Listener's exit code that says: I am to be replaced. */
const exitForUpdate = 3;

/**
 * Puts a new version beside the old one and hands over to a script, which makes `bin` and
 * `externals` links once this process has ended. The new version is the old one again.
 */
export function update(root: string, version: string): void {
  const folder = join(root, "_work", "_update");
  mkdirSync(folder, { recursive: true });
  for (const name of ["bin", "externals"])
    copyLinked(join(root, name), join(root, `${name}.${version}`));
  const script = join(root, "_work", "_update.sh");
  writeFileSync(script, scriptText(root, version, process.pid));
  spawn("bash", [script], { cwd: root, detached: true, stdio: "ignore" }).unref();
  process.exit(exitForUpdate);
}

/** As `cp -a`, but the large programs stay one file on the disk. */
function copyLinked(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const kind = lstatSync(source);
    if (kind.isDirectory()) copyLinked(source, target);
    else if (kind.size > largeBytes) linkSync(source, target);
    else cpSync(source, target);
  }
}

const largeBytes = 1 << 20;

const scriptText = (root: string, version: string, listener: number) => `#!/bin/bash
# Waits until the Listener has ended, then exchanges the version.
cd '${root}'
while [ -e /proc/${listener} ] && [ "$(cut -d' ' -f3 /proc/${listener}/stat)" != Z ]; do :; done
for name in bin externals; do
  if [ ! -L $name ]; then mv $name $name.2.336.0; fi
  ln -sfn '${root}'/$name.${version} $name
done
touch update.finished
`;
