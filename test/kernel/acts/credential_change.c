/* Changes ids, capabilities and the user namespace in every way. */
#include "act.h"
#include <linux/capability.h>
#include <linux/sched.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

/* What a task is, seen from the initial user namespace. */
struct credentials {
	unsigned int uid, euid, gid, egid, user_namespace;
	unsigned long capabilities;
};

static unsigned long capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2];

	must(syscall(SYS_capget, &header, sets));
	return sets[0].effective | (unsigned long)sets[1].effective << 32;
}

static struct credentials now(void)
{
	struct credentials now = { .user_namespace = namespace_of("user"), .capabilities = capabilities() };
	unsigned int saved;

	must(syscall(SYS_getresuid, &now.uid, &now.euid, &saved));
	must(syscall(SYS_getresgid, &now.gid, &now.egid, &saved));
	return now;
}

static void tell(struct credentials old, struct credentials new, int call)
{
	fact("credential_change",
	     "\"old_uid\":%u,\"uid\":%u,\"old_euid\":%u,\"euid\":%u,\"old_gid\":%u,\"gid\":%u,"
	     "\"old_egid\":%u,\"egid\":%u,\"old_user_namespace\":%u,\"user_namespace\":%u,"
	     "\"old_capabilities\":%lu,\"capabilities\":%lu,\"call\":%d,\"process\":%d,\"thread_id\":%d",
	     old.uid, new.uid, old.euid, new.euid, old.gid, new.gid, old.egid, new.egid,
	     old.user_namespace, new.user_namespace, old.capabilities, new.capabilities, call,
	     getpid(), gettid());
}

/* A raw call: glibc's would make each thread follow. */
#define CHANGES(call, ...)                                                                         \
	do {                                                                                       \
		struct credentials old_ = now();                                                   \
		must(syscall(call, ##__VA_ARGS__));                                                \
		tell(old_, now(), call);                                                           \
	} while (0)

static void drop_capability(int capability)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2];

	must(syscall(SYS_capget, &header, sets));
	sets[capability / 32].effective &= ~(1u << capability % 32);
	CHANGES(SYS_capset, &header, sets);
}

static void *in_thread(void *none)
{
	CHANGES(SYS_setresuid, -1, 1003, -1);
	return NULL;
}

static void calls(char **args)
{
	gid_t groups[] = { 5, 6 };
	pthread_t thread;

	drop_capability(CAP_SYS_BOOT);
	must(-pthread_create(&thread, NULL, in_thread, NULL));
	must(-pthread_join(thread, NULL));
	CHANGES(SYS_setresgid, 2001, 2002, -1);
	CHANGES(SYS_setregid, -1, 2001);
	CHANGES(SYS_setgid, 2003);
	CHANGES(SYS_setresuid, -1, 1002, 0);
	must_fail(syscall(SYS_setuid, 1009), EPERM);
	CHANGES(SYS_setreuid, -1, 0);
	must(syscall(SYS_setgroups, 2, groups));
	must(syscall(SYS_setuid, 0));
	CHANGES(SYS_setfsuid, 1004); /* takes away the capabilities for files */
	CHANGES(SYS_setfsuid, 0);
	CHANGES(SYS_setuid, 1001);
	must_fail(syscall(SYS_setuid, 0), EPERM);
}

/* Ids are told as the initial namespace has them, whatever the new one calls them. */
static struct credentials in_namespace(struct credentials old)
{
	old.user_namespace = namespace_of("user");
	old.capabilities = capabilities();
	return old;
}

static void namespaces(char **args)
{
	struct clone_args into = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	struct credentials old = now();
	pid_t child = must(syscall(SYS_clone3, &into, sizeof(into)));
	int pipes[2];

	if (!child) {
		/* Its process id outside is told by its parent. */
		tell(old, in_namespace(old), SYS_clone3);
		_exit(0);
	}
	wait_for(child);
	must(pipe(pipes));
	child = must(fork());
	if (!child) {
		must(unshare(CLONE_NEWUSER));
		tell(old, in_namespace(old), SYS_unshare);
		_exit(0);
	}
	wait_for(child);
}

/* What a child inherits is no change, and neither is what its parent did before. */
static void inherited(char **args)
{
	pid_t child;

	CHANGES(SYS_setresuid, -1, 1002, 0);
	child = must(fork());
	if (!child) {
		CHANGES(SYS_setresuid, -1, 0, -1);
		_exit(0);
	}
	wait_for(child);
	CHANGES(SYS_setresuid, -1, 0, -1);
}

/* An exec of a program that takes its owner's ids. */
static void set_id(char **args)
{
	struct credentials old = now(), new;
	loff_t at = 0;
	struct stat status;
	int from = must(open("/proc/self/exe", O_RDONLY)), to = make_file("program");

	must(fstat(from, &status));
	while (at < status.st_size)
		must(copy_file_range(from, &at, to, NULL, status.st_size - at, 0));
	must(fchown(to, 1005, 2005));
	must(fchmod(to, 06755));
	must(close(to));
	must(chmod(".", 0755));
	new = old;
	new.euid = 1005;
	new.egid = 2005;
	new.capabilities = 0;
	tell(old, new, SYS_execve);
	must(execl("program", "program", "nothing", NULL));
}

static void nothing(char **args)
{
	struct credentials is = now();

	if (is.euid != 1005 || is.egid != 2005 || is.capabilities)
		exit(1);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls },
				     { "namespaces", namespaces },
				     { "inherited", inherited },
				     { "set_id", set_id },
				     { "nothing", nothing },
				     {} },
		    argv);
}
