/**
 * The story of the article, for real: a workflow on a self-hosted runner that is as it should be,
 * then the same workflow after a bad commit. The runner is a stand-in that plays the workflow as the
 * real one would (test/runner/README.md); the agent, the kernel and the attack are real. Exits with
 * 0 when it went as told, with 1 when not. Must run as root, after set-up.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { styleText } from "node:util";
import { DemoHost } from "./demo_host.ts";
import { Listener } from "./listener.ts";

const root = resolve(import.meta.dirname, "..");
const app = join(import.meta.dirname, "demo-app");
const demo = join(root, ".jobwarden-demo");
const signature = "TRC-101";
/** Of the step that runs the app, in examples/demo-app/.github/workflows/ci.yml. */
const badLine = 10;

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = whatIsMissing();
  if (missing) {
    console.error(`The demo cannot run: ${missing}`);
    return 1;
  }
  rmSync(demo, { recursive: true, force: true });
  mkdirSync(demo, { recursive: true });

  await using attacker = new Listener("id; echo pwned; exit\n");
  const address = await attacker.listen();
  await using host = new DemoHost(demo, { REPORT_TO: address });
  say("A self-hosted runner is installed, and jobwarden's agent beside it. Starting both.");
  await host.start();
  const good = await goodCommit(host);
  const differences = [...good, ...(await badCommit(host, address, attacker))];
  conclude(host, differences);
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
async function goodCommit(host: DemoHost): Promise<readonly string[]> {
  heading("1. The good commit");
  say(
    "A push starts the workflow .github/workflows/ci.yml, which builds and runs a small app that",
  );
  say("counts words. The log of the job, with what jobwarden's hooks print into it:");
  const workflow = push("good", []);

  const { result } = await host.play(workflow, "build", printLog);
  await host.ended(1);

  return [
    ...differs("the result of the first job", result, "Succeeded"),
    ...differs("findings of the first job", findings(host).ids, "none"),
  ];
}

async function badCommit(
  host: DemoHost,
  address: string,
  attacker: Listener,
): Promise<readonly string[]> {
  heading("2. The bad commit");
  say("A commit makes the app start a second script, reporter.py. It connects to a listener, puts");
  say(`the connection on standard input and runs a shell on it. The listener is ${address}, in`);
  say("this very process, outside the job; it types: id; echo pwned; exit");
  const workflow = push("bad", ["bad"]);

  const { result } = await host.play(workflow, "build", printLog);
  await host.ended(2);

  const { answer } = attacker;
  heading("What the attacker saw");
  for (const line of (answer.trimEnd() || "nothing").split("\n")) say(`  ${printable(line)}`);
  heading("What jobwarden has of the job");
  process.stdout.write(host.jobwarden("show", "last", "--state", host.state).out);
  const gotShell = /uid=\d+/.test(answer) && answer.includes("pwned");
  const { ids, line } = findings(host);
  return [
    ...differs("the result of the second job", result, "Failed"),
    ...differs("connections to the listener", attacker.connected, 1),
    ...differs("a shell's answer at the listener", gotShell ? "yes" : "no", "yes"),
    ...differs("findings of the second job", ids, signature),
    ...differs("the line of the workflow that did it", line, badLine),
  ];
}

/** The repository after some commits. @returns the path of its workflow */
function push(name: string, commits: readonly string[]): string {
  const repository = join(demo, "github", name, "demo-app");
  cpSync(join(app, ".github"), join(repository, ".github"), { recursive: true });
  for (const commit of ["good", ...commits]) {
    cpSync(join(app, commit), repository, { recursive: true });
  }
  return join(repository, ".github", "workflows", "ci.yml");
}

/** What was found in the last job, as the database has it: signatures, and the line of the first. */
function findings(host: DemoHost): { readonly ids: string; readonly line: number } {
  const { exit, out } = host.jobwarden("show", "last", "--json", "--state", host.state);
  if (exit !== 0) return { ids: `not readable: ${printable(out)}`, line: 0 };
  const job = JSON.parse(out) as {
    readonly findings: readonly { readonly signature: string; readonly line: number | null }[];
  };
  const ids = [...new Set(job.findings.map(({ signature }) => signature))].sort();
  return { ids: ids.join(", ") || "none", line: job.findings[0]?.line ?? 0 };
}

function printLog(text: string): void {
  for (const line of text.split("\n").slice(0, -1)) {
    if (line.startsWith("##[endgroup]")) continue;
    const shown = printable(line);
    const isOurs = /^(::|jobwarden:)/.test(line);
    say(`  ${isOurs ? coloured("bold", shown) : dim(shown)}`);
  }
}

function conclude(host: DemoHost, differences: readonly string[]): void {
  heading(differences.length === 0 ? "It went as told" : "It did not go as told");
  for (const difference of differences) say(`  ${difference}`);
  const shown = relative(process.cwd(), host.state) || host.state;
  say(`The database is ${join(shown, "jobwarden.db")}. Three things to try:`);
  say(`  npx jobwarden show last --state ${shown}`);
  say(`  npx jobwarden tree last --state ${shown}`);
  say(`  npx jobwarden sql --state ${shown} 'SELECT job, severity, message FROM finding_view'`);
}

function differs(
  what: string,
  was: number | string | undefined,
  told: number | string,
): readonly string[] {
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

/** What comes from a connection must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
