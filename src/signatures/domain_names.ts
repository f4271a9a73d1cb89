/** Names that machines have among themselves, or that are made of addresses; lower case. */
const withoutOwner =
  /(^|\.)(arpa|internal|cluster\.local|svc|local|localhost|localdomain|consul|lan)$/;

/**
 * Names of hosting providers, below which everybody's names stand, hashed ones among them. Who
 * rents a name there does not get to answer the questions for it.
 */
const shared = new RegExp(
  "(^|\\.)(amazonaws\\.com|amazonaws\\.com\\.cn|cloudfront\\.net|windows\\.net|azureedge\\.net|azure\\.com|" +
    "azure\\.net|azurecr\\.io|cloudapp\\.net|trafficmanager\\.net|akadns\\.net|akamai\\.net|akamaized\\.net|" +
    "akamaiedge\\.net|edgesuite\\.net|edgekey\\.net|fastly\\.net|fastlylb\\.net|cloudflare\\.net|" +
    "cloudflarestorage\\.com|googleapis\\.com|googleusercontent\\.com|googlevideo\\.com|gvt1\\.com|1e100\\.net|" +
    "github\\.io|githubusercontent\\.com|gitlab\\.io|pages\\.dev|workers\\.dev|r2\\.dev|herokuapp\\.com|" +
    "vercel\\.app|netlify\\.app|appspot\\.com|run\\.app|web\\.app|firebaseapp\\.com|docker\\.io|quay\\.io)$",
);

/** A name, divided where it was registered. */
export interface DividedName {
  /** What somebody registered, and whose servers are asked in the end; lower case. */
  readonly domain: string;
  /** The labels before it, as they were asked for. */
  readonly labels: readonly string[];
}

/** @returns undefined for a name that nobody in particular answers for */
export function divided(name: string): DividedName | undefined {
  const lower = name.toLowerCase();
  if (withoutOwner.test(lower) || shared.test(lower)) return undefined;
  const labels = name.split(".");
  const length = /(^|\.)(com?|org|net|gov|edu|ac|ne|or|go)\.[a-z]{2}$/.test(lower) ? 3 : 2;
  if (labels.length <= length) return undefined;
  const own = labels.splice(-length);
  return { domain: own.join(".").toLowerCase(), labels };
}

// Words that people join are shorter, or have a dash between; a number of a build is shorter.
const shortest = 16;

/**
 * How many bytes of a label look like data: hexadecimal, base32 or base64, whose letters and digits
 * are mixed as in no name that a person has given.
 */
export function encodedLength(label: string): number {
  const longest = label.split(/[-_]/).reduce((a, b) => (b.length > a.length ? b : a), "");
  if (longest.length < shortest) return 0;
  if (/^[0-9a-f]+$/i.test(longest) && /\d/.test(longest)) return label.length;
  return mixes(longest) >= longest.length / 8 || entropy(longest) > 3.9 ? label.length : 0;
}

/** How often a digit follows a letter, or a small letter stands before a capital. */
const mixes = (text: string): number => text.match(/[a-z](?=[\dA-Z])|\d(?=[a-zA-Z])/g)?.length ?? 0;

/** Bits in a character, by how often each comes. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
