/** An address and a port, as events have them. */
export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** @param text such as `192.0.2.1:80` or `[2001:db8::1]:80`; empty gives undefined */
export function endpointOf(text: string): Endpoint | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  const port = Number(text.slice(colon + 1));
  const host = text.startsWith("[") ? text.slice(1, colon - 1) : text.slice(0, colon);
  return { host, port };
}

/** This machine, whatever its addresses are; a connection to the unspecified address stays here. */
export const isLoopback = (host: string): boolean =>
  host.startsWith("127.") || host === "::1" || host === "0.0.0.0" || host === "::";

/**
 * An address that is not somebody's on the internet: private and shared networks, link-local,
 * loopback, documentation and benchmarks (RFC 6890).
 */
export function isInternal(host: string): boolean {
  if (host.includes(":")) return /^(::1?$|f[cd]|fe[89ab]|2001:db8:)/.test(host);
  const [a = 0, b = 0, c = 0] = host.split(".").map(Number);
  if (a === 10 || a === 127 || a === 0) return true;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168 || (b === 0 && (c === 2 || c === 0));
  if (a === 169) return b === 254;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

/** One message to many: discovery and announcements, no particular host. */
export const isMulticast = (host: string): boolean =>
  host.includes(":") ? host.startsWith("ff") : /^(22[4-9]|23\d|255)\./.test(host);
