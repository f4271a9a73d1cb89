import assert from "node:assert/strict";
import { compile, secret, stores } from "../stores.ts";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, new RegExp(secret), stderr);
const found = {
  ...{ signature: "JW-120", severity: "medium", behaviour: "credential_access" },
} as const satisfies Partial<Variant["found"]>;

const shell = (text: string) => (): string[] => ["sh", "-c", text];
const python = (text: string) => (): string[] => ["python3", "-c", text];
const withStores =
  (...names: string[]) =>
  (place: Place) =>
    stores(place, ...names);

/** Opens its argument, and shows it in a way that its build chose. */
const shows = (body: string) => `#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
int main(int count, char **args) { char *home = getenv("HOME"); (void)home; ${body} return 0; }`;

const deep = shows(`
  char path[4000];
  chdir(home);
  int dir = open(".", O_DIRECTORY | O_PATH);
  strcpy(path, "");
  for (int i = 0; i < 300; i++) strcat(path, ".aws/../");
  strcat(path, ".aws/credentials");
  int fd = openat(dir, path, O_RDONLY);
  char *bytes = mmap(0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
  write(1, bytes, strlen(bytes));`);

const sends = shows(`
  int pair[2]; char bytes[100];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  int key = open(args[1], O_PATH);
  char path[40];
  sprintf(path, "/proc/self/fd/%d", key);
  sendfile(pair[1], open(path, O_RDONLY), 0, 64);
  write(1, bytes, read(pair[0], bytes, sizeof(bytes)));`);

const byHandle = shows(`
  struct { struct file_handle h; char room[128]; } f = { .h.handle_bytes = 128 };
  int mount;
  name_to_handle_at(AT_FDCWD, args[1], &f.h, &mount, 0);
  char bytes[100];
  int fd = open_by_handle_at(open(home, O_RDONLY), &f.h, O_RDONLY);
  write(1, bytes, read(fd, bytes, sizeof(bytes)));`);

const byOpenat2 = shows(`
  struct { unsigned long long flags, mode, resolve; } how = { 0, 0, 0x08 | 0x02 };
  char bytes[100];
  chdir(home);
  int fd = syscall(437, open(".gnupg/..", O_RDONLY), ".git-credentials", &how, sizeof(how));
  write(1, bytes, read(fd, bytes, sizeof(bytes)));`);

export const variants: Variant[] = [
  {
    name: "cat shows a private key",
    prepare: withStores(".ssh/id_ed25519"),
    command: shell("cat ~/.ssh/id_ed25519"),
    happened,
    found: { ...found, program: "/cat", message: /SSH keys.*\.ssh\/id_ed25519/ },
  },
  {
    name: "python reads npm's tokens",
    prepare: withStores(".npmrc"),
    command: python("import os; print(open(os.path.expanduser('~/.npmrc')).read())"),
    happened,
    found: { ...found, program: "/python3.11", message: /npm's tokens/ },
  },
  {
    name: "node reads the registry logins of Docker",
    prepare: withStores(".docker/config.json"),
    command: ({ home }) => [
      "node",
      "-e",
      `console.log(require("fs").readFileSync("${home}/.docker/config.json", "utf8"))`,
    ],
    happened,
    found: { ...found, program: "/node", message: /registry logins/ },
  },
  {
    name: "base64 through a symbolic link to the directory",
    prepare: withStores(".aws/credentials"),
    command: shell("ln -s ~/.aws innocent && base64 -w0 innocent/credentials | base64 -d"),
    happened,
    found: { ...found, program: "/base64", message: /AWS credentials: .*\/home\/\.aws\/cred/ },
  },
  {
    name: "a hard link with another name",
    prepare: withStores(".kube/config"),
    command: shell("ln ~/.kube/config notes.txt && cat notes.txt"),
    happened,
    found: { ...found, program: "/cat", message: /Kubernetes credentials, which has another name/ },
  },
  {
    name: "a renamed directory",
    prepare: withStores(".config/gh/hosts.yml"),
    command: shell("mv ~/.config/gh/hosts.yml x && cat x"),
    happened,
    found: { ...found, program: "/cat", message: /GitHub CLI's token/ },
  },
  {
    name: "a whole directory is moved, then read",
    prepare: withStores(".azure/msal_token_cache.json"),
    command: shell("mv ~/.azure harmless && cat harmless/msal_token_cache.json"),
    happened,
    found: { ...found, program: "/cat", message: /Azure credentials/ },
  },
  {
    name: "by way of the process's own root",
    prepare: withStores(".netrc"),
    command: shell("cat /proc/self/root$HOME/./.netrc"),
    happened,
    found: { ...found, program: "/cat", message: /\.netrc/ },
  },
  {
    name: "tar packs the directory",
    prepare: withStores(".ssh/id_rsa"),
    command: shell("tar cf - -C ~ .ssh | tar xOf -"),
    happened,
    found: { ...found, program: "/tar", message: /SSH keys/ },
  },
  {
    name: "dd under the name of an owner",
    prepare: withStores(".ssh/id_rsa"),
    command: shell(`cp "$(command -v dd)" ssh && ./ssh if=$HOME/.ssh/id_rsa`),
    happened,
    found: { ...found, program: "/ssh", message: /SSH keys/ },
  },
  {
    name: "git shows a file that is not its own",
    prepare: withStores(".ssh/id_rsa"),
    command: shell("git --no-pager diff --no-index /dev/null ~/.ssh/id_rsa; true"),
    happened,
    found: { ...found, program: "/git", message: /SSH keys/ },
  },
  {
    name: "C maps it, by a deep relative path below a descriptor",
    prepare: (place) => {
      compile(place, "probe", deep);
      return stores(place, ".aws/credentials");
    },
    command: () => ["./probe"],
    happened,
    found: { ...found, program: "/probe", message: /AWS credentials/ },
  },
  {
    name: "C opens it without access, opens that again, and sends it by the kernel",
    prepare: (place) => {
      compile(place, "probe", sends);
      return stores(place, ".pypirc");
    },
    command: ({ home }) => ["./probe", `${home}/.pypirc`],
    happened,
    found: { ...found, program: "/probe", message: /PyPI/ },
  },
  {
    name: "C opens it by its handle",
    prepare: (place) => {
      compile(place, "probe", byHandle);
      return stores(place, ".vault-token");
    },
    command: ({ home }) => ["./probe", `${home}/.vault-token`],
    happened,
    found: { ...found, program: "/probe", message: /Vault token/ },
  },
  {
    name: "C opens it by openat2",
    prepare: (place) => {
      compile(place, "probe", byOpenat2);
      return stores(place, ".git-credentials", ".gnupg/pubring.kbx");
    },
    command: () => ["./probe"],
    happened,
    found: { ...found, program: "/probe", message: /git's passwords/ },
  },
  {
    name: "perl reads the runner's private key",
    prepare: withStores("actions-runner/.credentials_rsaparams"),
    command: () => ["perl", "-e", "print `cat $ENV{HOME}/actions-runner/.credentials_rsaparams`"],
    happened,
    found: { ...found, severity: "critical", program: "/cat", message: /runner's private key/ },
  },
  {
    name: "the password hashes of the host, by a shell alone",
    command: () => [
      "bash",
      "-c",
      "while read -r l; do n=$((n+1)); done </etc/shadow; echo $n lines",
    ],
    happened: ({ stdout }) => assert.match(stdout, /^[1-9]\d* lines/),
    found: { ...found, severity: "high", program: "/bash", message: /password hashes/ },
  },
  {
    name: "a bind mount, after its owner used it",
    prepare: withStores(".config/gcloud/application_default_credentials.json"),
    command: shell(
      "base64 ~/.config/gcloud/application_default_credentials.json >/dev/null; mkdir m;" +
        'unshare -m sh -c "mount --bind ~/.config/gcloud m && cat m/a*"',
    ),
    happened,
    found: { ...found, program: "/cat", message: /Google Cloud credentials, which has another/ },
  },
];
