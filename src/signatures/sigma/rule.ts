import { parse } from "yaml";
import { z } from "zod";
import type { Severity } from "../../engine/severity.ts";
import type { JobContext, Match, Signature } from "../../engine/signature.ts";
import type { EventName, EventNamed } from "../../events/index.ts";
import { behavioursOf, techniquesOf } from "./behaviours_of.ts";
import { type Condition, parseCondition } from "./condition.ts";
import { type Category, categories } from "./fields.ts";
import { testOf } from "./values.ts";

/** What a rule file must have; what else is there is for people. */
const ruleShape = z.object({
  title: z.string().min(1).max(256),
  id: z.string().max(64).optional(),
  description: z.string().optional(),
  level: z.enum(["informational", "low", "medium", "high", "critical"]).default("medium"),
  tags: z.array(z.string()).default([]),
  falsepositives: z.union([z.array(z.string()), z.string()]).nullish(),
  logsource: z.object({
    category: z.string().optional(),
    product: z.string().optional(),
    service: z.string().optional(),
  }),
  detection: z.record(z.string(), z.unknown()),
});
type Rule = z.infer<typeof ruleShape>;

/** A whole selection of a rule, asked about one event. */
type Selection = (event: EventNamed<EventName>, job: JobContext) => boolean;

/**
 * Makes a signature of a Sigma rule for Linux.
 * @param text YAML
 * @throws Error why it cannot be used, as a sentence without a full stop
 */
export function sigmaSignature(text: string): Signature {
  const rule = ruleOf(text);
  const category = categoryOf(rule);
  const { condition, ...named } = rule.detection;
  delete named["timeframe"];
  const selections = new Map(
    Object.entries(named).map(([name, selection]) => [name, selectionOf(selection, category)]),
  );
  const conditions = (Array.isArray(condition) ? condition : [condition]).map((one) => {
    if (typeof one !== "string") throw new Error("detection.condition is missing, or is no text");
    return parseCondition(one, [...selections.keys()]);
  });
  return signatureOf(rule, category, (event, job) => {
    const isSelected = (name: string): boolean => selections.get(name)?.(event, job) ?? false;
    return conditions.some((isMet: Condition) => isMet(isSelected));
  });
}

function ruleOf(text: string): Rule {
  // A rule that refers to itself would be expanded without end.
  const read = ruleShape.safeParse(parse(text, { maxAliasCount: 100, prettyErrors: false }));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${issue?.path.join(".") || "the rule"}: ${issue?.message}`);
}

function categoryOf({ logsource: { category, product, service } }: Rule): Category {
  if (product !== undefined && product !== "linux") {
    throw new Error(`logsource.product is ${product}, not linux`);
  }
  if (service !== undefined)
    throw new Error(`logsource.service ${service} is a log that is not read`);
  const found = Object.hasOwn(categories, category ?? "") ? categories[category ?? ""] : undefined;
  if (found) return found;
  const known = Object.keys(categories).join(", ");
  throw new Error(`logsource.category is ${category ?? "missing"}, which is none of ${known}`);
}

function selectionOf(selection: unknown, category: Category): Selection {
  if (Array.isArray(selection)) {
    const any = selection.map((one) => selectionOf(one, category));
    return (event, job) => any.some((one) => one(event, job));
  }
  if (typeof selection !== "object" || selection === null) {
    throw new Error("keywords without a field are not supported");
  }
  const all = Object.entries(selection).map(([field, wanted]) => fieldOf(field, wanted, category));
  return (event, job) => all.every((one) => one(event, job));
}

function fieldOf(written: string, wanted: unknown, { fields }: Category): Selection {
  const [name = "", ...modifiers] = written.split("|");
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!read) throw new Error(`the field ${name} is not known of these events`);
  const test = testOf(modifiers, wanted);
  return (event, job) => test(read(event, job));
}

const severityOf = (level: Rule["level"]): Severity => (level === "informational" ? "info" : level);

function signatureOf(rule: Rule, category: Category, isMet: Selection): Signature {
  const { title, id, description, level, tags, falsepositives } = rule;
  const benign = falsepositives ? [falsepositives].flat() : [];
  return {
    id: `SIGMA-${id ?? title}`,
    name: title,
    title,
    severity: severityOf(level),
    behaviours: behavioursOf(tags),
    attack: techniquesOf(tags),
    doc: description ?? title,
    why: description ?? title,
    benign,
    evade: [],
    events: category.events,
    match: (event, job) =>
      category.isOne(event) && isMet(event, job) ? said(event, job) : undefined,
    examples: { fires: [], silent: [] },
  };

  function said(event: EventNamed<EventName>, job: JobContext): Match {
    const fact = String(category.fact(event, job) ?? "");
    const brief = fact.length > longestFact ? `${fact.slice(0, longestFact)}…` : fact;
    return {
      message: `${title}: ${brief}`,
      evidence: { rule: id ?? title, image: job.process.path },
      key: `${job.process.process_key} ${fact}`.slice(0, longestKey),
    };
  }
}

const longestFact = 200;
const longestKey = 512;
