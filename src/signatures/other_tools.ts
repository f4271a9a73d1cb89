/** What another tool detects by default, and by what we do. */
export interface Counterpart {
  /** As that tool calls it. */
  readonly theirs: string;
  /** Ids of our signatures, or of events that show it. */
  readonly ours: readonly string[];
  /** Where ours differs, or why there is none. */
  readonly note: string;
}

/**
 * Signatures that Tracee brings, as of its 0.2x releases: signatures/golang in
 * https://github.com/aquasecurity/tracee.
 */
export const traceeSignatures: readonly Counterpart[] = [
  row(
    "TRC-101 stdio_over_socket",
    "TRC-101",
    "Also sockets that are inherited or received, and IPv6.",
  ),
  row(
    "TRC-102 anti_debugging",
    "",
    "PTRACE_TRACEME is what every debugger's child calls; it takes nothing from anybody.",
  ),
  row("TRC-103 ptrace_code_injection", "JW-111", "Each request that writes memory or registers."),
  row("TRC-104 dynamic_code_loading", "JW-168", "Low for what just-in-time compilers do."),
  row(
    "TRC-105 fileless_execution",
    "JW-160 JW-169",
    "Also deleted files, and libraries loaded from memory.",
  ),
  row(
    "TRC-106 cgroup_notify_on_release",
    "JW-202",
    "Part of an escape whose other part is release_agent.",
  ),
  row("TRC-107 ld_preload", "JW-166 JW-180", "The variable, and the file of the loader."),
  row("TRC-108 k8s_service_account_token", "JW-120", "A family of credentials among others."),
  row(
    "TRC-109 aslr_inspection",
    "",
    "Reading randomize_va_space tells nothing of a secret, and builds do it.",
  ),
  row("TRC-1010 cgroup_release_agent", "JW-202", ""),
  row("TRC-1011 core_pattern_modification", "JW-202", ""),
  row(
    "TRC-1012 default_loader_mod",
    "JW-180 JW-184",
    "The system's own files, changed by other than its package manager.",
  ),
  row(
    "TRC-1013 k8s_api_connection",
    "",
    "A runner in a cluster talks to it by design; the token's reading is JW-120.",
  ),
  row(
    "TRC-1014 disk_mount",
    "JW-205 JW-206",
    "Mounts are events; a disk that is opened is a finding.",
  ),
  row(
    "TRC-1015 hidden_file_created",
    "JW-161",
    "Hidden files are everywhere in builds; one that is then run is found.",
  ),
  row(
    "TRC-1016 illegitimate_shell",
    "TRC-101 JW-150 JW-151",
    "A job is made of shells; those that a peer steers are found.",
  ),
  row("TRC-1017 kernel_module_loading", "JW-200", "Also attempts that fail."),
  row("TRC-1018 k8s_cert_theft", "JW-120", ""),
  row("TRC-1019 docker_abuse", "JW-204", "Who asked dockerd for what is an edge of the job."),
  row(
    "TRC-1020 proc_fops_hooking",
    "",
    "Shown only by reading the kernel's own tables; we defend up to the loading (JW-200).",
  ),
  row("TRC-1021 proc_kcore_read", "JW-206", ""),
  row(
    "TRC-1022 dropped_executable",
    "JW-161",
    "When it is run: builds write programs all the time.",
  ),
  row("TRC-1023 proc_mem_access", "JW-110", ""),
  row("TRC-1024 proc_mem_code_injection", "JW-111", ""),
  row("TRC-1025 process_vm_write_inject", "JW-111", ""),
  row("TRC-1026 rcd_modification", "JW-180", ""),
  row("TRC-1027 scheduled_task_mod", "JW-180", ""),
  row("TRC-1028 sudoers_modification", "JW-180", ""),
  row("TRC-1029 sched_debug_recon", "", "The file was removed from procfs in Linux 5.13."),
  row("TRC-1030 syscall_hooking", "", "As TRC-1020."),
  row(
    "TRC-1031 system_request_key_mod",
    "JW-180",
    "Low: a setting below /etc that starts no program by itself.",
  ),
];

/**
 * Falco's rules of maturity stable: rules/falco_rules.yaml in
 * https://github.com/falcosecurity/rules.
 */
export const falcoRules: readonly Counterpart[] = [
  row(
    "Directory traversal monitored file read",
    "JW-120",
    "By the resolved path, however it was written.",
  ),
  row("Read sensitive file trusted after startup", "JW-120", ""),
  row("Read sensitive file untrusted", "JW-120 JW-121", ""),
  row(
    "Run shell untrusted",
    "TRC-101 JW-150 JW-151",
    "A job is made of shells; those that a peer steers are found.",
  ),
  row("System user interactive", "", "Nobody logs in within a job."),
  row("Terminal shell in container", "", "A step that runs in a container is a shell there."),
  row("Contact K8S API Server From Container", "", "A runner in a cluster talks to it by design."),
  row(
    "Netcat Remote Code Execution in Container",
    "TRC-101 JW-150",
    "By what it does, not by its name.",
  ),
  row("Search Private Keys or Passwords", "JW-121", "What is read, not what is searched for."),
  row("Clear Log Activities", "JW-189", ""),
  row("Remove Bulk Data from Disk", "JW-190", ""),
  row(
    "Create Symlink Over Sensitive Files",
    "JW-120",
    "What is opened is known by its resolved path.",
  ),
  row("Create Hardlink Over Sensitive Files", "JW-120", "The link itself is the access."),
  row("Packet socket created in container", "JW-142", ""),
  row("Redirect STDOUT/STDIN to Network Connection in Container", "TRC-101", ""),
  row("Linux Kernel Module Injection Detected", "JW-200", ""),
  row("Debugfs Launched in Privileged Container", "JW-206", ""),
  row("Detect release_agent File Container Escapes", "JW-202", ""),
  row("PTRACE attached to process", "JW-110 JW-111", "Low for children that the process started."),
  row("PTRACE anti-debug attempt", "", "As Tracee's TRC-102."),
  row("Find AWS Credentials", "JW-120 JW-121", "What is read, not what is searched for."),
  row("Execution from /dev/shm", "JW-161", ""),
  row("Drop and execute new binary in container", "JW-161", "In containers and outside of them."),
  row(
    "Disallowed SSH Connection Non Standard Port",
    "",
    "Connections are events; which are allowed is the host's to say, in a rule.",
  ),
  row("Fileless execution via memfd_create", "JW-160", ""),
];

function row(theirs: string, ours: string, note: string): Counterpart {
  return { theirs, ours: ours.split(" ").filter(Boolean), note };
}
