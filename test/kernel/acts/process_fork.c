/* Makes processes in every way. */
#include "act.h"
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

static pid_t main_pid;

/* Tells of a child of `parent` that this thread has made. */
static void tell(pid_t child, pid_t parent, unsigned long flags)
{
	fact("process_fork",
	     "\"child_pid\":%d,\"parent_pid\":%d,\"clone_flags\":%lu,\"process\":%d,\"thread_id\":%d",
	     child, parent, flags, getpid(), gettid());
}

static void made(pid_t child, unsigned long flags)
{
	if (!child)
		_exit(0);
	tell(child, getpid(), flags);
	wait_for(child);
}

static void *in_thread(void *none)
{
	made(must(syscall(SYS_fork)), 0);
	return NULL;
}

static void calls(char **args)
{
	struct clone_args into = { .flags = CLONE_FS | CLONE_FILES, .exit_signal = SIGCHLD };
	pthread_t thread;

	main_pid = getpid();
	made(must(syscall(SYS_fork)), 0);
	made(must(fork()), CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);
	made(must(vfork()), CLONE_VFORK | CLONE_VM);
	made(must(syscall(SYS_clone, SIGCHLD | CLONE_UNTRACED, 0, 0, 0, 0)), CLONE_UNTRACED);
	made(must(syscall(SYS_clone3, &into, sizeof(into))), CLONE_FS | CLONE_FILES);
	must(-pthread_create(&thread, NULL, in_thread, NULL));
	must(-pthread_join(thread, NULL));
	must_fail(syscall(SYS_clone, SIGCHLD | CLONE_SIGHAND, 0, 0, 0, 0), EINVAL);
}

/* A child makes another one that is its sibling. */
static void sibling(char **args)
{
	pid_t parent = getpid(), child, other;
	int pipes[2];

	must(pipe(pipes));
	child = must(syscall(SYS_fork));
	if (!child) {
		other = must(syscall(SYS_clone, SIGCHLD | CLONE_PARENT, 0, 0, 0, 0));
		if (!other)
			_exit(0);
		tell(other, parent, CLONE_PARENT);
		must(write(pipes[1], &other, sizeof(other)));
		_exit(0);
	}
	must(read(pipes[0], &other, sizeof(other)));
	tell(child, parent, 0);
	wait_for(child);
	wait_for(other);
}

/* Makes a child in another control group, without moving it there. */
static void into_group(char **args)
{
	struct clone_args into = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = must(open(args[0], O_RDONLY | O_DIRECTORY)),
	};

	made(must(syscall(SYS_clone3, &into, sizeof(into))), CLONE_INTO_CGROUP);
}

/* As a process of no job: a child comes to the group and makes a sibling, which is not its child. */
static void enter_and_fork(char **args)
{
	pid_t parent = getpid(), child, other;
	int pipes[2], group;

	must(pipe(pipes));
	child = must(syscall(SYS_fork));
	if (!child) {
		group = must(open(args[0], O_WRONLY));
		must(write(group, "0", 1));
		other = must(syscall(SYS_clone, SIGCHLD | CLONE_PARENT, 0, 0, 0, 0));
		if (!other)
			_exit(0);
		must(write(pipes[1], &other, sizeof(other)));
		_exit(0);
	}
	must(read(pipes[0], &other, sizeof(other)));
	wait_for(child);
	wait_for(other);
	printf("{\"parent\":%d,\"child\":%d,\"other\":%d}\n", parent, child, other);
}

/* Forks N times from each of P processes. */
static void many(char **args)
{
	int times = atoi(args[0]), processes = atoi(args[1]);

	for (int i = 0; i < processes; i++) {
		if (must(fork()))
			continue;
		for (int j = 0; j < times; j++) {
			pid_t child = must(fork());

			if (!child)
				_exit(0);
			wait_for(child);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls },
				     { "sibling", sibling },
				     { "into_group", into_group },
				     { "enter_and_fork", enter_and_fork },
				     { "many", many },
				     {} },
		    argv);
}
