import { choice, defineEvent, type EventOf, text } from "./schema.ts";

/** Variables that make a program load or run further code. Order is the record's number. */
export const codeVariables = [
  "LD_PRELOAD",
  "LD_AUDIT",
  "BASH_ENV",
  "ENV",
  "NODE_OPTIONS",
  "PYTHONSTARTUP",
  "PERL5OPT",
  "RUBYOPT",
  "JAVA_TOOL_OPTIONS",
  "GIT_SSH_COMMAND",
  "PROMPT_COMMAND",
] as const;

export const execEnvironment = defineEvent({
  id: 42,
  name: "exec_environment",
  doc: "A program started with a variable in its environment that makes it load or run further code.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_exec_environment",
        on: "tp_btf/sched_process_exec (Linux 5.5)",
        loses: "variables after the first 1,024",
      },
    ],
  ],
  fold: true,
  fields: {
    variable: choice("Its name.", codeVariables, "VARIABLE"),
    value: text("Its value, at most 4,095 bytes."),
  },
});

export type ExecEnvironment = EventOf<typeof execEnvironment>;
