/** A kind of credential store: files that hold secrets, and the programs that they belong to. */
export interface CredentialStore {
  /** As people call it: "SSH keys". */
  readonly label: string;
  /** Stores of one family are related: reading two of them is not a sweep. */
  readonly family: string;
  /** The end of the resolved path. Begins with a slash. */
  readonly where: RegExp;
  /** Programs that read it as their own: the file's name, or a script's without its suffix. */
  readonly owners: ReadonlySet<string>;
  /**
   * Owners that a job often installs itself, such as a downloaded kubectl. Of the others none is
   * taken for an owner when the job wrote it.
   */
  readonly brought: boolean;
  /** Packages that read it within any program, by the directory of their code. */
  readonly libraries: readonly string[];
  /** The name alone tells little: a project may have such a file of its own in the work tree. */
  readonly loose: boolean;
  readonly severity: "medium" | "high" | "critical";
}

interface Row {
  readonly owners?: string;
  readonly brought?: boolean;
  readonly libraries?: string;
  readonly loose?: boolean;
  readonly severity?: CredentialStore["severity"];
}

const row = (family: string, label: string, where: RegExp, more: Row = {}): CredentialStore => ({
  ...{ family, label, where },
  owners: new Set(words(more.owners)),
  libraries: words(more.libraries),
  brought: more.brought ?? false,
  loose: more.loose ?? false,
  severity: more.severity ?? "medium",
});

const words = (text = ""): readonly string[] => text.split(" ").filter((word) => word !== "");

const brought = true;
const loose = true;
const ssh =
  "ssh scp sftp sshd sshd-session sshd-auth ssh-keygen ssh-add ssh-agent ssh-keysign ssh-copy-id " +
  "ssh-pkcs11-helper autossh dropbear dropbearkey dbclient ansible ansible-playbook mosh";
const shadow =
  "passwd su sudo sudo-rs su-rs runuser login sshd sshd-session unix_chkpwd unix_update cron crond atd " +
  "useradd userdel usermod groupadd groupdel groupmod groupmems gpasswd newgrp newusers chpasswd " +
  "chgpasswd chage vipw vigr pwck grpck pwconv pwunconv grpconv grpunconv pkexec doas adduser deluser " +
  "addgroup delgroup systemd systemd-sysusers systemd-userdbd systemd-userwork systemd-logind nscd " +
  "sssd polkit-agent-helper-1 busybox expiry sulogin newuidmap newgidmap";
const git =
  "git git-credential-store git-credential-cache git-remote-http git-remote-https git-http-push " +
  "git-http-fetch git-lfs scalar";
const npm = "npm npm-cli npx npx-cli pnpm pnpx yarn yarnpkg corepack bun bunx lerna ncu";
const docker =
  "docker docker-compose docker-buildx docker-scout buildx compose podman buildah skopeo crane " +
  "oras cosign nerdctl ctr regctl buildkitd buildctl kaniko ko img trivy grype syft dive umoci helm " +
  "kind minikube k3d devcontainer act dockerd tilt skaffold";
const kube =
  "kubectl kubectx kubens helm helmfile helm-diff k9s kustomize skaffold flux argocd oc odo tilt " +
  "kind k3d minikube k3s kubeadm kubelet eksctl doctl istioctl linkerd cilium velero stern telepresence " +
  "terraform tofu pulumi devspace werf ct kubeseal clusterctl cmctl kapp ytt hubble aws gcloud az";
const aws =
  "aws aws2 aws_completer awscli sam cdk eksctl terraform tofu terragrunt packer pulumi rclone s3cmd " +
  "s5cmd saml2aws aws-vault chamber copilot ecs-cli serverless sls aws-iam-authenticator vault " +
  "docker-credential-ecr-login s3fs goofys amplify eb";

/** Every store that is known by the place of its files. */
export const credentialStores: readonly CredentialStore[] = [
  row("runner", "the runner's private key", /\/\.credentials_rsaparams$/, {
    ...{ owners: "Runner.Listener Runner.Worker", severity: "critical" },
  }),
  row("runner", "the runner's registration", /\/\.(?:credentials|runner)(?:_migrated)?$/, {
    ...{ owners: "Runner.Listener Runner.Worker", loose, severity: "high" },
  }),
  row("shadow", "the password hashes of this host", /^\/etc\/g?shadow-?$/, {
    ...{ owners: shadow, severity: "high" },
  }),
  row("ssh", "SSH host keys", /\/etc\/ssh\/ssh_host_\w+_key$/, { owners: ssh, severity: "high" }),
  row(
    "ssh",
    "SSH keys",
    /\/\.ssh\/(?!(?:known_hosts|authorized_keys|config|environment|rc|agent)\b)(?![^/]*\.pub$)(?:[^/]+\/)?[^/]+$|\/id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$/,
    {
      owners: ssh,
      libraries: "paramiko asyncssh fabric ansible ssh2 node-ssh pygit2 jsch sshj mina jgit",
    },
  ),
  row(
    "aws",
    "AWS credentials",
    /\/\.aws\/(?:credentials|(?:sso|cli)\/cache\/[^/]+)$|\/\.boto$|\/\.s3cfg$/,
    {
      ...{ owners: aws, brought },
      libraries:
        "boto boto3 botocore aiobotocore awscli @aws-sdk aws-sdk @smithy aws-java-sdk awssdk",
    },
  ),
  row(
    "gcloud",
    "Google Cloud credentials",
    /\/gcloud\/(?:credentials\.db|access_tokens\.db|application_default_credentials\.json|legacy_credentials\/.+)$|\/gha-creds-\w+\.json$/,
    {
      ...{
        owners: "gcloud gsutil bq bq.py terraform tofu pulumi firebase kubectl rclone",
        brought,
      },
      libraries: "google/auth google_auth google-auth google-auth-library googleapis gcloud",
    },
  ),
  row(
    "azure",
    "Azure credentials",
    /\/\.azure\/(?:accessTokens\.json|azureProfile\.json|msal_token_cache\.\w+|service_principal_entries\.\w+)$/,
    {
      ...{ owners: "az azure terraform tofu pulumi azd func pwsh bicep", brought },
      libraries: "azure msal msal_extensions @azure",
    },
  ),
  row(
    "kube",
    "Kubernetes credentials",
    /\/\.kube\/(?:config|cache\/[^/]+token[^/]*)$|\/etc\/kubernetes\/(?:[^/]+\.conf|pki\/.+\.key)$|\/\.rancher\/k3s\.yaml$|\/etc\/rancher\/k3s\/k3s\.yaml$/,
    {
      ...{ owners: kube, brought },
      libraries: "kubernetes kubernetes_asyncio pykube openshift @kubernetes kubernetes-client",
    },
  ),
  row(
    "serviceaccount",
    "a Kubernetes service account's token",
    /\/secrets\/kubernetes\.io\/serviceaccount\/(?:[^/]+\/)?token$/,
    {
      ...{ owners: kube, brought },
      libraries: "kubernetes kubernetes_asyncio pykube openshift @kubernetes kubernetes-client",
    },
  ),
  row(
    "docker",
    "registry logins of Docker",
    /\/\.docker(?:_[\w-]+)?\/config\.json$|\/\.dockercfg$|\/containers\/auth\.json$/,
    {
      ...{ owners: docker, brought },
      libraries: "docker dockerpty testcontainers dockerode docker-java jib podman @devcontainers",
    },
  ),
  row("npm", "npm's tokens", /\/\.npmrc$|\/\.yarnrc\.yml$/, {
    ...{ owners: npm, brought, loose },
    libraries:
      "rc registry-auth-token registry-url @pnpm @npmcli @yarnpkg npm-registry-fetch pacote libnpm npm-conf pnpm renovate semantic-release npm-check-updates",
  }),
  row("pypi", "PyPI's tokens", /\/\.pypirc$|\/pypoetry\/auth\.toml$/, {
    ...{ owners: "pip pip3 twine flit poetry hatch uv pdm setup python-build", brought },
    libraries: "twine flit flit_core poetry hatch",
  }),
  row("cargo", "cargo's tokens", /\/\.cargo\/credentials(?:\.toml)?$/, {
    ...{ owners: "cargo cross rustup", brought },
  }),
  row("gem", "RubyGems' keys", /\/\.gem\/credentials$|\/\.bundle\/config$/, {
    ...{ owners: "gem bundle bundler rake", brought, loose },
    libraries: "bundler rubygems",
  }),
  row("maven", "Maven's passwords", /\/\.m2\/settings(?:-security)?\.xml$/, {
    ...{ owners: "mvn mvnw mvnd maven", brought },
    libraries: "maven aether plexus",
  }),
  row("gradle", "Gradle's properties", /\/\.gradle\/gradle\.properties$/, {
    ...{ owners: "gradle gradlew", brought },
    libraries: "gradle",
  }),
  row("composer", "Composer's tokens", /\/\.?composer\/auth\.json$/, {
    ...{ owners: "composer composer.phar", brought },
    libraries: "composer",
  }),
  row("nuget", "NuGet's passwords", /\/\.nuget\/(?:NuGet\/)?NuGet\.Config$/i, {
    ...{ owners: "dotnet nuget msbuild", brought },
  }),
  row("git", "git's passwords", /\/\.git-credentials$|\/git\/credentials$/, {
    ...{ owners: git, libraries: "dulwich pygit2 isomorphic-git jgit" },
  }),
  row("git", "the checkout's token", /\/git-credentials-[\w-]+\.config$/, {
    ...{ owners: git, libraries: "dulwich pygit2 isomorphic-git jgit git" },
  }),
  row(
    "gitconfig",
    "the checkout's git configuration",
    /\/\.git\/config$|\/\.git\/modules\/.+\/config$/,
    {
      ...{ owners: `${git} cargo go hub gh glab`, brought, loose },
      libraries: "dulwich pygit2 isomorphic-git git jgit parse-git-config setuptools_scm",
    },
  ),
  row(
    "github",
    "GitHub CLI's token",
    /\/gh\/hosts\.yml$|\/\.config\/hub$|\/glab-cli\/config\.yml$/,
    {
      ...{ owners: "gh hub glab git-credential-gh act", brought },
    },
  ),
  row("netrc", "passwords of .netrc", /\/[._]netrc$/, {
    ...{
      owners: `${git} curl wget pip pip3 uv poetry twine conda mamba ftp lftp fetchmail go heroku aria2c http hub nix cargo`,
    },
    libraries: "netrc requests httpx aiohttp httpie urllib3 faraday",
  }),
  row("vault", "a Vault token", /\/\.vault-token$|\/\.vault\/token$/, {
    ...{ owners: "vault bao consul-template envconsul terraform tofu nomad", brought },
    libraries: "hvac",
  }),
  row(
    "terraform",
    "Terraform's tokens",
    /\/\.terraform\.d\/credentials\.tfrc\.json$|\/\.terraformrc$/,
    {
      ...{ owners: "terraform tofu terragrunt", brought },
    },
  ),
  row("pulumi", "Pulumi's tokens", /\/\.pulumi\/credentials\.json$/, { owners: "pulumi", brought }),
  row("database", "database passwords", /\/\.pgpass$|\/\.my\.cnf$|\/\.mylogin\.cnf$|\/\.dbshell$/, {
    owners:
      "psql pg_dump pg_restore pg_dumpall pg_isready pg_basebackup createdb dropdb createuser pgbench " +
      "vacuumdb reindexdb mysql mysqldump mysqladmin mysqlcheck mysqlimport mysqlslap mysqlshow mariadb " +
      "mariadb-dump mariadb-admin mysqld mariadbd mysql_upgrade mysqlsh mysqlbinlog my_print_defaults",
    libraries: "psycopg psycopg2 psycopg2_binary asyncpg pgpass pg pg8000 libpq",
  }),
  row("gnupg", "GnuPG's private keys", /\/\.gnupg\/(?:private-keys-v1\.d\/[^/]+|secring\.gpg)$/, {
    owners: "gpg gpg2 gpg-agent gpgsm gpgconf gpg-connect-agent keyboxd scdaemon gpg-protect-tool",
  }),
  row(
    "passwords",
    "a password store",
    /\/\.password-store\/.+\.gpg$|\/\.config\/op\/config$|\/keyrings\/[^/]+\.keyring$|\.kdbx$|\/kwalletd\/[^/]+$|\/Bitwarden[^/]*\/data\.json$/,
    {
      owners:
        "gpg gpg2 pass gopass op gnome-keyring-daemon kwalletd5 kwalletd6 keepassxc keepassxc-cli bw",
    },
  ),
  row(
    "wallet",
    "a wallet of coins",
    /\/wallet\.dat$|\/\.ethereum\/keystore\/[^/]+$|\/\.electrum\/wallets\/[^/]+$|\/\.config\/solana\/id\.json$|\/\.?[Ee]xodus\/.+\.seco$|\/\.bitcoin\/[^/]+$/,
    { owners: "bitcoind bitcoin-cli bitcoin-qt bitcoin-wallet geth clef electrum solana exodus" },
  ),
  row(
    "browser",
    "a browser's logins",
    /\/(?:logins\.json|key[34]\.db|cookies\.sqlite|signons\.sqlite)$|\/(?:google-chrome|chromium|BraveSoftware|microsoft-edge)[^/]*\/.*\/(?:Login Data|Cookies|Web Data)$/,
    {
      owners:
        "firefox firefox-bin firefox-esr chrome google-chrome chromium chromium-browser brave msedge " +
        "headless_shell chrome-headless-shell thunderbird geckodriver",
      brought,
    },
  ),
  row(
    "dotenv",
    "another project's .env file",
    /\/\.env(?:\.(?!example|sample|template|dist)[\w-]+)?$/,
    {
      loose,
    },
  ),
];

/** Rejects nearly every path at once. */
const mayBeStore = new RegExp(
  credentialStores.map(({ where }) => `(?:${where.source})`).join("|"),
  "i",
);

/** The store that a resolved path belongs to, by its end. */
export const storeOf = (path: string): CredentialStore | undefined =>
  hint.test(path) && mayBeStore.test(path)
    ? credentialStores.find(({ where }) => where.test(path))
    : undefined;

/** Which names of files are worth the long test. */
const hint =
  /\/\.(?!git\/(?!config$|modules)|cache\/|local\/lib|cargo\/reg|npm\/|m2\/rep|rustup\/|nvm\/|pyenv\/)|\/id_|\/etc\/|[._]netrc$|git-cred|gha-creds|\/serviceaccount\/|\/(?:auth|logins)\.json$|\/wallet\.dat$|\.kdbx$|\/key\d\.db$|\.sqlite$|\/gcloud\/|hosts\.yml$|\/keyrings\/|\/(?:Login Data|Cookies|Web Data)$/;

/** Every program that owns some store. */
export const ownerNames: ReadonlySet<string> = new Set(
  credentialStores.flatMap(({ owners }) => [...owners]),
);

const families = [...new Set(credentialStores.map(({ family }) => family))];
// A set of families is a number, which memory can hold.
if (families.length > 31) throw new RangeError("a set of credential families has 31 bits");

/** The set that holds a store's family alone. Sets are joined by `|`. */
export const familyOf = ({ family }: CredentialStore): number => 1 << families.indexOf(family);

/** Names of the families in a set. */
export const familiesIn = (set: number): readonly string[] =>
  families.filter((_, at) => (set >> at) & 1);

/** The place of a store in the table plus 1, by which memory names it. */
export const numberOf = (store: CredentialStore): number => credentialStores.indexOf(store) + 1;

export const storeNumbered = (number: number | undefined): CredentialStore | undefined =>
  number ? credentialStores[number - 1] : undefined;

/** The families that a package is the client of, by the directory or archive of its code. */
export function librariesAt(path: string): number {
  // Of Python itself.
  if (path.endsWith("/netrc.py") || path.includes("/netrc.cpython-")) return netrcBit;
  const jar = path.endsWith(".jar");
  const start = jar
    ? path.lastIndexOf("/") + 1
    : Math.max(after(path, "/node_modules/"), after(path, "-packages/"));
  if (start === 0) return 0;
  if (jar) return libraries.get(path.slice(start).replace(/-\d[^-]*.*$|\.jar$/, "")) ?? 0;
  const end = path.indexOf("/", start);
  if (end < 0) return 0;
  const name = path.slice(start, end);
  const inner = path.indexOf("/", end + 1);
  return libraries.get(name) ?? (inner < 0 ? 0 : (libraries.get(path.slice(start, inner)) ?? 0));
}

function after(path: string, folder: string): number {
  const at = path.lastIndexOf(folder);
  return at < 0 ? 0 : at + folder.length;
}

const netrcBit = 1 << families.indexOf("netrc");
const libraries = new Map<string, number>();
for (const store of credentialStores) {
  for (const name of store.libraries) {
    libraries.set(name, (libraries.get(name) ?? 0) | familyOf(store));
  }
}
