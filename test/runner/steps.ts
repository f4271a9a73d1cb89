import { isMap, isSeq, type LineCounter, type YAMLMap } from "yaml";
import type { Place, Step, StepPlaces } from "./plan.ts";
import { stepIds } from "./step_ids.ts";
import { at, keysOf, pairAt, placeOf, textAt, textsAt } from "./yaml_nodes.ts";

/** The entries of a `steps:` list, of a job or of a composite action. */
export function stepsOf(node: unknown, lines: LineCounter): Step[] {
  if (!isSeq(node)) return [];
  const maps = node.items.filter(isMap) as YAMLMap[];
  const ids = stepIds(maps.map((map) => ({ id: textAt(map, "id"), uses: textAt(map, "uses") })));
  return maps.map((map, position) => stepOf(map, position, ids[position] ?? "", lines));
}

function stepOf(map: YAMLMap, position: number, id: string, lines: LineCounter): Step {
  const texts = {
    name: textAt(map, "name"),
    uses: textAt(map, "uses"),
    run: textAt(map, "run"),
    shell: textAt(map, "shell"),
    working_directory: textAt(map, "working-directory"),
  };
  const wait = waitOf(map);
  return {
    position,
    id,
    ...(Object.fromEntries(
      Object.entries(texts).filter(([, text]) => text !== undefined),
    ) as Partial<Step>),
    condition: textAt(map, "if") ?? "success()",
    with: textsAt(map, "with"),
    env: textsAt(map, "env"),
    continue_on_error: textAt(map, "continue-on-error") === "true",
    background: textAt(map, "background") === "true",
    ...(wait && { wait }),
    line: lineOf(map, lines),
    places: placesOf(map, lines),
  };
}

/** `wait: id`, `wait: [ids]` or `wait-all: true`. */
function waitOf(map: YAMLMap): readonly string[] | "all" | undefined {
  if (textAt(map, "wait-all") === "true") return "all";
  const wait = at(map, "wait");
  if (wait === undefined) return undefined;
  return isSeq(wait) ? (wait.toJSON() as string[]) : [String(wait)];
}

function lineOf(map: YAMLMap, lines: LineCounter): number {
  const pair = pairAt(map, "run") ?? pairAt(map, "uses");
  return placeOf(pair?.key ?? map, lines)?.line ?? 0;
}

function placesOf(map: YAMLMap, lines: LineCounter): StepPlaces {
  const place = (key: string, of: YAMLMap = map): Place | undefined =>
    placeOf(pairAt(of, key)?.value, lines);
  const inputs = at(map, "with");
  const [name, run, given] = [place("name"), place("run"), place("with")];
  return {
    ...(name && { name }),
    ...(run && { run }),
    ...(given && { with: given }),
    inputs: Object.fromEntries(
      keysOf(inputs).flatMap((key) => {
        const found = place(key, inputs as YAMLMap);
        return found ? [[key, found]] : [];
      }),
    ),
  };
}
