import { type CredentialStore, librariesAt, storeOf } from "./credential_stores.ts";

/** What a path tells by itself. */
export interface Glance {
  readonly path: string;
  readonly store: CredentialStore | undefined;
  /** The families whose client library it is code of. */
  readonly libraries: number;
}

/** Several signatures ask one after the other about the same event: it is looked at once. */
export function glance(path: string): Glance {
  if (path !== last.path) last = look(path);
  return last;
}
let last: Glance = { path: "", store: undefined, libraries: 0 };

/** What most files of a build are, their suffix tells, and no store is called like code. */
function look(path: string): Glance {
  const suffix = path.slice(path.lastIndexOf(".") + 1);
  if (code.has(suffix)) return { path, store: undefined, libraries: librariesAt(path) };
  if (noStore.has(suffix)) return { path, store: undefined, libraries: 0 };
  return { path, store: storeOf(path), libraries: 0 };
}
const code = new Set("py pyc js cjs mjs jar".split(" "));
const noStore = new Set(
  "c h cc cpp hpp hh cxx o a so d S s rs rlib rmeta go ts tsx mts map md java class html css 0 1 2 3 4 5 6".split(
    " ",
  ),
);
