/** What a `uses:` says. */
export type Uses =
  | {
      readonly kind: "repository";
      /** `owner/repo`. */
      readonly repository: string;
      /** Folder inside of the repository; empty for its root. */
      readonly path: string;
      readonly ref: string;
    }
  | { readonly kind: "local" /** Below the workspace, without `./`. */; readonly path: string }
  | { readonly kind: "docker"; readonly image: string };

/** @returns undefined for what is none of the known forms */
export function parseUses(uses: string): Uses | undefined {
  if (uses.length > longestUses) return undefined;
  if (uses.startsWith("docker://")) return { kind: "docker", image: uses.slice(9) };
  if (uses.startsWith("./")) return { kind: "local", path: tidy(uses) };
  const at = uses.indexOf("@");
  const [owner, repository, ...path] = uses.slice(0, Math.max(at, 0)).split("/");
  const ref = uses.slice(at + 1);
  if (!owner || !repository || !ref || owner === "$" || owner.startsWith(".")) return undefined;
  return {
    kind: "repository",
    repository: `${owner}/${repository}`,
    path: tidy(path.join("/")),
    ref,
  };
}

/** One spelling for what is the same action, to look its manifest up. */
export function usesText(uses: Uses): string {
  if (uses.kind === "docker") return `docker://${uses.image}`;
  if (uses.kind === "local") return `./${uses.path}`;
  const { repository, path, ref } = uses;
  return `${repository}${path && `/${path}`}@${ref}`;
}

/** @returns the one spelling of a `uses:`, or the text as it is when its form is not known */
export function tidyUses(text: string): string {
  const uses = parseUses(text);
  return uses ? usesText(uses) : text;
}

/** A path without `.`, `..`, double and outer slashes; what leads out of its start stays as it is. */
export function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

const longestUses = 1024;
