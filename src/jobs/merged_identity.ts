import { type Claim, claimSources, type IdentityField, identityFields } from "./claim.ts";

export type IdentityValues = Readonly<Partial<Record<IdentityField, string>>>;

/** A field of which several values are claimed, the most trusted first. */
export interface Disagreement {
  readonly field: IdentityField;
  readonly values: readonly {
    readonly value: string;
    readonly sources: readonly Claim["source"][];
  }[];
}

export interface MergedIdentity {
  readonly values: IdentityValues;
  /** In the order of the fields. */
  readonly disagreements: readonly Disagreement[];
}

/** Believes the best claim of each field, and tells where others say something else. */
export function mergeIdentity(claims: readonly Claim[]): MergedIdentity {
  const best = claims.toSorted((a, b) => rank(a) - rank(b));
  const values: Partial<Record<IdentityField, string>> = {};
  const disagreements: Disagreement[] = [];
  for (const field of identityFields) {
    const said = saidOf(best.filter((claim) => claim.field === field));
    const [first] = said;
    if (first) values[field] = first.value;
    if (said.length > 1) disagreements.push({ field, values: said });
  }
  return { values, disagreements };
}

/** What a person calls the job, such as `octo/hello: CI / test (20, linux)`: one line, not escaped. */
export function jobName(values: IdentityValues): string {
  const { repository, workflow, workflow_ref, display_name, job_key, run_id } = values;
  const file = workflow_ref?.split("@")[0]?.split("/").at(-1);
  const job = display_name ?? (job_key && job_key + matrixText(values.matrix));
  const path = [workflow ?? file, job ?? (run_id && `run ${run_id}`)].filter(Boolean).join(" / ");
  const name = [repository, path].filter(Boolean).join(": ");
  return name.replace(/\s+/g, " ").trim().slice(0, longestName) || "unknown job";
}

/** Confidence first, then the source; what is masked comes last. */
const rank = (claim: Claim): number =>
  (isMasked(claim) ? 1000 : 0) +
  ["certain", "high", "low"].indexOf(claim.confidence) * claimSources.length +
  claimSources.indexOf(claim.source);

/** Only the log is masked; elsewhere three asterisks are what they are. */
const isMasked = ({ source, value }: Claim): boolean =>
  source === "job_message" && value.includes("***");

function saidOf(claims: readonly Claim[]): Disagreement["values"] {
  const said: { readonly value: string; readonly sources: Claim["source"][] }[] = [];
  for (const claim of claims) {
    const { value, source } = claim;
    const same = said.find(
      (one) => one.value === value || (isMasked(claim) && fits(value, one.value)),
    );
    if (!same) said.push({ value, sources: [source] });
    else if (!same.sources.includes(source)) same.sources.push(source);
  }
  return said;
}

/** Whether a masked value is that one, with something in the place of each mask. */
function fits(masked: string, other: string): boolean {
  const [start = "", ...parts] = masked.split("***");
  const end = parts.pop();
  if (end === undefined || !other.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = other.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return other.endsWith(end) && other.length - end.length >= at;
}

/** The values of a matrix as the web page has them behind a job's key. */
function matrixText(matrix: string | undefined): string {
  const values = scalarsIn(matrix);
  return values.length === 0 ? "" : ` (${values.join(", ")})`;
}

function scalarsIn(matrix: string | undefined): readonly string[] {
  try {
    const leg: unknown = JSON.parse(matrix ?? "{}");
    const values = typeof leg === "object" && leg !== null ? Object.values(leg) : [];
    return values.filter((value) => value !== null && typeof value !== "object").map(String);
  } catch {
    // Masked, or somebody else's text: the key alone is the name.
    return [];
  }
}

const longestName = 300;
