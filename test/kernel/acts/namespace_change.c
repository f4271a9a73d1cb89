/* Gets other namespaces and roots in every way, in children of its own. */
#include "act.h"
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>

static void tell(const char *how, int error, unsigned int kinds, unsigned int target_pid,
		 unsigned long target_inode, const char *root)
{
	fact("namespace_change",
	     "\"process\":%d,\"how\":\"%s\",\"error\":%d,\"kinds\":%u,\"target_pid\":%u,"
	     "\"target_inode\":%lu,\"mount_namespace\":%u,\"pid_namespace\":%u,"
	     "\"network_namespace\":%u,\"user_namespace\":%u,\"root\":%s",
	     getpid(), how, error, kinds, target_pid, target_inode, namespace_of("mnt"),
	     namespace_of("pid_for_children"), namespace_of("net"), namespace_of("user"), quoted(root));
}

static void unshares(char **args)
{
	must(unshare(CLONE_NEWNS));
	tell("unshare", 0, CLONE_NEWNS, 0, 0, "/");
	must(unshare(CLONE_NEWNET | CLONE_NEWUTS));
	tell("unshare", 0, CLONE_NEWNET | CLONE_NEWUTS, 0, 0, "/");
	must(unshare(CLONE_NEWUSER));
	tell("unshare", 0, CLONE_NEWUSER, 0, 0, "/");
	/* No namespace, or no such one. */
	must(unshare(CLONE_FS | CLONE_FILES));
	must_fail(unshare(CLONE_NEWNS | 1), EINVAL);
	tell("unshare", EINVAL, CLONE_NEWNS, 0, 0, "/");
}

static void sets(char **args)
{
	int own = must(open("/proc/self/ns/net", O_RDONLY)), process, file = make_file("file");
	unsigned int inode = namespace_of("net");

	must(unshare(CLONE_NEWNET));
	tell("unshare", 0, CLONE_NEWNET, 0, 0, "/");
	must(setns(own, 0));
	tell("setns", 0, 0, 0, inode, "/");
	must(setns(own, CLONE_NEWNET));
	tell("setns", 0, CLONE_NEWNET, 0, inode, "/");
	must_fail(setns(own, CLONE_NEWUTS), EINVAL);
	tell("setns", EINVAL, CLONE_NEWUTS, 0, inode, "/");
	must_fail(setns(file, 0), EINVAL);
	tell("setns", EINVAL, 0, 0, 0, "/");
	must_fail(setns(77, 0), EBADF);
	tell("setns", EBADF, 0, 0, 0, "/");
	process = must(syscall(SYS_pidfd_open, getppid(), 0));
	must(setns(process, CLONE_NEWNET | CLONE_NEWUTS));
	tell("setns", 0, CLONE_NEWNET | CLONE_NEWUTS, getppid(), 0, "/");
}

static void roots(char **args)
{
	must(mkdir("new", 0755));
	must(mkdir("new/old", 0755));
	must_fail(chroot("none"), ENOENT);
	tell("chroot", ENOENT, 0, 0, 0, "/");
	must_fail(syscall(SYS_pivot_root, "none", "none"), ENOENT);
	tell("pivot_root", ENOENT, 0, 0, 0, "/");
	must(mkdir("new/proc", 0755));
	must(mount("/proc", "new/proc", NULL, MS_BIND | MS_REC, NULL));
	if (fork() == 0) {
		char *root = at_here("new");

		must(chroot("new"));
		tell("chroot", 0, 0, 0, 0, root);
		_exit(0);
	}
	must(wait(NULL));
	must(umount2("new/proc", MNT_DETACH));
}

/* A child of clone is told with what it has, before it runs. */
static void clones(char **args)
{
	struct clone_args clone = { .flags = CLONE_NEWNS | CLONE_NEWNET, .exit_signal = SIGCHLD };
	pid_t child = must(syscall(SYS_clone3, &clone, sizeof(clone)));

	if (child == 0) {
		fact("namespace_change",
		     "\"process\":%d,\"thread_id\":%d,\"how\":\"clone\",\"error\":0,\"kinds\":%u,"
		     "\"target_pid\":0,\"target_inode\":0,\"mount_namespace\":%u,\"pid_namespace\":%u,"
		     "\"network_namespace\":%u,\"user_namespace\":%u,\"root\":\"/\"",
		     getpid(), getppid(), CLONE_NEWNS | CLONE_NEWNET, namespace_of("mnt"),
		     namespace_of("pid"), namespace_of("net"), namespace_of("user"));
		_exit(0);
	}
	wait_for(child);
	wait_for(must(fork()) ?: (_exit(0), 0));
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "unshares", unshares },
				     { "sets", sets },
				     { "roots", roots },
				     { "clones", clones },
				     {} },
		    argv);
}
