import { commandData, commandProperty, cutUnits } from "./escape.ts";

/** The commands that make an annotation of the job. */
export type AnnotationKind = "error" | "warning" | "notice";

/** What an annotation says beside its message. */
export interface AnnotationProperties {
  readonly title: string;
  readonly file?: string;
  readonly line?: number;
}

// What the runner keeps of a message, and GitHub of a title, in UTF-16 units.
const longestMessage = 4096;
const longestTitle = 255;

/**
 * A workflow command that shows an annotation, as one line.
 * @param message a line each; anything in them is inert
 */
export function annotation(
  kind: AnnotationKind,
  { title, file, line }: AnnotationProperties,
  ...message: readonly string[]
): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${commandProperty(file)}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
    `title=${commandProperty(cutUnits(title, longestTitle))}`,
  ];
  return `::${kind} ${properties.join(",")}::${commandData(message, longestMessage)}`;
}
