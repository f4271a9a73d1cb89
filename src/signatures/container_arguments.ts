import { baseName } from "./base_name.ts";

/** What the command line of a container client asks for that leads to the host. */
export interface HostAccess {
  readonly what: string;
  readonly severity: "low" | "high";
}

/**
 * What a client of containers is asked to give to a container. Arguments are the caller's word.
 * @param args the first one included
 */
export function hostAccess(path: string, args: readonly string[]): HostAccess | undefined {
  if (!clients.has(baseName(path))) return undefined;
  const at = args.findIndex((arg) => starts.has(arg));
  if (at < 0) return undefined;
  const options = args.slice(at + 1);
  for (const [i, option] of options.entries()) {
    if (!option.startsWith("-")) {
      if (takesValue.test(options[i - 1] ?? "")) continue;
      return undefined; // the image: what comes behind it is the container's own command
    }
    const access = ofOption(option, options[i + 1] ?? "", options);
    if (access) return access;
  }
  return undefined;
}

const clients = new Set("docker podman nerdctl ctr lxc lxc-create finch".split(" "));
const starts = new Set(["run", "create", "exec"]);
/** Options with their value behind them. Of others that have one the value starts with no dash. */
const takesValue = /^(-[a-zA-Z]*[vepwumhlan]|--[a-z][a-z-]*)$/;

function ofOption(option: string, next: string, all: readonly string[]): HostAccess | undefined {
  const [name = "", value = next] = option.split(/=(.*)/s);
  if (name === "--privileged") return value === "false" ? undefined : privileged(all);
  if (/^--(pid|ipc|userns|uts|cgroupns)$/.test(name) && value === "host") {
    return {
      what: `the host's ${name.slice(2)} namespace`,
      severity: name === "--pid" ? "high" : "low",
    };
  }
  if (name === "--cap-add" && strongCapability.test(value)) {
    return { what: `the capability ${value}`, severity: value === "ALL" ? "high" : "low" };
  }
  if (name === "--device" && disk.test(value))
    return { what: `the disk ${value}`, severity: "high" };
  if (/^(-v|--volume)$/.test(name)) return ofMount(value.split(":", 1)[0] ?? "");
  if (name === "--mount") return ofMount(/(?:^|,)(?:source|src)=([^,]*)/.exec(value)?.[1] ?? "");
  return option.startsWith("-v") && option.length > 2 && !option.startsWith("--")
    ? ofMount(option.slice(2).split(":", 1)[0] ?? "")
    : undefined;
}

const strongCapability =
  /^(CAP_)?(ALL|SYS_ADMIN|SYS_MODULE|SYS_RAWIO|SYS_PTRACE|DAC_READ_SEARCH|BPF)$/i;
const disk = /^\/dev\/(sd|vd|xvd|hd|nvme|dm-|mapper\/|mem|kmem)/;
const hostDirectory =
  /^\/+(\.\.?\/*)*$|^\/(etc|root|boot|proc|sys|dev|usr|var|var\/lib|var\/lib\/docker|home|run|lib)\/*$/;
const runtimeSocket = /\/(docker|containerd|podman|crio)\.sock$/;

function ofMount(source: string): HostAccess | undefined {
  if (hostDirectory.test(source)) {
    return { what: `the host's directory ${source}`, severity: isWhole(source) ? "high" : "low" };
  }
  if (!runtimeSocket.test(source)) return undefined;
  return { what: `the socket ${source}, which makes containers`, severity: "low" };
}

/** /dev, /sys and /run are given to hardware tests and to services under test. */
const isWhole = (source: string): boolean => !/^\/(dev|sys|run|home|lib|usr)\/*$/.test(source);

/** Images that need it and are everywhere in builds: emulators, clusters and builders. */
const usualImages =
  /^(docker\.io\/|ghcr\.io\/|quay\.io\/)?(tonistiigi\/binfmt|multiarch\/qemu-user-static|moby\/buildkit|kindest\/node|docker|rancher\/k3s|k3d-io\/\S+|kicbase\/\S+|gcr\.io\/k8s-minikube\/kicbase)([:@]\S*)?$/;

const privileged = (all: readonly string[]): HostAccess => ({
  what: "every right on the host (--privileged)",
  severity: all.some((arg) => usualImages.test(arg)) ? "low" : "high",
});
