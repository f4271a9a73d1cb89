/*
 * How the runner reads a line of a step's output, from its documentation and behaviour: a stand-in
 * for tests. It obeys more than the runner does: characters that count as nothing in a comparison by
 * culture are taken out first, and every name is a command.
 */

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** @returns the command that the runner would obey; undefined for a line that it only prints */
export function commandOf(line: string): Command | undefined {
  const seen = line.replace(/[\p{Cf}\p{Mn}\p{Cc}]/gu, "").trimStart();
  return newCommand(seen) ?? oldCommand(seen);
}

function newCommand(line: string): Command | undefined {
  const [, head = "", data = ""] = line.match(/^::(.*?)::(.*)$/su) ?? [];
  if (!head) return undefined;
  const space = head.indexOf(" ");
  const name = space < 0 ? head : head.slice(0, space);
  const pairs = space < 0 ? [] : head.slice(space + 1).split(",");
  const properties = pairs.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), decoded(pair.slice(at + 1))] as const;
  });
  return { name, properties: Object.fromEntries(properties), data: decoded(data) };
}

/** The older form is obeyed wherever it stands in the line. */
function oldCommand(line: string): Command | undefined {
  const [, name = "", data = ""] = line.match(/##\[([^\]]*)\](.*)$/su) ?? [];
  return name ? { name, properties: {}, data } : undefined;
}

const decoded = (text: string): string =>
  text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
