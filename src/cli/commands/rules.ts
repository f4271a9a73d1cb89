import { printable } from "../../base/escape_terminal.ts";
import type { UserRules } from "../../signatures/user_rules.ts";
import { defineCommand, jsonOption, rulesOption } from "../command.ts";
import type { Terminal } from "../context.ts";
import { printJson, printLines } from "../print.ts";
import { painter, severityStyle } from "../style.ts";
import { type Row, tableLines } from "../table.ts";
import { counted } from "../text.ts";

export const rules = defineCommand({
  name: "rules",
  summary: "List this host's own rules, and say which of them cannot be used.",
  notes: [
    "A directory may have Sigma rules for Linux (.yml, .yaml; categories process_creation, " +
      "file_event, network_connection, dns_query), and modules (.ts, .mjs, .js) that export signatures, a list " +
      "of what defineSignature takes, with ids such as CUSTOM-1. All of it must belong to root.",
    "A rule's behaviours are those of its tags jobwarden.BEHAVIOUR, or follow from its ATT&CK tags.",
  ],
  positionals: [],
  options: {
    rules: rulesOption,
    json: { ...jsonOption, help: "Print JSON, one rule on each line" },
  },
  examples: [
    { line: "jobwarden rules", does: "The rules that the agent uses." },
    { line: "jobwarden rules --rules ./sigma", does: "Tries rules before they are installed." },
  ],
  exits: { 3: "A rule cannot be used." },

  run({ rules: directory, json }, _positionals, { out, loadRules }) {
    const loaded = loadRules(directory);
    if (json) printJson(out, records(loaded));
    else printLines(out, lines(loaded, out));
    return loaded.refused.length === 0 ? 0 : 3;
  },
});

function* records({ signatures, sources, refused }: UserRules): Generator<unknown> {
  for (const { id, title, severity, behaviours, events } of signatures) {
    yield { type: "rule", id, title, severity, behaviours, events, path: sources.get(id) };
  }
  for (const one of refused) yield { type: "refused", ...one };
}

function* lines({ signatures, sources, refused }: UserRules, out: Terminal): Generator<string> {
  const paint = painter(out.colour);
  const rows = signatures.map(
    ({ id, title, severity }): Row => [
      { text: severity, style: severityStyle[severity] },
      id,
      title,
      sources.get(id) ?? "",
    ],
  );
  const columns = ["SEVERITY", "ID", "TITLE", "FILE"].map((title) => ({ title }));
  if (rows.length > 0) yield* tableLines(columns, rows, out);
  for (const { path, why } of refused) {
    yield `${paint("red", "refused")}  ${printable(path)}: ${printable(why)}`;
  }
  yield `${counted(rows.length, "rule")} in use, ${refused.length} refused`;
}
