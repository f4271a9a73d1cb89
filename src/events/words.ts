/** What an open descriptor is. Order is the record's number: it only grows. */
export const descriptorKinds = [
  "none",
  "file",
  "directory",
  "terminal",
  "device",
  "block_device",
  "pipe",
  "inet_socket",
  "inet6_socket",
  "unix_socket",
  "socket",
  "anonymous",
] as const;
export type DescriptorKind = (typeof descriptorKinds)[number];

/** Address family of a socket; `other` is every one that has no word here. */
export const socketFamilies = ["other", "unix", "inet", "inet6", "netlink", "packet"] as const;

/** Type of a socket: SOCK_STREAM and so on. */
export const socketTypes = ["other", "stream", "datagram", "raw", "seqpacket"] as const;

export const yesNo = ["no", "yes"] as const;

/** What a descriptor allows. */
export const accessWords = ["none", "read", "write", "read_write"] as const;
