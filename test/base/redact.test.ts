import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { redactor } from "../../src/base/redact.ts";

const key = Buffer.from("a key for tests");
const redact = redactor(key);
const mark = (secret: string): string =>
  `<redacted:${createHmac("sha256", key).update(secret).digest("hex").slice(0, 8)}>`;

// Put together at run time, so that no scanner takes this file for a leak.
const random = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6";
const tokens = {
  "a GitHub token": `ghp_${random}`,
  "a GitHub app's token": `ghs_${random}`,
  "a fine-grained GitHub token": `github_pat_${random}_${random}`,
  "a GitLab token": `glpat-${random.slice(0, 20)}`,
  "a Slack token": `xoxb-${random}`,
  "an npm token": `npm_${random}`,
  "a PyPI token": `pypi-AgEIcHlwaS5vcmc${random}`,
  "a Google key": `AIza${random.slice(0, 35)}`,
  "an AWS key id": `AKIA${"IOSFODNN7EXAMPLE"}`,
  "a temporary AWS key id": `ASIA${"IOSFODNN7EXAMPLE"}`,
  "a JSON Web Token": `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${random}`,
  "a private key": `-----BEGIN RSA PRIVATE KEY-----\n${random}\n-----END RSA PRIVATE KEY-----`,
};

for (const [what, token] of Object.entries(tokens)) {
  test(`${what} is redacted alone, in a script and in a URL's query`, () => {
    const args = ["x", token, `echo ${token} | sh`, `https://example.org/?a=1&t=${token}`];

    assert.deepEqual(redact(args), [
      "x",
      mark(token),
      `echo ${mark(token)} | sh`,
      `https://example.org/?a=1&t=${mark(token)}`,
    ]);
  });
}

const s = "hunter2";
const named: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ["x", `--password=${s}`],
    ["x", `--password=${mark(s)}`],
  ],
  [
    ["x", "--password", s],
    ["x", "--password", mark(s)],
  ],
  [
    ["x", "--token", s, "y"],
    ["x", "--token", mark(s), "y"],
  ],
  [
    ["x", `--client-secret=${s}`],
    ["x", `--client-secret=${mark(s)}`],
  ],
  [
    ["make", `API_KEY=${s} and more`],
    ["make", `API_KEY=${mark(`${s} and more`)}`],
  ],
  [
    ["env", `DB_PASSWD=${s}`, "run"],
    ["env", `DB_PASSWD=${mark(s)}`, "run"],
  ],
  [
    ["docker", "run", `--env=NPM_TOKEN=${s}`],
    ["docker", "run", `--env=NPM_TOKEN=${mark(s)}`],
  ],
  [
    ["mysql", `-p${s}`, "-h", "db"],
    ["mysql", `-p${mark(s)}`, "-h", "db"],
  ],
  [
    ["sudo", "/usr/bin/sshpass", "-p", s, "ssh"],
    ["sudo", "/usr/bin/sshpass", "-p", mark(s), "ssh"],
  ],
  [
    ["docker", "login", "-u", "me", "-p", s],
    ["docker", "login", "-u", "me", "-p", mark(s)],
  ],
  [
    ["curl", "-u", `me:${s}`, "u"],
    ["curl", "-u", `me:${mark(s)}`, "u"],
  ],
  [
    ["curl", "-H", `Authorization: Bearer ${s}`],
    ["curl", "-H", `Authorization: Bearer ${mark(s)}`],
  ],
  [
    ["curl", "-H", `authorization: basic ${s}`],
    ["curl", "-H", `authorization: basic ${mark(s)}`],
  ],
  [
    ["curl", "-H", `X-Api-Key: ${s}`],
    ["curl", "-H", `X-Api-Key: ${mark(s)}`],
  ],
  [
    ["curl", "-d", `{"password": "${s}"}`],
    ["curl", "-d", `{"password": "${mark(s)}"}`],
  ],
  [
    ["git", "clone", `https://me:${s}@example.org/x`],
    ["git", "clone", `https://me:${mark(s)}@example.org/x`],
  ],
  [
    ["git", "clone", `https://me:p@${s}@example.org`],
    ["git", "clone", `https://me:${mark(`p@${s}`)}@example.org`],
  ],
  [
    ["aws", "configure", "set", "aws_secret_access_key", s],
    ["aws", "configure", "set", "aws_secret_access_key", mark(s)],
  ],
  [
    ["openssl", "-passin", `pass:${s}`],
    ["openssl", "-passin", `pass:${mark(s)}`],
  ],
];

for (const [args, expected] of named) {
  test(`what stands before it gives it away: ${args.join(" ").replaceAll("\n", " ")}`, () => {
    assert.deepEqual(redact(args), expected);
  });
}

test("a script in one argument is looked through, and keeps all but the secrets", () => {
  const script = `set -e
export TOKEN='${s} b' NAME="x"
curl -u me:${s} https://example.org; mysql --password "${s} c" -e 'SELECT 1'
API_KEY=$OTHER KEY="$(cat file)" run --token $TOKEN`;

  assert.deepEqual(redact(["bash", "-c", script]), [
    "bash",
    "-c",
    `set -e
export TOKEN='${mark(`${s} b`)}' NAME="x"
curl -u me:${mark(s)} https://example.org; mysql --password "${mark(`${s} c`)}" -e 'SELECT 1'
API_KEY=$OTHER KEY="$(cat file)" run --token $TOKEN`,
  ]);
});

test("harmless arguments come back as the same array", () => {
  const args = [
    ...["docker", "run", "-u", "1000:1000", "-p", "80:80", "-v", "/run/secrets:/run/secrets"],
    ...["--password-stdin", "name", "--max-tokens=100", "--tokenizer=bert", "PWD=/home/x"],
    ...["GOOGLE_APPLICATION_CREDENTIALS=/home/x/key.json", "ssh://git@example.org/x", "--secret="],
    ...["mkdir", "-p", "author.c", "authorization.c", "a@b.org", "-----BEGIN CERTIFICATE-----"],
  ];

  assert.equal(redact(args), args);
});

test("a key without its end is redacted up to the end of the argument", () => {
  const cut = `-----BEGIN PRIVATE KEY-----\n${random}`;

  assert.deepEqual(redact(["echo", `a ${cut}`]), ["echo", `a ${mark(cut)}`]);
});

test("what is redacted stays as it is when it is redacted again", () => {
  const once = redact(["bash", "-c", `TOKEN="${s}" curl -u me:${s} https://me:${s}@example.org`]);

  assert.deepEqual(redact(once), once);
});

test("another key marks the same secret in another way", () => {
  const [, other] = redactor(Buffer.from("another"))(["--password", s]);

  assert.match(other ?? "", /^<redacted:[0-9a-f]{8}>$/);
  assert.notEqual(other, mark(s));
});

// With time that grows by the square these would take minutes each.
test("hostile arguments of 128 KiB take no longer than their length", { timeout: 60_000 }, () => {
  const pieces = [
    ...[
      "eyJ",
      "eyJaaaaaaaa.",
      "ghp_",
      "glpat-",
      "github_pat_",
      "://",
      "://@",
      "@",
      "token",
      "token-",
    ],
    ...["token=", "--token ", 'token="', "token:'", '"token":\\"', "authorization: ", "bearer "],
    ...[
      "-----BEGIN PRIVATE KEY-----",
      "curl -u a:b ",
      "mysql -p",
      "token_file-",
      '"',
      "\\",
      " ",
      "\n",
    ],
  ];
  for (const piece of pieces) {
    for (const start of ["", 'token="', "https://"]) {
      const arg = (start + piece.repeat(131_072)).slice(0, 131_072);

      assert.equal(redact(["bash", "-c", arg]).length, 3);
    }
  }
});
