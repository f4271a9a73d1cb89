/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* exec_environment: variables that bring code. Fields: src/events/exec_environment.ts. */
#include "large.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_VARIABLES		 1024
#define JW_VARIABLES_BEFORE_LOOP 64
#define JW_VARIABLE_BYTES	 8192 /* read at once; what a longer one continues with is no name */
#define JW_VALUE_BYTES		 4096

/* Where the walk over the environment is. */
struct jw_variables {
	struct jw_tag *tag;
	__u8 *bytes;
	__u64 at, end;
	__u32 within; /* a long variable is not at its end yet */
};

struct jw_listed {
	char name[24];
};
/* In the order of the record's numbers. Short enough to be compared one after the other. */
static const struct jw_listed jw_listed[] = {
	{ "LD_PRELOAD=" },	  { "LD_AUDIT=" },	  { "BASH_ENV=" },	 { "ENV=" },
	{ "NODE_OPTIONS=" },	  { "PYTHONSTARTUP=" },	  { "PERL5OPT=" },	 { "RUBYOPT=" },
	{ "JAVA_TOOL_OPTIONS=" }, { "GIT_SSH_COMMAND=" }, { "PROMPT_COMMAND=" },
};
#define JW_LISTED (sizeof(jw_listed) / sizeof(jw_listed[0]))

/* Length of the name and the `=` when the variable has this name, else 0. */
static __always_inline __u32 jw_named(const __u8 *bytes, const char *name)
{
	for (__u32 i = 0; i < sizeof(struct jw_listed); i++) {
		if (!name[i])
			return i;
		if (bytes[i] != name[i])
			return 0;
	}
	return 0;
}

static __noinline int jw_tell_variable(struct jw_variables *walk, __u32 variable, __u32 skip)
{
	struct jw_exec_environment *e;
	struct jw_small *small;

	e = JW_BEGIN(exec_environment, small, walk->tag->job, walk->tag->process_key);
	if (!e)
		return 0;
	e->variable = variable;
	e->value_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_VALUE_BYTES, walk->bytes + skip);
	JW_SUBMIT(exec_environment, e, small);
	return 0;
}

/* One variable. Returns 1 to stop. */
static long jw_variable(__u64 round, struct jw_variables *walk)
{
	__u32 was_within = walk->within;
	long size;

	if (walk->at >= walk->end)
		return 1;
	size = bpf_probe_read_user_str(walk->bytes, JW_VARIABLE_BYTES, (void *)walk->at);
	if (size <= 0)
		return 1;
	/* A text that fills the area has lost its end to the NUL. */
	walk->within = size == JW_VARIABLE_BYTES;
	walk->at += walk->within ? size - 1 : size;
	if (was_within)
		return 0;
	for (__u32 i = 0; i < JW_LISTED; i++) {
		__u32 skip = jw_named(walk->bytes, jw_listed[i].name);

		if (skip)
			return jw_tell_variable(walk, i, skip);
	}
	return 0;
}

/*
 * Runs after the exec itself was recorded. The environment lies on the new stack, which no other
 * task has mapped yet.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(jw_exec_environment, struct task_struct *task)
{
	struct jw_variables walk = { .tag = jw_tag_of(task) };
	struct jw_large *large;

	if (!walk.tag)
		return 0;
	large = jw_take_large();
	if (!large) {
		jw_lose(walk.tag->job, JW_ID_exec_environment);
		return 0;
	}
	walk.bytes = large->bytes;
	walk.at = BPF_CORE_READ(task, mm, env_start);
	walk.end = BPF_CORE_READ(task, mm, env_end);
	/* bpf_loop came with 5.17 (e6f2dd0f8067); before it the verifier follows each round. */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)) {
		bpf_loop(JW_VARIABLES, jw_variable, &walk, 0);
	} else {
		for (int i = 0; i < JW_VARIABLES_BEFORE_LOOP; i++)
			if (jw_variable(i, &walk))
				break;
	}
	large->busy = 0;
	return 0;
}
