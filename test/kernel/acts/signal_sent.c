/* Sends signals: to the process that the test names, and to its own. */
#include "act.h"
#include <signal.h>

static const char *reach = "one";

static void tell(int pid, int signal, int error, const char *target, const char *comm,
		 const char *path)
{
	fact("signal_sent",
	     "\"target_pid\":%d,\"target_job\":0,\"error\":%d,\"signal\":%d,\"target\":\"%s\","
	     "\"reach\":\"%s\",\"comm\":%s,\"path\":%s",
	     pid, error, signal, target, reach, quoted(comm), quoted(path));
}

/* A group that the test made, of one process. */
static void group(char **args)
{
	int stranger = atoi(args[0]);

	reach = "group";
	must(kill(-stranger, SIGURG));
	tell(stranger, SIGURG, 0, "other", args[1], args[2]);
}

/* The process to signal, its name and its program. */
static void calls(char **args)
{
	int stranger = atoi(args[0]), pidfd = must(syscall(SYS_pidfd_open, stranger, 0));
	siginfo_t info = { .si_code = SI_QUEUE };
	pid_t child;

	must(kill(stranger, SIGURG));
	tell(stranger, SIGURG, 0, "other", args[1], args[2]);
	must(syscall(SYS_tkill, stranger, SIGCONT));
	tell(stranger, SIGCONT, 0, "other", args[1], args[2]);
	must(syscall(SYS_tgkill, stranger, stranger, SIGWINCH));
	tell(stranger, SIGWINCH, 0, "other", args[1], args[2]);
	must(syscall(SYS_rt_sigqueueinfo, stranger, SIGURG, &info));
	tell(stranger, SIGURG, 0, "other", args[1], args[2]);
	must(syscall(SYS_pidfd_send_signal, pidfd, SIGURG, NULL, 0));
	tell(stranger, SIGURG, 0, "other", args[1], args[2]);
	/* To ask whether it is there, to nobody, to itself, to its child; and the child's end. */
	must(kill(stranger, 0));
	must_fail(kill(0x3fffff, SIGTERM), ESRCH);
	signal(SIGUSR1, SIG_IGN);
	must(raise(SIGUSR1));
	must(setpgid(0, 0));
	must(kill(0, SIGURG));
	child = must(fork());
	if (child == 0) {
		pause();
		_exit(1);
	}
	must(kill(child, SIGKILL));
	must(waitpid(child, NULL, 0));
}

static void agent(char **args)
{
	int agent = atoi(args[0]);

	must(kill(agent, SIGURG));
	tell(agent, SIGURG, 0, "agent", args[1], args[2]);
}

static void refused(char **args)
{
	int stranger = atoi(args[0]), nobody = 65534;

	must(setresuid(nobody, nobody, nobody));
	must_fail(kill(stranger, SIGTERM), EPERM);
	tell(stranger, SIGTERM, EPERM, "other", "", "");
	must_fail(syscall(SYS_tgkill, stranger, stranger, SIGKILL), EPERM);
	tell(stranger, SIGKILL, EPERM, "other", "", "");
	must_fail(kill(stranger, 0), EPERM);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, { "group", group }, { "agent", agent }, { "refused", refused }, {} },
		    argv);
}
