import { type Behaviour, behaviours } from "../../engine/behaviours.ts";

/** What an ATT&CK technique says happened, where it says only one thing. */
const byTechnique: Readonly<Record<string, Behaviour>> = {
  T1003: "credential_access",
  T1014: "kernel_tampering",
  T1027: "obfuscated_execution",
  T1036: "masquerade",
  T1040: "packet_capture",
  T1041: "exfiltration",
  T1046: "network_scan",
  T1048: "exfiltration",
  T1053: "host_persistence",
  T1055: "process_injection",
  T1068: "privilege_escalation",
  T1070: "anti_forensics",
  T1098: "host_persistence",
  T1105: "download_execute",
  T1136: "host_persistence",
  T1140: "obfuscated_execution",
  T1485: "destructive_action",
  T1486: "destructive_action",
  T1496: "cryptomining",
  T1528: "credential_access",
  T1543: "host_persistence",
  T1546: "host_persistence",
  T1547: "host_persistence",
  T1548: "privilege_escalation",
  T1552: "credential_access",
  T1555: "credential_access",
  T1561: "destructive_action",
  T1562: "agent_tampering",
  T1567: "exfiltration",
  T1574: "execution_hijack",
  T1611: "container_escape",
  T1620: "fileless_execution",
};

/** Techniques that a rule's tags name, such as `attack.t1059.004`. */
export const techniquesOf = (tags: readonly string[]): `T${number}`[] =>
  tags.flatMap((tag) => {
    const technique = /^attack\.(t\d{4}(\.\d{3})?)$/i.exec(tag)?.[1];
    return technique === undefined ? [] : [technique.toUpperCase() as `T${number}`];
  });

/** Behaviours of a rule: those that a tag `jobwarden.<behaviour>` names, else by its techniques. */
export function behavioursOf(tags: readonly string[]): Behaviour[] {
  const named = tags
    .map((tag) => /^jobwarden\.(\w+)$/.exec(tag)?.[1] ?? "")
    .filter((name): name is Behaviour => Object.hasOwn(behaviours, name));
  if (named.length > 0) return named;
  const found = techniquesOf(tags).map((technique) => byTechnique[technique.slice(0, 5)]);
  return [...new Set(found.filter((behaviour) => behaviour !== undefined))];
}
