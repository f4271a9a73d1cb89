/** What a finding says happened, whichever way it was noticed; each completes "a process of the job …". */
export const behaviours = {
  credential_access:
    "got the content of a credential or secret store it does not own: key, token or config files (SSH, cloud, kube, docker, npm, PyPI, git, vault, wallet, `.netrc`, checkout's token in `.git/config`, runner registration files, `/etc/shadow`, service-account tokens), or used someone else's agent socket. Whatever the call, path form or alias",
  secret_sweep:
    "went through several unrelated credential stores, or scanned file trees for secrets",
  env_harvest:
    "took the environment of other processes, or shipped the job's whole environment away",
  process_memory_access:
    "read memory, registers or descriptors of a process it did not start (procfs mem, `process_vm_readv`, ptrace, `pidfd_getfd`)",
  process_injection:
    "wrote memory or code of another process (also of a child it started as a shell for other code)",
  metadata_access:
    "talked to a cloud metadata / container-credential endpoint, in any address notation",
  packet_capture: "opened a packet socket and read others' traffic",
  reverse_shell:
    "gave command execution to a peer over a connection it opened, whether the shell's stdio is the socket or is relayed",
  bind_shell: "the same over a connection it accepted",
  c2_channel: "polled or beaconed for commands and ran what it got",
  exfiltration:
    "sent data out to a destination the job had no business with (volume, content source, or method give it away)",
  dns_tunnel: "moved data in DNS names or records, plain or over HTTPS",
  covert_channel: "moved data in a protocol not meant for it (ICMP, odd UDP)",
  network_scan: "tried many hosts/ports",
  network_tampering: "changed hosts/resolver files, packet filter, routes",
  download_execute: "fetched code and ran it (piped or via a file)",
  dropped_binary:
    "ran a program that some process of the job put there other than by a compiler/package manager, esp. hidden, temporary or shared-memory places",
  fileless_execution:
    "ran code that has no file (memfd, unlinked inode, library from memory, deleted image)",
  obfuscated_execution:
    "ran decoded or generated code handed to an interpreter (stdin, `-c`), loaders avoiding exec permission",
  wx_memory:
    "made memory both writable and executable (in one or two mappings) outside a known JIT",
  masquerade: "pretended to be another program (comm, argv, file name, extension)",
  execution_hijack:
    "made other programs load its code: `LD_PRELOAD`, `/etc/ld.so.preload`, PATH or compiler wrappers",
  host_persistence:
    "changed something that runs code later on the host: cron, systemd, profiles, authorized_keys, sudoers",
  repo_persistence:
    "planted code that runs for later users of the repository: git hooks/config, workflows, editor or agent hooks",
  ci_tampering:
    "changed what later steps/jobs run: GITHUB_ENV/PATH poisoning, cached actions, tool cache, runner files",
  job_escape:
    "outlived the job, dodged the runner's clean-up, left the job's cgroup, or registered another runner",
  package_tampering:
    "changed other packages' code, site-packages hooks, or published to a registry",
  build_tampering:
    "made the compiler see other input than the checked-out source, or linked foreign objects",
  artifact_tampering: "changed a build product after the build made it",
  privilege_escalation: "made or used set-uid/sudo rules to gain privilege",
  container_escape:
    "reached for the host: docker socket, PID 1 namespaces, release_agent, core_pattern, host disk",
  raw_device_access: "opened a block device node directly",
  namespace_abuse: "used user/mount/pid namespaces to hide or alias paths",
  kernel_tampering: "module load, own BPF programs, tracing/kernel knobs",
  agent_tampering:
    "stopped, killed, froze, limited or rewrote security processes, their files or BPF objects; signalled processes outside the job",
  anti_forensics:
    "removed or forged traces: history, logs, time stamps, self-deletion, immutable flags",
  io_uring_use: "used io_uring outside known users (never required on its own)",
  cryptomining: "mined or talked to a pool",
  destructive_action: "overwrote or deleted files in bulk",
} as const;

export type Behaviour = keyof typeof behaviours;
