/* A small debugger: runs a child up to a breakpoint, puts back what was there, and lets it go on. */
#define _GNU_SOURCE
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PROGRAM_COUNTER rip
#define BREAKPOINT(word) (((word) & ~0xffL) | 0xcc)
#define BACK 1
#else
#define PROGRAM_COUNTER pc
#define BREAKPOINT(word) (((word) & ~0xffffffffL) | 0xd4200000)
#define BACK 0
#endif

int main(int argc, char **argv)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof(registers) };
	unsigned long at;
	long word;
	int status;
	pid_t child = fork();

	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[1], argv + 1);
		return 1;
	}
	waitpid(child, &status, 0);
	ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &all);
	at = registers.PROGRAM_COUNTER;
	word = ptrace(PTRACE_PEEKTEXT, child, at, 0);
	ptrace(PTRACE_POKETEXT, child, at, BREAKPOINT(word));
	ptrace(PTRACE_CONT, child, 0, 0);
	waitpid(child, &status, 0);
	printf("stopped by %d\n", WSTOPSIG(status));
	ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &all);
	registers.PROGRAM_COUNTER -= BACK;
	ptrace(PTRACE_SETREGSET, child, NT_PRSTATUS, &all);
	ptrace(PTRACE_POKETEXT, child, at, word);
	ptrace(PTRACE_CONT, child, 0, 0);
	waitpid(child, &status, 0);
	printf("ended with %d\n", WEXITSTATUS(status));
	return 0;
}
