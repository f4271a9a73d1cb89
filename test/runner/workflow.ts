import { join, relative } from "node:path";
import { isMap, type YAMLMap } from "yaml";
import { evaluate } from "./expressions.ts";
import type { Container, Job, Scalar, Scalars, Texts } from "./plan.ts";
import { stepsOf } from "./steps.ts";
import { at, keysOf, readYaml, textAt, textsAt, type YamlFile } from "./yaml_nodes.ts";

/** Which job of a workflow. */
export interface JobChoice {
  /** Folder of the repository. */
  readonly source: string;
  /** Path of the workflow file. */
  readonly workflow: string;
  /** Key of the job; `caller/called` for one in a called workflow. */
  readonly job: string;
  /** The leg; the first one when it is not given. */
  readonly matrix?: Scalars | undefined;
}

interface File extends YamlFile {
  readonly path: string;
}

/**
 * One job, as GitHub would plan it.
 * @throws Error when the file holds no such job, or the matrix no such leg
 */
export function planJob({ source, workflow, job, matrix }: JobChoice): Job {
  const [key = "", called] = job.split("/");
  const file = open(source, relative(source, workflow));
  const node = jobNode(file, key);
  const legs = legsOf(node);
  const index = matrix ? legs.findIndex((leg) => sameLeg(leg, matrix)) : 0;
  if (index < 0) throw new Error(`${job} has no leg ${JSON.stringify(matrix)}`);
  const leg = legs[index] ?? null;
  const common = {
    workflow_name: textAt(file.root, "name") ?? file.path,
    workflow_file: file.path,
    matrix: leg,
    matrix_index: index,
    matrix_total: Math.max(1, legs.length),
  };
  const display = displayName(node, key, leg);
  if (called === undefined) {
    return { ...common, ...bodyOf(file, node, key), path: key, display_name: display, inputs: {} };
  }
  const inner = open(source, (textAt(node, "uses") ?? "").replace(/^\.\//, ""));
  const innerNode = jobNode(inner, called);
  return {
    ...common,
    ...bodyOf(inner, innerNode, called),
    path: `${key}.${called}`,
    display_name: `${display} / ${displayName(innerNode, called, null)}`,
    matrix: null,
    inputs: inputsOf(inner.root, textsAt(node, "with"), leg),
  };
}

const open = (source: string, path: string): File => ({ path, ...readYaml(join(source, path)) });

function jobNode({ root, path }: File, key: string): YAMLMap {
  const node = at(root, "jobs", key);
  if (!isMap(node)) throw new Error(`${path} has no job ${key}`);
  return node as YAMLMap;
}

function bodyOf(file: File, node: YAMLMap, key: string) {
  const container = containerOf(at(node, "container"));
  const shell =
    textAt(node, "defaults", "run", "shell") ?? textAt(file.root, "defaults", "run", "shell");
  const folder =
    textAt(node, "defaults", "run", "working-directory") ??
    textAt(file.root, "defaults", "run", "working-directory");
  return {
    key,
    file: file.path,
    env: { ...textsAt(file.root, "env"), ...textsAt(node, "env") },
    steps: stepsOf(at(node, "steps"), file.lines),
    services: servicesOf(at(node, "services")),
    ...(container && { container }),
    ...(shell && { shell }),
    ...(folder && { working_directory: folder }),
  };
}

function containerOf(node: unknown): Container | undefined {
  if (node === undefined) return undefined;
  if (!isMap(node)) return { image: String(node), env: {} };
  return { image: textAt(node, "image") ?? "", env: textsAt(node, "env") };
}

function servicesOf(node: unknown): Record<string, Container> {
  return Object.fromEntries(
    keysOf(node).map((key) => [key, containerOf(at(node, key)) ?? { image: "", env: {} }]),
  );
}

/** The legs of a matrix: the product of its lists, with `include` as further legs. */
function legsOf(node: YAMLMap): Scalars[] {
  const matrix = at(node, "strategy", "matrix");
  if (!isMap(matrix)) return [];
  const { include = [], ...lists } = matrix.toJSON() as Record<string, Scalar[]>;
  let legs: Record<string, Scalar>[] = [{}];
  for (const [name, values] of Object.entries(lists)) {
    legs = legs.flatMap((leg) => values.map((value) => ({ ...leg, [name]: value })));
  }
  const first = Object.keys(lists).length === 0 ? [] : legs;
  return [...first, ...(include as unknown as Scalars[])];
}

const sameLeg = (a: Scalars, b: Scalars) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, value]) => b[name] === value);

/** The name with its expressions, or the key with the leg's values in parentheses. */
function displayName(node: YAMLMap, key: string, leg: Scalars | null): string {
  const name = textAt(node, "name");
  if (name !== undefined) return evaluate(name, { matrix: leg ?? {} });
  return leg ? `${key} (${Object.values(leg).join(", ")})` : key;
}

function inputsOf(root: YAMLMap, given: Texts, leg: Scalars | null): Scalars {
  const declared = at(root, "on", "workflow_call", "inputs");
  return Object.fromEntries(
    keysOf(declared).map((name) => {
      const text = given[name] ?? textAt(declared, name, "default") ?? "";
      return [name, evaluate(text, { matrix: leg ?? {} })];
    }),
  );
}
