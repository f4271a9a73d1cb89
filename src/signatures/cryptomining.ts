import { defineSignature, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

export const cryptomining = defineSignature({
  id: "JW-167",
  name: "cryptomining",
  title: "Cryptocurrency Miner",
  severity: "high",
  behaviours: ["cryptomining"],
  attack: ["T1496.001"],
  doc: "A program was started with a mining pool, a wallet or an algorithm of miners in its arguments.",
  why: "Stolen computing time is what most intruders on runners are after, and a miner stays.",
  benign: [
    "Tests and builds of mining software.",
    "A wallet that is an argument of something else.",
  ],
  evade: [
    "Give pool and wallet by a file or the environment, or have them built in.",
    "Long use of the whole processor is not looked at.",
  ],
  events: ["process_exec"],

  match(event) {
    const { path, args, pid } = event;
    if (args.length < 2) return undefined;
    const sign = signOf(event);
    if (!sign) return undefined;
    return {
      message: `Process ${pid} (${path}) was started like a miner, with ${sign}.`,
      evidence: { path, pid, args: args.slice(0, 8).join(" ").slice(0, 300) },
      key: `${path} ${sign}`,
    };
  },

  examples: {
    fires: [
      [exec("/tmp/x", "-o", "stratum+tcp://192.0.2.1:3333", "-u", "me")],
      [exec("/opt/npm_update", "--url=stratum+ssl://pool.example:443")],
      [exec("/usr/bin/python3.11", "m.py", "--donate-level", "1")],
      [exec("/tmp/x", "-a", "rx/0", "-o", "192.0.2.1:3333")],
      [exec("/tmp/x", "-o", "192.0.2.1:3333", "-u", `4${"A1b2".repeat(23)}AA`)],
    ],
    silent: [
      [exec("/usr/bin/grep", "-r", "stratum+tcp://", ".")],
      [exec("/usr/bin/git", "commit", "-m", "forbid stratum+tcp://pool:1")],
      [exec("/usr/bin/dash", "-c", "echo stratum+tcp://pool:1")],
      [exec("/usr/bin/curl", "-o", "x", "-u", "me:pw", "http://192.0.2.1:3333")],
      [exec("/usr/bin/ssh", "-o", "BatchMode=yes", "host")],
      [exec("/usr/bin/node", "-a", "rx")],
    ],
  },
});

// They speak of pools, and mine nothing.
const speakers =
  /^(git|gh|hub|glab|echo|printf|test|rg|ag|ack|find|xargs|curl|wget|cc|gcc|clang|strings|docker-compose|yamllint|vi|vim|nano|diff|cmp|logger|sha\d+sum|semgrep|trivy|gitleaks)$/;

const pool =
  /^(--?[\w-]+=)?['"]?(stratum[12]?|ethproxy|eth(ash)?stratum|nicehash|xnp|daemon)(\+(tcp|ssl|tls|http))?:\/\//i;
const minerOptions =
  /^--(donate-level|donate-over-proxy|nicehash|rig-id|randomx-[\w-]+|cpu-max-threads-hint|cpu-memory-pool|coin=(monero|xmr|\w+coin)|cuda-launch|opencl-devices|max-cpu-usage|xmr-\w+)(=|$)/;
const algorithm =
  /^(rx\/\w+|randomx(xmr|wow)?|cn(-\w+)?\/\w+|cryptonight[\w-]*|kawpow|ethash|etchash|yescrypt\w*|autolykos2?|verushash|ghostrider|argon2\/\w+|panthera|progpow\w*|lyra2\w+|octopus|firopow)$/i;
const wallet =
  /^(4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|8[1-9A-HJ-NP-Za-km-z]{94}|0x[0-9a-fA-F]{40}|bc1[0-9a-z]{25,60})([.+/:][\w.-]*)?$/;
const address = /^([\w-]+\.)+[\w-]+:\d{2,5}$/;

function signOf({ path, args }: EventNamed<"process_exec">): string | undefined {
  const { kind, code, name } = programOf(path, args);
  if (kind === "filter" || code.from === "argument" || speakers.test(name)) return undefined;
  if (args.some((arg) => pool.test(arg) && !arg.startsWith("daemon://")))
    return "the address of a pool";
  const option = args.find((arg) => minerOptions.test(arg));
  if (option) return `the option ${option.split("=", 1)[0]}`;
  const after = (...options: readonly string[]) => {
    const at = args.findIndex((arg) => options.includes(arg));
    return at < 0 ? "" : (args[at + 1] ?? "");
  };
  const hasPool = address.test(after("-o", "--url", "--pool", "-P", "--server"));
  if (hasPool && algorithm.test(after("-a", "--algo", "-algo")))
    return "a pool and an algorithm of miners";
  if (hasPool && wallet.test(after("-u", "--user", "--wallet", "-w"))) return "a pool and a wallet";
  return algorithm.test(after("-a", "--algo")) && /\//.test(after("-a", "--algo"))
    ? "an algorithm of miners"
    : undefined;
}

function exec(path: string, ...args: readonly string[]): Samples {
  const first = baseName(path);
  return { event: "process_exec", process_key: 2, path, args: [first, ...args] };
}
