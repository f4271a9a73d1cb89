import type { Signature } from "../engine/signature.ts";
import { sigmaSignature } from "./sigma/rule.ts";

/** A file of the host's own rules, as it was read. */
export interface RuleFile {
  readonly path: string;
  /** YAML of Sigma rules, or what a module exports; or why it could not be read. */
  readonly content:
    | { readonly sigma: string }
    | { readonly module: Readonly<Record<string, unknown>> }
    | { readonly unreadable: string };
}

/** A rule that does not run. */
export interface RefusedRule {
  readonly path: string;
  /** A sentence without a full stop. */
  readonly why: string;
}

/** The signatures of a host's own. */
export interface UserRules {
  readonly signatures: readonly Signature[];
  /** Of which file each signature is, by its id. */
  readonly sources: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedRule[];
}

/** Makes signatures of rule files; of each that cannot be used it is said why. */
export function userRules(files: Iterable<RuleFile>): UserRules {
  const signatures: Signature[] = [];
  const sources = new Map<string, string>();
  const refused: RefusedRule[] = [];
  const add = (path: string, make: () => readonly Signature[]): void => {
    try {
      for (const signature of make()) {
        const other = sources.get(signature.id);
        if (other !== undefined) throw new Error(`${signature.id} is already that of ${other}`);
        sources.set(signature.id, path);
        signatures.push(signature);
      }
    } catch (error) {
      // What is wrong with one rule is said, and the others run.
      refused.push({ path, why: (error as Error).message });
    }
  };
  for (const { path, content } of files) {
    if ("unreadable" in content) refused.push({ path, why: content.unreadable });
    else if ("module" in content) add(path, () => signaturesIn(content.module));
    else for (const rule of documentsIn(content.sigma)) add(path, () => [sigmaSignature(rule)]);
  }
  return { signatures, sources, refused };
}

/** Several rules may stand in one file, with a line `---` between them. */
const documentsIn = (text: string): string[] =>
  text.split(/^---\s*$/m).filter((document) => /^\s*[^\s#]/m.test(document));

/** A module offers `signatures`, a list of what `defineSignature` takes. */
function signaturesIn(module: Readonly<Record<string, unknown>>): readonly Signature[] {
  const offered = module["signatures"];
  if (!Array.isArray(offered)) throw new Error("it exports no list called signatures");
  for (const one of offered as Partial<Signature>[]) {
    if (typeof one.id !== "string" || !/^CUSTOM-\w+$/.test(one.id)) {
      throw new Error(`the id ${JSON.stringify(one.id)} is not CUSTOM- and a word`);
    }
    const missing = required.find((key) => one[key] === undefined);
    if (missing !== undefined) throw new Error(`${one.id} has no ${missing}`);
    if (typeof one.match !== "function") throw new Error(`match of ${one.id} is no function`);
  }
  return offered as Signature[];
}

const required = [
  ...(["name", "title", "severity", "behaviours", "attack", "doc", "why"] as const),
  ...(["benign", "evade", "events", "examples"] as const),
];
