import { defineSignature, type Samples } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { endpointOf } from "./endpoints.ts";

/*
 * The address decides, and it is the one that the kernel contacts: a name, a decimal or mapped
 * notation, a redirect of a URL and a library that does it by itself all look the same here. An
 * attempt counts, because what answers is up to the host, not to the job.
 *
 * The tools that the clouds give out read their credentials there on purpose. They are known by
 * their file in a directory of the system, and reported as low: with them, too, the job acts as
 * the machine. A script of such a tool is run by an interpreter of the system.
 */
export const metadataAccess = defineSignature({
  id: "JW-140",
  name: "metadata_access",
  title: "Cloud Metadata Service Contacted",
  severity: "high",
  behaviours: ["metadata_access"],
  attack: ["T1552.005"],
  doc: "A process contacted the service from which a cloud's machine or container gets its credentials.",
  why:
    "Whoever asks this service gets the identity of the runner's machine, which is seldom meant for " +
    "the job and often may do more. Stealers in packages ask it first.",
  benign: [
    "Command-line tools and agents of the clouds that are installed on the host: reported as low.",
    "A library of a cloud that finds no other credentials and asks here last, such as in tests.",
  ],
  evade: [
    "Go through a proxy, or an address that the host or network translates.",
    "Run an installed tool of the cloud, which is reported as low only.",
    "Take the answer that the host has cached somewhere, without asking.",
  ],
  events: ["socket_connect", "socket_send"],

  match(event, { process }) {
    const service = serviceAt(event.peer);
    if (service === undefined) return undefined;
    const { peer } = event;
    const tool = cloudToolOf(process);
    const who = `${baseName(process.path) || "A process"} (pid ${process.pid})`;
    return {
      message: `${who} contacted the ${service} metadata service at ${peer}.`,
      evidence: { peer, service, tool: tool ?? "" },
      key: `${process.process_key} ${peer}`,
      ...(tool !== undefined && { severity: "low" }),
    };
  },

  examples: {
    fires: [
      [exec("/usr/bin/curl"), connects("169.254.169.254:80")],
      [exec("/usr/bin/curl"), connects("[fd00:ec2::254]:80")],
      [exec("/usr/bin/python3.11", "x.py"), connects("169.254.170.2:80")],
      // What only calls itself so is no tool of the system.
      [exec("/usr/bin/python3.11", "aws"), connects("169.254.170.23:80")],
      [exec("/usr/bin/python3.11", "-c", "/usr/bin/aws"), connects("169.254.170.23:80")],
      [exec("/home/runner/aws"), connects("169.254.169.254:80")],
      [connects("100.100.100.200:80")],
      [connects("168.63.129.16:80")],
      [connects("168.63.129.16:32526")],
      // Refused, or no route: it was tried.
      [{ ...connects("169.254.169.254:80"), error: 111 } as Samples],
      [{ event: "socket_send", process_key: 1, type: "datagram", peer: "169.254.169.254:80" }],
      // Low, but said.
      [exec("/usr/local/aws-cli/v2/2.17.0/dist/aws"), connects("169.254.169.254:80")],
      [exec("/usr/bin/python3.11", "-I", "/usr/bin/aws"), connects("169.254.169.254:80")],
    ],
    silent: [
      [connects("169.254.169.253:80")],
      [connects("140.82.112.3:443")],
      // The resolver and the clock of the same clouds.
      [{ ...connects("169.254.169.254:53"), type: "datagram" } as Samples],
      [{ event: "socket_send", process_key: 1, type: "datagram", peer: "169.254.169.254:123" }],
      [connects("168.63.129.16:53")],
      [{ event: "socket_connect", process_key: 1, peer_path: "/run/169.254.169.254:80" }],
    ],
  },
});

const services: ReadonlyMap<string, string> = new Map([
  // Amazon, Google, Azure, DigitalOcean, Oracle, OpenStack and others share this one.
  ["169.254.169.254", "cloud"],
  ["fd00:ec2::254", "Amazon"],
  ["fd20:ce::254", "Google"],
  ["fe80::a9fe:a9fe", "OpenStack"],
  ["169.254.170.2", "Amazon container"],
  ["169.254.170.23", "Amazon pod"],
  ["fd00:ec2::23", "Amazon pod"],
  ["100.100.100.200", "Alibaba"],
  ["192.0.0.192", "Oracle"],
  ["169.254.0.23", "Tencent"],
  ["169.254.42.42", "Scaleway"],
]);

/** Of Azure's host: the resolver of the same address is for everybody. */
const azure = "168.63.129.16";
const azurePorts = new Set([80, 443, 32526]);

// On some clouds these addresses also are the resolver and the clock.
const otherServices = new Set([53, 67, 123, 547]);

function serviceAt(peer: string): string | undefined {
  // Whatever is meant has one of few starts; most peers have not.
  if (!/^(1(00|68|69|92)\.|\[f[de])/.test(peer)) return undefined;
  const at = endpointOf(peer);
  if (!at || otherServices.has(at.port)) return undefined;
  if (at.host === azure) return azurePorts.has(at.port) ? "Azure host" : undefined;
  return services.get(at.host);
}

const cloudTools = new Set(
  (
    "aws aws_completer amazon-ssm-agent ssm-agent-worker ssm-document-worker ssm-session-worker " +
    "ecs-init ecr-credential-provider docker-credential-ecr-login amazon-cloudwatch-agent gcloud " +
    "gcloud.py gsutil gsutil.py bq bq.py docker-credential-gcr docker-credential-gcloud az azcopy waagent " +
    "google_guest_agent google_metadata_script_runner oci aliyun cloud-init cloud-id ec2-metadata"
  ).split(" "),
);
const isOfSystem = /^\/(usr|opt|snap|bin|sbin)\//;
const isInterpreter = /^(python|pypy|bash|sh|dash|node)[\d.]*$/;

/** The tool of a cloud that the process runs; undefined when it is none. */
function cloudToolOf({ path, args }: Process): string | undefined {
  if (!isOfSystem.test(path)) return undefined;
  const name = baseName(path);
  if (cloudTools.has(name)) return name;
  if (!isInterpreter.test(name)) return undefined;
  // The script is the first word that is no option; `-c` and `-m` leave none that names a file.
  const script = args.slice(1).find((arg) => !/^-[^cm]*$/.test(arg)) ?? "";
  return isOfSystem.test(script) && cloudTools.has(baseName(script)) ? baseName(script) : undefined;
}

function exec(path: string, ...args: readonly string[]): Samples {
  return { event: "process_exec", process_key: 1, path, args: [path, ...args] };
}

function connects(peer: string): Samples {
  return { event: "socket_connect", process_key: 1, type: "stream", protocol: 6, error: 115, peer };
}
