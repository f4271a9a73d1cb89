import { choice, defineEvent, type EventOf, type Hook, path, text, u32 } from "./schema.ts";

/** When the call has ended, well or not: the attempt counts. */
const atEnd = (program: string, ...calls: NonNullable<Hook["calls"]>): Hook => ({
  program,
  on: "tp_btf/sys_exit (Linux 5.5)",
  calls,
  any_result: true,
});

export const kernelCall = defineEvent({
  id: 45,
  name: "kernel_call",
  doc: "A process asked the kernel to change itself or the whole machine, or looked into it, or tried to.",
  ring: "rare",
  ways: [
    [
      {
        ...atEnd("jw_kernel_module", "init_module"),
        loses: "the name of a module: it is in the image",
      },
      atEnd("jw_kernel_module_file", "finit_module"),
      atEnd("jw_kernel_module_end", "delete_module"),
      atEnd("jw_kernel_kexec", "kexec_load", "kexec_file_load"),
      {
        ...atEnd("jw_kernel_bpf", "bpf"),
        loses: "reads and writes of map elements, of which there are too many",
      },
      atEnd("jw_kernel_perf", "perf_event_open"),
      atEnd("jw_kernel_swap", "swapon", "swapoff"),
      atEnd("jw_kernel_reboot", "reboot"),
      atEnd("jw_kernel_clock", "settimeofday", "clock_settime", "clock_settime64"),
      atEnd("jw_kernel_host_name", "sethostname", "setdomainname"),
      atEnd("jw_kernel_accounting", "acct"),
      atEnd("jw_kernel_quota", "quotactl"),
      atEnd("jw_kernel_port", "iopl", "ioperm"),
      atEnd("jw_kernel_userfault", "userfaultfd"),
      atEnd("jw_kernel_key_add", "add_key"),
      atEnd("jw_kernel_key_request", "request_key"),
      atEnd("jw_kernel_key", "keyctl"),
    ],
  ],
  fold: true,
  fields: {
    action: choice(
      "What was asked.",
      [
        "module_load",
        "module_unload",
        "kexec",
        "bpf",
        "perf_event",
        "swap",
        "reboot",
        "clock",
        "host_name",
        "accounting",
        "quota",
        "port_access",
        "userfault",
        "key_add",
        "key_request",
        "key",
      ],
      "ACTION",
    ),
    error: u32("0, or the errno of the attempt."),
    command: u32("The command of bpf, keyctl, reboot or quotactl; the clock; else 0."),
    type: u32("Of a BPF program, a BPF attachment or a perf event: its type; else 0."),
    target_pid: u32("Of a perf event the process that is measured; 0 is its own, 4294967295 all."),
    name: text(
      "Name of a BPF program, or what the caller gave: a path, the type of a key, parameters of a module.",
    ),
    file: path("The file of a module; empty when there is none."),
  },
});

export type KernelCall = EventOf<typeof kernelCall>;
