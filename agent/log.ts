import { fstatSync } from "node:fs";
import { pino, symbols } from "pino";
import type { Log, LogLevel } from "../src/base/log.ts";
import { safeJson } from "../src/cli/json.ts";

/** The agent's own log, whose level can change while it runs. */
export interface AgentLog extends Log {
  setLevel(level: LogLevel): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /**
   * Whether systemd's journal reads it, see `isJournal`: each line then begins with its priority
   * and leaves out the time, which the journal has.
   */
  readonly journal: boolean;
  /** Takes one line with its end; default: standard output. */
  readonly write?: (line: string) => void;
}

/** sd-daemon(3), syslog(3): by pino's number of the level. */
const priorities: Readonly<Record<number, string>> = { 20: "<7>", 30: "<6>", 40: "<4>", 50: "<3>" };

/**
 * The journal cuts lines above 48 KiB in two (LineMax=), the second without a priority. A UTF-16
 * unit has at most three bytes.
 */
const longestLine = 15 << 10;
const keptOfLongLine = 1024;

/**
 * One line of JSON for each thing to say. Whatever a field holds, it is one line, and nothing in it
 * is obeyed by a terminal.
 */
export function makeLog({ level, journal, write = toStdout() }: LogOptions): AgentLog {
  const stream = {
    lastLevel: 0,
    lastMsg: "",
    write(line: string): void {
      const json = safeJson(line.trimEnd());
      const priority = journal ? (priorities[this.lastLevel] ?? "") : "";
      write(`${priority}${json.length > longestLine ? shortened(json, this.lastMsg) : json}\n`);
    },
    // Asks pino to set the two fields above before it writes.
    [symbols.needsMetadataGsym]: true,
  };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: journal ? false : pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    stream,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    setLevel(wanted) {
      logger.level = wanted;
    },
  };
}

/**
 * @param journal_stream the environment variable JOURNAL_STREAM: device and inode of what systemd
 *   connected; it is inherited by programs whose output goes elsewhere
 * @param fd default: standard output
 */
export function isJournal(journal_stream: string | undefined, fd = 1): boolean {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return journal_stream === `${dev}:${ino}`;
}

function shortened(json: string, message: string): string {
  const start = json.slice(0, keptOfLongLine);
  return safeJson(JSON.stringify({ message, start, cut_from: json.length }));
}

/** Waits while standard output is full, so that the last words of a crash are there. */
function toStdout(): (line: string) => void {
  const stdout = pino.destination({ dest: 1, sync: true });
  // Nobody reads the log any more: that ends nothing, what is traced is in the database.
  stdout.on("error", () => {});
  return (line) => void stdout.write(line);
}
