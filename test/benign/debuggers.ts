import assert from "node:assert/strict";
import { compiled, python } from "../attacks/programs.ts";
import type { Traced } from "../attacks/traced_job.ts";
import type { BenignJob } from "../attacks/variant.ts";

const prints = (pattern: RegExp) => (traced: Traced) => {
  assert.match(traced.stdout + traced.stderr, pattern);
  assert.equal(traced.exit_code, 0);
};

const leak = `
#include <stdlib.h>
int main(void) { void *volatile p = malloc(32); p = 0; return 0; }
`;

export const jobs: BenignJob[] = [
  {
    name: "gdb runs a program to a breakpoint",
    command: () => [
      ...["gdb", "-nx", "-batch", "-ex", "starti", "-ex", "tbreak *$pc"],
      ...["-ex", "print 6*7", "-ex", "stepi", "-ex", "continue", "--args", "/bin/echo", "hello"],
    ],
    worked: prints(/breakpoint 1.*\$1 = 42.*hello/s),
  },
  {
    name: "gdb looks at a program that a shell has started, and dumps its core",
    command: () => [
      ...["sh", "-c", '"$0" >/dev/null & gdb -nx -batch -p $! -ex "gcore core" && kill $!'],
      compiled("victim"),
    ],
    worked: prints(/Saved corefile core/),
    accepted: { "JW-110": "gdb did not start the program; the shell did" },
  },
  {
    name: "strace follows a build",
    command: () => ["strace", "-f", "-o", "log", "sh", "-c", "echo a | tr a b; wc -l </etc/passwd"],
    worked: prints(/b/),
  },
  {
    name: "strace attaches to a sibling",
    command: () => [
      "sh",
      "-c",
      "(while :; do :; done) & timeout -s INT 0.5 strace -p $! -o log; kill $!; ls log",
    ],
    worked: prints(/log/),
    accepted: { "JW-110": "strace did not start the program; the shell did" },
  },
  {
    name: "a debugger of one's own sets a breakpoint in its child",
    command: () => [compiled("breakpoint"), "/bin/sh", "-c", "exit 7"],
    worked: prints(/stopped by 5\nended with 7/),
    accepted: {
      "JW-110": "reads a child; nobody knows the debugger",
      "JW-111": "writes to a child what it has read before; nobody knows the debugger",
    },
  },
  {
    name: "leaks are found by the address sanitizer, which stops the process from a thread of its own",
    command: () => [
      ...[
        "sh",
        "-c",
        'printf %s "$0" >leak.c; gcc -g -fsanitize=address -o leak leak.c; ./leak; ls leak',
      ],
      leak,
    ],
    worked: prints(/LeakSanitizer: detected memory leaks/),
  },
  {
    name: "processes are listed and found",
    command: () => [
      "sh",
      "-c",
      "ps aux >1; ps -ef >2; ps e >3; ps -eLf >4; pgrep -f sh >5; pidof sh >6; top -b -n1 >7; wc -l 1",
    ],
    worked: prints(/\d+ 1/),
  },
  {
    name: "open files and ports of all processes are listed",
    command: () => [
      "sh",
      "-c",
      "lsof -n >1 2>2; fuser -v . >3 2>4; ss -tlnp >5 2>6; lsof -i -n >7 2>8; wc -l 1",
    ],
    worked: prints(/\d\d+ 1/),
  },
  {
    name: "a process reads its own environment and memory",
    command: () => [
      ...["sh", "-c", 'cat /proc/self/environ >1; cat /proc/$$/environ >2; "$0" -c "$1"'],
      python,
      'print(len(open("/proc/self/maps").read()) > 0, open("/proc/self/mem", "rb", 0) is not None)',
    ],
    worked: prints(/True True/),
  },
  {
    name: "a supervisor watches its children",
    command: () => [
      python,
      "-c",
      `
import subprocess
child = subprocess.Popen(["sleep", "5"])
for entry in "stat", "status", "statm", "cmdline", "smaps_rollup", "environ", "io", "cgroup":
    open(f"/proc/{child.pid}/{entry}").read()
import os; os.listdir(f"/proc/{child.pid}/fd")
child.kill(); print("ended", child.wait())`,
    ],
    worked: prints(/ended -9/),
  },
  {
    name: "a script finds out whether it is in a container",
    command: () => [
      "sh",
      "-c",
      "tr '\\0' '\\n' </proc/1/environ | grep ^container=; ls -l /proc/1/exe >1; systemd-detect-virt; wc -l 1",
    ],
    worked: prints(/1 1/),
  },
];
