const second = 1e6;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const units = { ms: 1e3, s: second, m: minute, min: minute, h: hour, d: day } as const;

/** How long, to two or three digits: `430 µs`, `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(us: number): string {
  if (us < 0) return `-${duration(-us)}`;
  if (us < 999.5) return `${Math.round(us)} µs`;
  if (us < 0.9995 * second) return `${Math.round(us / 1000)} ms`;
  if (us < 9.95 * second) return `${(us / second).toFixed(1)} s`;
  const seconds = Math.round(us / second);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long before `now_us`, roughly: `just now`, `3 min ago`, `2 days ago`. */
export function ago(time_us: number, now_us: number): string {
  const us = now_us - time_us;
  if (us < -minute) return utc(time_us);
  if (us < 10 * second) return "just now";
  if (us < minute) return `${Math.floor(us / second)} s ago`;
  if (us < hour) return `${Math.floor(us / minute)} min ago`;
  if (us < day) return `${Math.floor(us / hour)} h ago`;
  const days = Math.floor(us / day);
  return days === 1 ? "1 day ago" : `${days} days ago`;
}

/** `2026-11-23 12:55:03 UTC`; the same everywhere, so that reports can be compared. */
export const utc = (time_us: number): string =>
  `${new Date(time_us / 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Time since the start of a job: `+0.001234`, in seconds, for sorting and for `--since`. */
export const offset = (time_us: number, started_us: number): string =>
  `+${((time_us - started_us) / second).toFixed(6)}`;

/**
 * Reads `10s`, `2m`, `1.5h`, `250ms` as a time since `started_us`, and an ISO date and time as
 * itself; one without a zone is UTC.
 *
 * @returns Unix microseconds; undefined when it is neither
 */
export function timeFrom(text: string, started_us: number): number | undefined {
  const [, amount, unit] = /^\+?(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?$/.exec(text) ?? [];
  if (amount) return started_us + Number(amount) * units[(unit ?? "s") as keyof typeof units];
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z| UTC|[+-]\d\d:\d\d)?$/.test(text)) {
    return undefined;
  }
  const iso = text.replace(" UTC", "Z").replace(" ", "T");
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(iso.slice(10));
  const ms = Date.parse(hasZone || iso.length === 10 ? iso : `${iso}Z`);
  return Number.isNaN(ms) ? undefined : ms * 1000;
}
