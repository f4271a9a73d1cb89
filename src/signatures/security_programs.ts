/** Programs that watch a machine, by the names of their files and of their services. */
const names =
  "auditd falco falco-modern-bpf falcoctl tetragon tracee tracee-ebpf osqueryd osquery wazuh-agent " +
  "wazuh-agentd ossec-hids falcon-sensor falcon-sensor-bpf wdavdaemon mdatp sentinelone sentineld " +
  "cbagentd clamav-daemon clamd aide sysmon sysmonforlinux elastic-agent elastic-endpoint auditbeat " +
  "filebeat rsyslogd rsyslog syslog-ng systemd-journald crowdsec fail2ban fail2ban-server apparmor " +
  "harden-runner agent-harden-runner stepsecurity datadog-agent amazon-ssm-agent taegis";
const known = new Set(names.split(" "));

export const isOurs = (name: string): boolean => /^jobwarden(-agent|@.*)?$/.test(name);

/** @param name of a file or of a service, without its kind (`.service`) */
export const isSecurityProgram = (name: string): boolean => known.has(name) || isOurs(name);
