/* Reaches into another process: WAY PID ADDRESS-OR-DESCRIPTOR. Prints what it got. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH 36

static char text[LENGTH + sizeof(long)];

static long need(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static void attach(pid_t pid)
{
	need(ptrace(PTRACE_ATTACH, pid, 0, 0), "attach");
	need(waitpid(pid, NULL, __WALL), "wait");
}

static void peek(pid_t pid, unsigned long at)
{
	for (size_t i = 0; i < LENGTH; i += sizeof(long)) {
		long word = ptrace(PTRACE_PEEKDATA, pid, at + i, 0);

		memcpy(text + i, &word, sizeof(word));
	}
}

static void transfer(const char *way, pid_t pid, unsigned long at, void *from, size_t length)
{
	struct iovec here = { from, length }, there = { (void *)at, length };

	if (!strcmp(way, "read"))
		need(process_vm_readv(pid, &here, 1, &there, 1, 0), "process_vm_readv");
	else
		need(process_vm_writev(pid, &here, 1, &there, 1, 0), "process_vm_writev");
}

int main(int argc, char **argv)
{
	pid_t pid = atoi(argv[2]);
	unsigned long at = strtoul(argv[3], NULL, 0);

	if (!strcmp(argv[1], "vm_read")) {
		transfer("read", pid, at, text, LENGTH);
	} else if (!strcmp(argv[1], "vm_write")) {
		transfer("write", pid, at, "overwritten", 11);
		transfer("read", pid, at, text, LENGTH);
	} else if (!strcmp(argv[1], "peek")) {
		attach(pid);
		peek(pid, at);
		ptrace(PTRACE_DETACH, pid, 0, 0);
	} else if (!strcmp(argv[1], "poke")) {
		attach(pid);
		need(ptrace(PTRACE_POKEDATA, pid, at, *(const long *)"overwrit"), "poke");
		peek(pid, at);
		ptrace(PTRACE_DETACH, pid, 0, 0);
	} else if (!strcmp(argv[1], "descriptor")) {
		int process = need(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
		int taken = need(syscall(SYS_pidfd_getfd, process, at, 0), "pidfd_getfd");

		need(pread(taken, text, LENGTH, 0), "read");
	}
	puts(text);
	return 0;
}
