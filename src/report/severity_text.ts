import { counted } from "../base/text.ts";
import { type Severity, severities } from "../engine/severity.ts";

export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countSeverities(found: readonly { readonly severity: Severity }[]): SeverityCounts {
  const counts = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity } of found) counts[severity]++;
  return counts;
}

/** `nothing detected`, or `3 findings: 1 critical, 2 low`. */
export function countsText(counts: SeverityCounts): string {
  const present = severities.filter((severity) => counts[severity] > 0).toReversed();
  if (present.length === 0) return "nothing detected";
  const total = present.reduce((sum, severity) => sum + counts[severity], 0);
  const each = present.map((severity) => `${counts[severity]} ${severity}`).join(", ");
  return `${counted(total, "finding")}: ${each}`;
}
