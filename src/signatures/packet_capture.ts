import { defineSignature, type Samples } from "../engine/signature.ts";
import type { SocketCreate } from "../events/socket_create.ts";
import { nameOf, namesOf, runsOneOf } from "./known_tools.ts";

/*
 * Only a packet socket, or a raw socket for TCP or UDP, gets what is meant for others. One for a
 * protocol of the local network alone (ARP, LLDP, 802.1X) sees no content. Whether it was made to
 * send or to receive cannot be told when it is made.
 */
export const packetCapture = defineSignature({
  id: "JW-142",
  name: "packet_capture",
  title: "Network Traffic Captured",
  severity: "high",
  behaviours: ["packet_capture"],
  attack: ["T1040"],
  doc: "A process opened a socket that gets the packets of all programs of the machine.",
  why:
    "It reads what other programs send and receive: tokens in requests to services without TLS, " +
    "names, traffic of other jobs on the same host. A build has no use for it.",
  benign: [
    "tcpdump and the like that the system has, which tests use to look at traffic: reported as low.",
    "DHCP clients, ping and address checks of the system: not reported.",
    "Tests of network software that makes its own packets.",
  ],
  evade: [
    "Attach a BPF program to a socket of another kind, or to the network device.",
    "Run tcpdump of the system, which is reported as low only.",
    "Get the socket from a process outside of the job, over a unix socket.",
    "Ask through socketcall of the 32-bit entry, or a ring of requests.",
  ],
  events: ["socket_create"],

  match(event, { process }) {
    const what = capturedBy(event);
    if (what === undefined || event.error !== 0 || runsOneOf(process, addressers)) return undefined;
    const isTool = runsOneOf(process, sniffers) || linkProtocols.has(event.protocol);
    return {
      message: `${nameOf(process)} (pid ${process.pid}) opened a ${what}, which gets what other programs send and receive.`,
      evidence: { family: event.family, type: event.type, protocol: event.protocol },
      key: `${process.process_key} ${process.execs}`,
      ...(isTool && { severity: "low" }),
    };
  },

  examples: {
    fires: [
      [exec("/usr/bin/python3.11"), packet(3)],
      [exec("/usr/bin/python3.11"), packet(0)],
      [exec("/tmp/tcpdump"), packet(3)],
      [exec("/usr/bin/python3.11"), { ...packet(6), family: "inet", type: "raw" } as Samples],
      // Low, but said.
      [exec("/usr/bin/tcpdump"), packet(3)],
      [exec("/opt/speaker"), packet(0x806)],
    ],
    silent: [
      [exec("/usr/sbin/dhclient"), packet(3)],
      [exec("/bin/busybox", "udhcpc"), packet(0x800)],
      // Refused; another protocol; other families.
      [exec("/usr/bin/python3.11"), { ...packet(3), error: 1 } as Samples],
      [exec("/usr/bin/python3.11"), { ...packet(255), family: "inet", type: "raw" } as Samples],
      [exec("/usr/bin/ss"), { ...packet(4), family: "netlink", type: "raw" } as Samples],
    ],
  },
});

const tcp = 6;
const udp = 17;
// ARP, reverse ARP, 802.1X, LLDP.
const linkProtocols = new Set([0x806, 0x8035, 0x888e, 0x88cc]);

function capturedBy({ family, type, protocol }: SocketCreate): string | undefined {
  if (family === "packet") return "packet socket";
  const isIp = family === "inet" || family === "inet6";
  return isIp && type === "raw" && (protocol === tcp || protocol === udp)
    ? "raw socket"
    : undefined;
}

const addressers = namesOf(
  "dhclient dhcpcd dhcpcd5 udhcpc udhcpd dhclient-script NetworkManager systemd-networkd connmand " +
    "wpa_supplicant hostapd avahi-autoipd arping arp-scan lldpd lldpad ping ping4 ping6 traceroute " +
    "traceroute6 tracepath mtr mtr-packet ethtool keepalived pppoe pppd dnsmasq ip ifup",
);
const sniffers = namesOf(
  "tcpdump tshark dumpcap wireshark ngrep iftop nethogs nmap tcpflow termshark",
);

function exec(path: string, ...args: readonly string[]): Samples {
  return { event: "process_exec", process_key: 1, path, args: [path, ...args] };
}

function packet(protocol: number): Samples {
  return { event: "socket_create", process_key: 1, family: "packet", type: "raw", protocol };
}
