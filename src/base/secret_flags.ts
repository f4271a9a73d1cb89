import type { Hide } from "./secret_text.ts";

/** Short options that hold a password, where the program makes it certain. */
interface ShortFlags {
  /** The value is the rest of the same argument. */
  readonly attached?: RegExp;
  /** The value is the next argument. */
  readonly separate?: RegExp;
  /** The value is `user:password`, and the user stays. */
  readonly pair?: true;
}

const mysql: ShortFlags = { attached: /^-p(?=.)/s };
const curl: ShortFlags = {
  attached: /^(?:-[uU](?=.)|--(?:proxy-)?user=)/s,
  separate: /^(?:-[A-Za-z]{0,6}[uU]|--(?:proxy-)?user)$/,
  pair: true,
};
const zip: ShortFlags = { separate: /^-P$/ };
const sevenZip: ShortFlags = { attached: /^-p(?=.)/s };
const ldap: ShortFlags = { separate: /^-w$/ };

const programs: ReadonlyMap<string, ShortFlags> = new Map([
  ["mysql", mysql],
  ["mysqldump", mysql],
  ["mysqladmin", mysql],
  ["mysqlimport", mysql],
  ["mariadb", mysql],
  ["mariadb-dump", mysql],
  ["mariadb-admin", mysql],
  ["sshpass", { attached: /^-p(?=.)/s, separate: /^-p$/ }],
  ["curl", curl],
  ["7z", sevenZip],
  ["7za", sevenZip],
  ["7zr", sevenZip],
  ["zip", zip],
  ["unzip", zip],
  ["redis-cli", { separate: /^-a$/ }],
  ["ldapsearch", ldap],
  ["ldapmodify", ldap],
  // docker login, podman login, helm registry login …
  ["login", { separate: /^-p$/ }],
]);

/** What a script must have in it for its words to be worth a look. */
export const namesProgram = new RegExp(`\\b(?:${[...programs.keys()].join("|")})\\b`);

const longestProgram = 256;

/**
 * Follows the words of one command line, so that it knows whose option a `-p` is. A program may
 * stand behind others, as in `sudo mysql -pX`.
 *
 * @returns a function that takes the words one by one, and gives what to show for one that holds a
 *   secret; undefined for all others
 */
export function flagWatch(hide: Hide): (word: string) => string | undefined {
  let flags: ShortFlags | undefined;
  let isValue = false;

  return (word) => {
    if (isValue) {
      isValue = false;
      return hidden(flags, "", word, hide);
    }
    if (flags && word.startsWith("-")) {
      isValue = flags.separate?.test(word) ?? false;
      const [start] = isValue ? [] : (flags.attached?.exec(word) ?? []);
      return start && hidden(flags, start, word.slice(start.length), hide);
    }
    if (word.length <= longestProgram) {
      flags = programs.get(word.slice(word.lastIndexOf("/") + 1)) ?? flags;
    }
    return undefined;
  };
}

function hidden(
  flags: ShortFlags | undefined,
  start: string,
  value: string,
  hide: Hide,
): string | undefined {
  if (!flags?.pair) return start + hide(value);
  const colon = value.indexOf(":");
  // `curl -u name` asks for the password.
  if (colon < 0 || colon === value.length - 1) return undefined;
  return start + value.slice(0, colon + 1) + hide(value.slice(colon + 1));
}
