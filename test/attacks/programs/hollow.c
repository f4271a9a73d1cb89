/* Starts a program, and makes it run other code: what the child ends with is that code's. */
#define _GNU_SOURCE
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
/* mov edi, 42; mov eax, 60; syscall */
static const unsigned char code[16] = "\xbf\x2a\x00\x00\x00\xb8\x3c\x00\x00\x00\x0f\x05\x90\x90\x90\x90";
#define PROGRAM_COUNTER rip
#else
/* mov x0, 42; mov x8, 93; svc 0; nop */
static const unsigned char code[16] = "\x40\x05\x80\xd2\xa8\x0b\x80\xd2\x01\x00\x00\xd4\x1f\x20\x03\xd5";
#define PROGRAM_COUNTER pc
#endif

int main(int argc, char **argv)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof(registers) };
	pid_t child = fork();
	int status;

	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[1], argv + 1);
		return 1;
	}
	waitpid(child, &status, 0);
	ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &all);
	for (size_t i = 0; i < sizeof(code); i += sizeof(long)) {
		long word;

		memcpy(&word, code + i, sizeof(word));
		if (ptrace(PTRACE_POKETEXT, child, registers.PROGRAM_COUNTER + i, word))
			perror("poke");
	}
	ptrace(PTRACE_DETACH, child, 0, 0);
	waitpid(child, &status, 0);
	printf("ended with %d\n", WEXITSTATUS(status));
	return 0;
}
