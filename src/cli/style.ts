import { styleText } from "node:util";
import type { Severity } from "../engine/severity.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours text that is already inert; gives it back as it is where there is no colour. */
export type Paint = (style: Style, text: string) => string;

export const painter = (colour: boolean): Paint =>
  colour
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;

export const severityStyle = {
  critical: ["bold", "white", "bgRed"],
  high: ["bold", "red"],
  medium: "yellow",
  low: "cyan",
  info: "gray",
} as const satisfies Record<Severity, Style | readonly Style[]>;
