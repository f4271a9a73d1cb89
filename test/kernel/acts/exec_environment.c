/* Starts programs with variables that bring code. */
#include "act.h"

#define READ_AT_ONCE 8191
#define VALUE	     4095

static void tell(const char *variable, const char *value, int flags)
{
	fact("exec_environment", "\"variable\":\"%s\",\"value\":%s,\"flags\":%d", variable, quoted(value),
	     flags);
}

static void end(char **args)
{
}

static char *filled(const char *start, size_t length, const char *rest)
{
	char *text = malloc(length + strlen(rest) + 1);

	memset(text, 'x', length);
	memcpy(text, start, strlen(start));
	strcpy(text + length, rest);
	return text;
}

static void variables(char **args)
{
	static const char *names[] = { "LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "NODE_OPTIONS",
				       "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS",
				       "GIT_SSH_COMMAND", "PROMPT_COMMAND" };
	char *environment[32] = { "PATH=/bin", "LD_PRELOADED=no", "XLD_PRELOAD=no", "LD_PRELOAD" };
	int count = 4;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		must(asprintf(&environment[count++], "%s=value %zu", names[i], i));
		tell(names[i], strchr(environment[count - 1], '=') + 1, 0);
	}
	/* What begins within a variable is no name, wherever it is read. */
	environment[count++] = filled("LONG=", READ_AT_ONCE, "LD_PRELOAD=no");
	environment[count++] = "ENV=";
	tell("ENV", "", 0);
	environment[count++] = filled("BASH_ENV=", strlen("BASH_ENV=") + VALUE, "cut");
	tell("BASH_ENV", filled("", VALUE, ""), 1);
	must_fail(execve("nowhere", (char *[]){ "x", NULL }, environment), ENOENT);
	must(execve("/proc/self/exe", (char *[]){ "x", "end", NULL }, environment));
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "variables", variables }, { "end", end }, {} }, argv);
}
