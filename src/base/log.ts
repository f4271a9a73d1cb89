/** Least first. What is below the wanted level is not written. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** What a line is about, by name; values may come from a job, so they are never part of the text. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a program says what it does. The message is a fixed sentence; what varies is in fields. */
export type Log = { readonly [L in LogLevel]: (fields: LogFields, message: string) => void };
