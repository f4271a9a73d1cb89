/**
 * Whether a `ps` was asked to show the environment of processes that are not of its own terminal.
 * It reads that of all processes in any case: procps 4 does so for `ps aux` too.
 *
 * Options without a dash are those of BSD, where `e` shows the environment; behind a dash `e` is all
 * processes, and shows nothing.
 */
export function showsEnvironment(args: readonly string[]): boolean {
  let shows = false;
  let isWide = false;
  for (let at = 1; at < args.length; at++) {
    const option = args[at] ?? "";
    if (isNumbers.test(option) || option.startsWith("--")) isWide = true;
    else if (option.startsWith("-")) {
      // procps takes `-auxe` for `auxe` when there is no user of the name `xe`.
      if (isMistaken.test(option)) shows = isWide = true;
      if (selectsOthers.test(option)) isWide = true;
    } else {
      if (option.includes("e")) shows = true;
      if (selectsOthersBsd.test(option)) isWide = true;
    }
    if (takesValue.test(option)) {
      at++;
      isWide ||= selectsByValue.test(option);
    }
  }
  return shows && isWide;
}

const isNumbers = /^-?\d[\d,]*$/;
const isMistaken = /^-(?=\w*x)[auxwl]*e[auxwl]*$/;
const selectsOthers = /^-\w*[AeadGNu]/;
const selectsOthersBsd = /[axprU]/;
/** The last letter of joined options takes the next word. */
const takesValue = /^-?[a-zA-Z]*[oOkpqtUuGgsC]$/;
const selectsByValue = /[pqUuGgsCt]$/;
