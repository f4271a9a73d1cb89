/**
 * The story of the article, for real: a job that is as it should be, then the same job after a bad
 * commit. Exits with 0 when it went as told, with 1 when not. Must run as root, after set-up.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { styleText } from "node:util";
import { Listener } from "./listener.ts";

const root = resolve(import.meta.dirname, "..");
const app = join(import.meta.dirname, "demo-app");
const state = join(root, ".jobwarden-demo");
const jobwarden = join(root, "installer", "jobwarden");
const jobTimeoutMs = 120_000;
const commandTimeoutMs = 60_000;
const foundExit = 3;
const signature = "TRC-101";

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = whatIsMissing();
  if (missing) {
    console.error(`The demo cannot run: ${missing}`);
    return 1;
  }
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });

  await using attacker = new Listener("id; echo pwned; exit\n");
  const address = await attacker.listen();
  const differences = [...(await goodCommit(address)), ...(await badCommit(address, attacker))];
  conclude(differences);
  return differences.length === 0 ? 0 : 1;
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) {
    return "tracing loads programs into the kernel, which needs root; run: sudo npm run demo";
  }
  const { error, status } = spawnSync("python3", ["--version"], { stdio: "ignore" });
  if (!error && status === 0) return undefined;
  return "the demo app is written in Python, and python3 is missing; run: npm run setup";
}

/** @returns what differed from the story */
async function goodCommit(address: string): Promise<readonly string[]> {
  heading("1. The good commit");
  say("A job builds and runs a small app that counts words. jobwarden traces the job.");
  const work = checkOut("good", []);

  const exit = await trace("demo-app @ good", work, address);

  return [
    ...differs("the first job's exit code", exit, 0),
    ...differs("findings of the first job", findings(), "none"),
  ];
}

async function badCommit(address: string, attacker: Listener): Promise<readonly string[]> {
  heading("2. The bad commit");
  say("A commit makes the app start a second script, reporter.py. It connects to a listener, puts");
  say(`the connection on standard input and runs a shell on it. The listener is ${address}, in`);
  say("this very process, outside the job; it types: id; echo pwned; exit");
  const work = checkOut("bad", ["bad"]);

  const exit = await trace("demo-app @ bad", work, address);

  const { answer } = attacker;
  heading("What the attacker saw");
  for (const line of (answer.trimEnd() || "nothing").split("\n")) say(`  ${printable(line)}`);
  const gotShell = /uid=\d+/.test(answer) && answer.includes("pwned");
  return [
    ...differs("the second job's exit code", exit, foundExit),
    ...differs("connections to the listener", attacker.connected, 1),
    ...differs("a shell's answer at the listener", gotShell ? "yes" : "no", "yes"),
    ...differs("findings of the second job", findings(), signature),
  ];
}

/** A working copy of the good app, with what the commits changed laid over it. */
function checkOut(name: string, commits: readonly string[]): string {
  const work = join(state, "work", name);
  for (const commit of ["good", ...commits]) cpSync(join(app, commit), work, { recursive: true });
  return work;
}

/** Runs the step of the workflow as a job. @returns its exit code, or the signal that ended it */
async function trace(name: string, work: string, address: string): Promise<number | string> {
  const args = ["run", "--name", name, "--state", state, "--", "sh", "build.sh"];
  say("");
  say(dim(`$ jobwarden ${args.map(quoted).join(" ")}`));
  const job = spawn(jobwarden, args, {
    cwd: work,
    env: { ...process.env, REPORT_TO: address },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: jobTimeoutMs,
    killSignal: "SIGKILL",
  });
  const [code, signal] = await once(job, "exit");
  return code ?? signal;
}

/** Ids of the signatures that found something in the last job, as the database has them. */
function findings(): string {
  const args = ["findings", "--job", "last", "--json", "--state", state];
  const { status, stdout, stderr } = spawnSync(jobwarden, args, {
    encoding: "utf8",
    timeout: commandTimeoutMs,
  });
  if (status !== 0) {
    const [why = ""] = stderr.trim().split("\n");
    return `not readable (jobwarden findings exited with ${status}: ${printable(why)})`;
  }
  const lines = stdout.split("\n").filter((line) => line.trim() !== "");
  const ids = new Set(lines.map((line) => String(JSON.parse(line).signature)));
  return [...ids].sort().join(", ") || "none";
}

function conclude(differences: readonly string[]): void {
  heading(differences.length === 0 ? "It went as told" : "It did not go as told");
  for (const difference of differences) say(`  ${difference}`);
  const shown = relative(process.cwd(), state) || state;
  say(`The database is ${join(shown, "jobwarden.db")}. Three things to try:`);
  say(`  npx jobwarden show last --state ${shown}`);
  say(`  npx jobwarden tree last --state ${shown}`);
  say(`  npx jobwarden sql --state ${shown} 'SELECT job, severity, message FROM finding_view'`);
}

function differs(what: string, was: number | string, told: number | string): readonly string[] {
  return was === told ? [] : [`${what}: ${was} instead of ${told}`];
}

function heading(text: string): void {
  say("");
  say(coloured("bold", text));
}

function say(text: string): void {
  console.log(text);
}

function dim(text: string): string {
  return coloured("dim", text);
}

/** styleText leaves the text alone when this is no terminal, or with NO_COLOR. */
function coloured(style: "bold" | "dim", text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

function quoted(arg: string): string {
  return /^[\w@./:-]+$/.test(arg) ? arg : `'${arg}'`;
}

/** What comes from a connection must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
