import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { DnsQuery } from "../events/dns_query.ts";
import { type DividedName, divided, encodedLength } from "./domain_names.ts";
import { nameOf } from "./known_tools.ts";

/*
 * Whoever registered a domain sees each name that is asked for below it, whichever resolver is
 * asked. So data goes out in labels and comes back in records. What counts is how much goes to one
 * domain: different names whose labels look like encoded data, or different names of the types that
 * carry text. The names of a busy installation are many, but of many domains, and are words; those
 * below the domains of hosting providers are not counted, because nobody else can answer there.
 */
export const dnsTunnel = defineSignature({
  id: "JW-144",
  name: "dns_tunnel",
  title: "Data in Questions for Names",
  severity: "high",
  behaviours: ["dns_tunnel"],
  attack: ["T1071.004", "T1048.003"],
  doc: "A process asked for many names below one domain that carry data, or have it in their answers.",
  why:
    "Questions for names leave even where nothing else may, and whoever owns the domain reads them. " +
    "Stolen secrets are sent out this way, piece by piece, and commands come back.",
  benign: [
    "Tests of name servers and resolvers with made-up names.",
    "Lists of spam or malware that are asked by hash, from a mail server or scanner under test.",
    "A scanner that waits for calls to a domain made for it, such as nuclei.",
  ],
  evade: [
    "Use few names in the life of a job, short labels, or words of a dictionary for data.",
    "Spread the data over many domains.",
    "Ask by HTTPS or TLS, or let a daemon of the host ask that has a socket of its own.",
    "Use a domain that everybody shares, and a service there that counts questions.",
  ],
  events: ["dns_query"],

  match(event, job) {
    const name = divided(event.name);
    if (!name) return undefined;
    const { memory } = job;
    const key = `${event.name.toLowerCase()} ${event.type}`;
    if (memory.get(key) !== undefined) return undefined;
    memory.set(key, 1);
    if (callbacks.has(name.domain)) return found(event, name, "a domain for secret calls", job);
    return byLabels(event, name, job) ?? byType(event, name, job);
  },

  examples: {
    fires: [
      asks(4, (i) => `${i}f3c9a1b2d4e5f60718293a4b5c6d7e8.x.evil.example`),
      asks(4, (i) => `mfrggzdfmztwq2lknnwg23tpobyxe${i}43u.evil.com`),
      asks(4, (i) => `${i}aGVsbG8gd29ybGQgdGhpcyBpcyBkYXRh.a.evil.co.uk`),
      // Over several labels of one name.
      asks(4, (i) => `6465616462656566${i}0.0102030405060708.evil.net`),
      // A few long ones.
      asks(
        2,
        (i) => `${i}f3c9a1b2d4e5f60718293a4b5c6d7e8.${i}f3c9a1b2d4e5f60718293a4b5c6d7e9.evil.net`,
      ),
      // Commands come back in records of text.
      asks(10, (i) => `${i}.c.evil.com`, 16),
      asks(3, (i) => `p${i}.evil.com`, 10),
      asks(1, () => "726f6f74.c23b2la0kl1krjcrdj10.oast.pro"),
    ],
    silent: [
      asks(3, (i) => `${i}f3c9a1b2d4e5f60718293a4b5c6d7e8.x.evil.example`),
      // The same few again and again.
      asks(300, (i) => `${i % 3}f3c9a1b2d4e5f60718293a4b5c6d7e8.x.evil.example`),
      // An installation: many domains, and many words of one.
      asks(300, (i) => `mirror-${i}.example${i}.org`),
      asks(300, (i) => `mirror-number-${i}-of-the-distribution.example.org`),
      asks(300, (i) => `productionresultssa${i}.blob.core.windows.net`),
      asks(300, (i) => `${i}f3c9a1b2d4e5f60718293a4b5c6d7e8.us-east-1.elb.amazonaws.com`),
      // Below the host's own domain: each name is tried there first.
      asks(
        300,
        (i) => `registry${i}.npmjs.org.ykzhu3dbdwzebiqbz4k1x0dq0g.bx.internal.cloudapp.net`,
      ),
      asks(300, (i) => `host${i}.example.org.ykzhu3dbdwzebiqbz4k1x0dq0g.corp.example.com`),
      // Backwards, and within a cluster.
      asks(300, (i) => `${i}.0.0.127.in-addr.arpa`, 12),
      asks(300, (i) => `postgres-7d4b9c6f5-x2x9${i}.postgres-headless.default.svc.cluster.local`),
      // Mail and certificates.
      asks(9, (i) => `_dmarc${i}.example.org`, 16),
    ],
  },
});

/** How many different names with how many bytes of data are too many for one domain. */
const limits = [
  { names: 1, bytes: 150 },
  { names: 2, bytes: 120 },
  { names: 4, bytes: 72 },
] as const;

/** Types that carry what the owner likes, and how many different names make them odd. */
const carriers: ReadonlyMap<number, readonly [word: string, fewest: number]> = new Map([
  [10, ["NULL", 3]],
  [16, ["TXT", 10]],
  [65399, ["PRIVATE", 3]],
]);

// Made for this: their owner is told of each question. Of interactsh, Burp, and others.
const callbacks = new Set(
  (
    "oast.pro oast.live oast.site oast.online oast.fun oast.me interact.sh oastify.com " +
    "burpcollaborator.net dnslog.cn ceye.io dnsbin.zhack.ca requestrepo.com canarytokens.com"
  ).split(" "),
);

function byLabels(event: DnsQuery, name: DividedName, job: JobContext): Match | undefined {
  const { domain, labels } = name;
  // A label that all names have, such as one of a domain that is searched, tells nothing.
  const told = labels.filter((label) => encodedLength(label) > 0);
  const fresh = told.filter((label) => first(job, `${label} of ${domain}`));
  if (fresh.length === 0) return undefined;
  const names = add(job, `names ${domain}`, 1);
  const bytes = fresh.reduce((sum, label) => sum + encodedLength(label), 0);
  const all = add(job, `bytes ${domain}`, bytes);
  const isTooMuch = limits.some((limit) => names >= limit.names && all >= limit.bytes);
  if (!isTooMuch || !first(job, `said ${domain}`)) return undefined;
  return found(event, name, `${names} different names with ${all} bytes of data`, job);
}

function byType(event: DnsQuery, name: DividedName, job: JobContext): Match | undefined {
  const carrier = carriers.get(event.type);
  if (!carrier) return undefined;
  const [word, fewest] = carrier;
  if (add(job, `${word} ${name.domain}`, 1) !== fewest) return undefined;
  return found(event, name, `${word} records of ${fewest} different names`, job);
}

function add({ memory }: JobContext, key: string, amount: number): number {
  const sum = (memory.get(key) ?? 0) + amount;
  memory.set(key, sum);
  return sum;
}

function first({ memory }: JobContext, key: string): boolean {
  if (memory.get(key) !== undefined) return false;
  memory.set(key, 1);
  return true;
}

function found(
  { server, name, type }: DnsQuery,
  { domain }: DividedName,
  what: string,
  { process }: JobContext,
): Match {
  return {
    message: `${nameOf(process)} (pid ${process.pid}) asked ${server} for ${what} below ${domain}, such as ${name}.`,
    evidence: { server, domain, name, type },
    key: domain,
  };
}

function asks(length: number, name: (i: number) => string, type = 1): [Samples, ...Samples[]] {
  const ask = (i: number): Samples => ({
    ...{ event: "dns_query", process_key: 1, protocol: 17, server: "10.0.0.1:53" },
    ...{ type, name: name(i) },
  });
  return [ask(0), ...Array.from({ length: length - 1 }, (_, i) => ask(i + 1))];
}
