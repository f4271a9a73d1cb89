/* Makes memory executable in every way. */
#include "act.h"
#include <sys/mman.h>

#define PAGE  4096
#define DATA  (PROT_READ | PROT_WRITE)
#define CODE  (PROT_READ | PROT_EXEC)
#define BOTH  (PROT_READ | PROT_WRITE | PROT_EXEC)

static void tell(const char *how, const char *call)
{
	fact("memory_protect", "\"how\":\"%s\",\"call\":\"%s\",\"process\":%d", how, call, getpid());
}

static void *anonymous(int protection)
{
	return (void *)must(mmap(NULL, PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

/* Each way twice: the second time is not news. */
static void ways(char **args)
{
	int file = make_file("file");
	void *data = anonymous(DATA);

	must(write(file, "text", 4));
	for (int i = 0; i < 2; i++)
		must(mprotect(data, PAGE, CODE));
	tell("execute", "mprotect");
	for (int i = 0; i < 2; i++)
		must(pkey_mprotect(data, PAGE, BOTH, -1));
	tell("write_execute", "mprotect");
	for (int i = 0; i < 2; i++)
		anonymous(CODE);
	tell("execute", "mmap");
	for (int i = 0; i < 2; i++)
		must(mmap(NULL, PAGE, BOTH, MAP_PRIVATE, file, 0));
	tell("write_execute", "mmap");
	for (int i = 0; i < 2; i++)
		must(mmap(NULL, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	tell("shared_write_execute", "mmap");
}

/* A child is another process, and so is what it executes a new program. */
static void children(char **args)
{
	pid_t child;

	anonymous(BOTH);
	tell("write_execute", "mmap");
	child = must(fork());
	if (!child) {
		anonymous(BOTH);
		tell("write_execute", "mmap");
		must(execl("/proc/self/exe", "memory_protect", "end", NULL));
	}
	wait_for(child);
}

static void end(char **args)
{
	void *data = anonymous(DATA);

	must(mprotect(data, PAGE, BOTH));
	tell("write_execute", "mprotect");
}

/* Data, code of a file, and what the kernel refuses. */
static void nothing(char **args)
{
	int file = make_file("file");
	void *data = anonymous(DATA);

	must(write(file, "text", 4));
	must(mmap(NULL, PAGE, CODE, MAP_PRIVATE, file, 0));
	must(mprotect(data, PAGE, PROT_READ));
	must(munmap(data, PAGE));
	must_fail(mprotect(data, PAGE, BOTH), ENOMEM);
	must_fail(mmap(NULL, PAGE, BOTH, MAP_PRIVATE, -1, 0), EBADF);
	must_fail(mmap(NULL, 0, BOTH, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	must(mprotect((void *)must(mmap(NULL, PAGE, DATA, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)), PAGE,
		      CODE));
	tell("execute", "mprotect");
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "ways", ways },
				     { "children", children },
				     { "end", end },
				     { "nothing", nothing },
				     {} },
		    argv);
}
