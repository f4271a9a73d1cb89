import { defineSignature, type Samples } from "../engine/signature.ts";
import type { SocketCreate } from "../events/socket_create.ts";
import { nameOf, namesOf, runsOneOf } from "./known_tools.ts";

/*
 * Echo requests carry whatever their sender puts into them, and are let through where nothing else
 * is. Programs of the system that measure ways do it with such sockets, raw or not; hardly anything
 * else does. What is sent is not looked at.
 */
export const covertChannel = defineSignature({
  id: "JW-143",
  name: "covert_channel",
  title: "Unusual Protocol Opened",
  severity: "high",
  behaviours: ["covert_channel"],
  attack: ["T1095", "T1048.003"],
  doc: "A process that is no network tool of the system opened a socket for ICMP or a protocol of its own.",
  why:
    "Firewalls and proxies seldom look into ICMP, so tools use it to carry stolen data out and " +
    "commands in. A build has no use for it.",
  benign: [
    "ping, traceroute and the like, from a directory of the system: not reported.",
    "Libraries that ping, in tests of monitoring software.",
    "Java's `isReachable`, when it runs as root: reported as low.",
  ],
  evade: [
    "Hide data in what ping sends: `ping -p`, or sizes and times.",
    "Send through a packet socket, which is reported as capture.",
    "Use odd UDP; questions for names are looked at by themselves.",
  ],
  events: ["socket_create"],

  match(event, { process }) {
    const protocol = oddProtocolOf(event);
    if (protocol === undefined || event.error !== 0) return undefined;
    if (runsOneOf(process, networkTools)) return undefined;
    const isJava = /\/java$/.test(process.path);
    return {
      message: `${nameOf(process)} (pid ${process.pid}) opened a socket for ${protocol}, which can carry data past a firewall.`,
      evidence: { protocol, type: event.type, family: event.family },
      key: `${process.process_key} ${process.execs} ${protocol}`,
      ...(isJava && { severity: "low" }),
    };
  },

  examples: {
    fires: [
      [exec("/usr/bin/python3.11"), icmp("inet", "raw", 1)],
      [exec("/usr/bin/python3.11"), icmp("inet", "datagram", 1)],
      [exec("/usr/bin/perl"), icmp("inet6", "raw", 58)],
      [exec("/tmp/ping"), icmp("inet", "raw", 1)],
      [exec("/usr/bin/python3.11"), icmp("inet", "raw", 253)],
      // Low, but said.
      [exec("/opt/jdk/bin/java"), icmp("inet", "raw", 1)],
    ],
    silent: [
      [exec("/usr/bin/ping"), icmp("inet", "datagram", 1)],
      [exec("/usr/bin/traceroute"), icmp("inet", "raw", 1)],
      [exec("/bin/busybox", "ping"), icmp("inet", "raw", 1)],
      // iptables asks the kernel through such a socket.
      [exec("/usr/sbin/xtables-legacy-multi"), icmp("inet", "raw", 255)],
      [exec("/usr/bin/python3.11"), { ...icmp("inet", "raw", 1), error: 1 } as Samples],
      [exec("/usr/bin/python3.11"), icmp("inet", "raw", 6)],
      [exec("/usr/bin/ss"), { ...icmp("netlink", "raw", 4) } as Samples],
    ],
  },
});

const named: ReadonlyMap<number, string> = new Map([
  [1, "ICMP"],
  [58, "ICMPv6"],
]);
// Of the kernel's own: IGMP, TCP, UDP, IPv6, GRE, ESP, AH, OSPF, VRRP, SCTP, and IPPROTO_RAW, through
// which packet filters are set.
const usual = new Set([2, 6, 17, 41, 47, 50, 51, 89, 112, 132, 255]);

function oddProtocolOf({ family, type, protocol }: SocketCreate): string | undefined {
  if (family !== "inet" && family !== "inet6") return undefined;
  const name = named.get(protocol);
  if (name !== undefined) return name;
  return type === "raw" && !usual.has(protocol) ? `protocol ${protocol}` : undefined;
}

const networkTools = namesOf(
  "ping ping4 ping6 fping fping6 oping noping arping traceroute traceroute6 traceroute.db tracepath " +
    "tracepath6 traceroute6.db tcptraceroute tcptraceroute.db mtr mtr-packet nmap check_icmp check_ping dhclient " +
    "dhcpcd NetworkManager systemd-networkd dnsmasq radvd rdisc6 ndisc6 rdnssd keepalived bird bird6 " +
    "zebra passt pasta passt.avx2 pasta.avx2 slirp4netns qemu-system-x86_64 qemu-system-aarch64 " +
    "avahi-daemon odhcp6c ip conntrack hostname",
);

function exec(path: string, ...args: readonly string[]): Samples {
  return { event: "process_exec", process_key: 1, path, args: [path, ...args] };
}

function icmp(
  family: "inet" | "inet6" | "netlink",
  type: "raw" | "datagram",
  protocol: number,
): Samples {
  return { event: "socket_create", process_key: 1, family, type, protocol };
}
