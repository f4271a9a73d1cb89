/** What kind of place a file is in, as far as that matters for code that lies there. */
export type FilePlace = "shared_memory" | "hidden" | "temporary" | "system" | "package" | "other";

const inSharedMemory = /^(\/dev\/(shm|mqueue)|\/run\/(shm|lock)|\/dev)\//;
const inTemporary = /^(\/private)?(\/tmp|\/var\/tmp|\/usr\/tmp|\/run\/user\/\d+)\//;
const inSystem = /^\/(usr|bin|sbin|lib|lib32|lib64|opt|snap|nix|gnu|etc\/alternatives)\//;
const inPackage =
  /\/(node_modules|site-packages|dist-packages|vendor\/bundle|_tool|hostedtoolcache|toolcache)\/|\/\.(cargo|rustup|nvm|bun|deno|pyenv|rbenv|asdf|volta|sdkman|gradle|m2|npm|cache|local|pub-cache|nuget|dotnet|terraform|tfenv|venv|tox|nox|tools|bin|build|yarn|pnpm-store|direnv|devbox|mise|proto|moon|nx|turbo|config|git|github|dart_tool|stack-work|cabal|ghcup|opam|nimble|julia|conda|mamba|pixi|eggs|pytest_cache|husky|aws-sam|serverless|wrangler|vercel|netlify|android|konan|ivy2|sbt|coursier|swiftpm|krew|helm|minikube|docker|ccache|sccache)\//;

/** Where installers put a tool for one user, also where the home is temporary. */
const inToolOfHome = /\/home\/(\w[^/]*\/)?\.[^/]+\/bin\/\w/;

/** Hidden directories of temporary places that known programs make for themselves. */
const knownHidden = /^\.(mount_|X11-|ICE-|XIM-|font-|Test-|private|pnp|dotnet|org\.chromium|com\.)/;

/** Where a runner keeps what its jobs work on: where that itself lies is the host's choice. */
const work = "/_work/";

/** @param path as the kernel resolved it */
export function placeOf(path: string): FilePlace {
  if (inSharedMemory.test(path)) return "shared_memory";
  const inWork = path.indexOf(work);
  const isTemporary = inWork < 0 && inTemporary.test(path);
  const names = path.slice(Math.max(inWork, 0)).split("/");
  const name = names.at(-1) ?? "";
  if (isHiddenName(name) && !/-wrapped_*$/.test(name)) return "hidden";
  if (isTemporary && names.slice(0, -1).some(isHiddenName)) {
    return inPackage.test(path) || inToolOfHome.test(path) ? "temporary" : "hidden";
  }
  if (inPackage.test(path)) return "package";
  if (isTemporary) return "temporary";
  return inSystem.test(path) ? "system" : "other";
}

const isHiddenName = (name: string): boolean =>
  /^\.[^.]/.test(name) && !knownHidden.test(name) && name !== ".libs" && name !== ".build";

/** For a reader: where that is. */
export const placeText: Readonly<Record<FilePlace, string>> = {
  shared_memory: "in shared memory",
  hidden: "in a hidden place",
  temporary: "in a temporary place",
  system: "among the system's programs",
  package: "among packages",
  other: "in a directory of the job",
};
