import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

/** Lowest first. A file imports from its own layer and from those before it. */
const layers = [
  "src/base",
  "src/events",
  "src/jobs",
  "src/engine",
  "src/signatures",
  "src/store",
  "src/report",
  "src/cli",
  "agent",
];

/** Lists are written out; each is compared with the definitions in its folder. */
const lists = [
  { folder: "src/events", list: "src/events/index.ts", definition: /= defineEvent\(/ },
  {
    folder: "src/events/notices",
    list: "src/events/notices/index.ts",
    definition: /= defineEvent\(/,
  },
  { folder: "src/signatures", list: "src/signatures/index.ts", definition: /= defineSignature\(/ },
  {
    folder: "src/cli/commands",
    list: "src/cli/commands/index.ts",
    definition: /= defineCommand\(/,
  },
  { folder: "src/store/migrations", list: "src/store/open.ts", definition: /^export /m },
];

for (const layer of layers) {
  test(`${layer} is there and imports downwards only`, () => {
    for (const file of sourcesBelow(layer)) {
      for (const target of importsOf(file)) {
        assert.ok(mayImport(file, target), `${file} imports ${target}`);
        assert.ok(existsSync(target), `${file} imports ${target}, which does not exist`);
      }
    }
  });
}

test("every folder of src is a layer", () => {
  const folders = readdirSync("src", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`);

  assert.deepEqual(
    folders.filter((folder) => !layers.includes(folder)),
    [],
  );
});

test("what src offers comes from src, and the addon's types from nowhere else", () => {
  const above = importsOf("src/index.ts").filter((target) => !target.startsWith("src/"));
  const aside = importsOf("native/index.ts").filter((target) => !target.startsWith("native/"));

  assert.deepEqual([...above, ...aside], []);
});

for (const { folder, list, definition } of lists) {
  test(`${list} lists every definition in ${folder}`, () => {
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".ts") && name !== "index.ts")
      .map((name) => join(folder, name))
      .filter((file) => definition.test(readFileSync(file, "utf8")));

    const listed = filesUsedBy(list);

    assert.ok(files.length > 0, `${folder} has no definition`);
    assert.deepEqual(
      files.filter((file) => !listed.has(file)),
      [],
    );
  });
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** Paths of our own files, however they are imported; a package is none of ours. */
function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const matches = source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g);
  return [...matches].map(([, target = ""]) => join(dirname(file), target));
}

function mayImport(file: string, target: string): boolean {
  const [from, to] = [layerOf(file), layerOf(target)];
  if (to >= 0) return to <= from;
  // Only the agent may have the addon, or the whole of src at once.
  return layers[from] === "agent" && (target === "native/index.ts" || target === "src/index.ts");
}

function layerOf(file: string): number {
  return layers.findIndex((layer) => file.startsWith(`${layer}/`));
}

/** Files from which `list` imports something that it then uses: an import alone lists nothing. */
function filesUsedBy(list: string): Set<string> {
  const statement = /^import \{([^}]+)\} from "(\.[^"]+)";$/gm;
  const source = readFileSync(list, "utf8");
  const rest = source.replace(statement, "");
  const used = [...source.matchAll(statement)].filter(([, names = ""]) =>
    names.split(",").some((name) => {
      const local = name.trim().split(" as ").at(-1);
      return local && new RegExp(`\\b${local}\\b`).test(rest);
    }),
  );
  return new Set(used.map(([, , target = ""]) => join(dirname(list), target)));
}
