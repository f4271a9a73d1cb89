/**
 * The text of the last job message in the log of a Worker: JSON, as far as masking left it so.
 * @returns undefined when there is none, it has not ended yet, or the log is too long
 */
export function lastMessage(log: string): string | undefined {
  if (log.length > longestLog) return undefined;
  let start: number | undefined;
  for (const { index, 0: line } of log.matchAll(announcement)) start = index + line.length;
  if (start === undefined) return undefined;
  const rest = log.slice(start);
  const next = rest.search(nextLine);
  if (next >= 0) return rest.slice(0, next);
  return hasEnded(rest) ? rest : undefined;
}

/** Without a line after it: the brace of the whole stands where no other does, or it is one line. */
function hasEnded(text: string): boolean {
  return /\n\}\s*$/.test(text.slice(-longestEnd)) || isJson(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Cut, or broken by masking; then the line after it will tell that it has ended.
    return false;
  }
}

const announcement = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ INFO Worker\] Job message:[ \r]*\n/gm;
/** No line of JSON begins so: a string has no newline in it, and an element is indented. */
const nextLine = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ /m;
const longestLog = 16 * 1024 * 1024;
const longestEnd = 100;
