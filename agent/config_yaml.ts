import { type LineCounter, parseDocument, type YAMLError } from "yaml";
import { printable } from "../src/base/escape_terminal.ts";

/**
 * The root node of a YAML text; undefined when it is empty, or not understood, which is reported.
 * Aliases stay what they are: nothing is expanded.
 *
 * @param reportAt takes the offset in the text, and what is wrong there
 */
export function rootOf(
  text: string,
  lineCounter: LineCounter,
  reportAt: (offset: number, message: string) => void,
): unknown {
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false, // the place is reported beside the message
    resolveKnownTags: false, // no tag of YAML 1.1 makes something else of a text
    uniqueKeys: false, // checked by the reader, in linear time and by name
  });
  if (document.directives?.yaml.version !== "1.2") {
    reportAt(0, "the file is written in another version of YAML; allowed: 1.2");
    return undefined;
  }
  const mistakes = [...document.errors, ...document.warnings];
  const tooDeep = mistakes.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  for (const mistake of tooDeep ? [tooDeep] : mistakes) {
    reportAt(mistake.pos[0], inOurWords(mistake));
  }
  return mistakes.length > 0 ? undefined : document.contents;
}

/** What the parser says, unless its words are for programmers. */
function inOurWords({ code, message }: YAMLError): string {
  if (code === "RESOURCE_EXHAUSTION") return "the text is nested too deeply";
  if (code === "MULTIPLE_DOCS") return "a second document begins; allowed: one";
  return printable(message);
}
