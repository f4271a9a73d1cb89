/* Starts programs in every way. The program is this one again, which then tells of itself. */
#include "socket.h"
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#define SELF "/proc/self/exe"
#define NAMELESS 8

extern char **environ;

/* Its process id; in a pid namespace the one outside, which its maker knows. */
static int id(const char *name, int own)
{
	return getenv(name) ? atoi(getenv(name)) : own;
}

static char *arguments_text(char **argv, long *bytes)
{
	char *text = strdup("[");

	for (*bytes = 0; *argv; argv++) {
		char *all;

		must(asprintf(&all, "%s%s%s", text, text[1] ? "," : "", quoted(*argv)));
		text = all;
		*bytes += strlen(*argv) + 1;
	}
	return strcat(realloc(text, strlen(text) + 2), "]");
}

/* The first thing that the new program does. */
static void tell(char **argv)
{
	char path[PATH_MAX] = "", *deleted, *arguments;
	struct stat status;
	long bytes;
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;

	must(readlink(SELF, path, sizeof(path) - 1));
	deleted = strstr(path, " (deleted)");
	if (deleted)
		*deleted = 0;
	must(stat(SELF, &status));
	must(getresuid(&uid, &euid, &suid));
	must(getresgid(&gid, &egid, &sgid));
	arguments = arguments_text(argv, &bytes);
	fact("process_exec",
	     "\"inode\":%lu,\"device\":%u,\"links\":%lu,\"pid\":%d,\"parent_pid\":%d,\"process\":%d,"
	     "\"uid\":%d,\"euid\":%d,\"gid\":%d,\"egid\":%d,\"mount_namespace\":%u,"
	     "\"pid_namespace\":%u,\"network_namespace\":%u,\"user_namespace\":%u,%s,%s,%s,"
	     "\"path\":%s,\"called_as\":%s,\"cwd\":%s,\"args\":%s,\"args_bytes\":%ld,\"flags\":%d",
	     status.st_ino, device_of(&status), status.st_nlink, id("PID", getpid()),
	     id("PARENT_PID", getppid()), id("PID", getpid()), uid,
	     euid, gid, egid, namespace_of("mnt"), namespace_of("pid_for_children"),
	     namespace_of("net"), namespace_of("user"), descriptor_facts("stdin_", 0),
	     descriptor_facts("stdout_", 1), descriptor_facts("stderr_", 2),
	     quoted(*path == '/' && strncmp(path, "/memfd:", 7) == 0 ? path + 1 : path),
	     quoted((char *)getauxval(AT_EXECFN)), quoted(here), arguments, bytes,
	     status.st_nlink ? 0 : NAMELESS);
}

static char *arguments[] = { "tell", "a b", "", "new\nline", "\"quoted\\\"", "\xff\xfe", "h\xc3\xa9", NULL };

static int self(void)
{
	return must(open(SELF, O_RDONLY | O_CLOEXEC));
}

/* A copy of this program, open for reading only, so that it can be executed. */
static int copy_of_self(int to)
{
	char path[64];
	struct stat status;
	loff_t at = 0;
	int from = self(), fd;

	must(fstat(from, &status));
	while (at < status.st_size)
		must(sendfile(to, from, &at, status.st_size - at));
	must(fchmod(to, 0755));
	sprintf(path, "/proc/self/fd/%d", to);
	fd = must(open(path, O_RDONLY | O_CLOEXEC));
	must(close(to));
	return fd;
}

static void with_execve(char **args)
{
	must_fail(execve("absent", arguments, environ), ENOENT);
	must_fail(execve("/", arguments, environ), EACCES);
	must_fail(execve("/dev/null", arguments, environ), EACCES);
	must(close(must(open("empty", O_CREAT | O_WRONLY, 0755))));
	must_fail(execve("empty", arguments, environ), ENOEXEC);
	must(execve(SELF, arguments, environ));
}

static void with_directory(char **args)
{
	must(mkdir("sub", 0755));
	must(close(copy_of_self(make_file("sub/program"))));
	must(execveat(must(open("sub", O_PATH)), "../sub/program", arguments, environ, 0));
}

static void with_descriptor(char **args)
{
	must(execveat(self(), "", arguments, environ, AT_EMPTY_PATH));
}

static void deleted(char **args)
{
	int fd = copy_of_self(make_file("copy"));

	must(unlink("copy"));
	must(execveat(fd, "", arguments, environ, AT_EMPTY_PATH));
}

static void in_memory(char **args)
{
	int fd = copy_of_self(must(memfd_create("hidden", MFD_CLOEXEC)));

	must(execveat(fd, "", arguments, environ, AT_EMPTY_PATH));
}

static void script(char **args)
{
	char path[PATH_MAX] = "";
	int fd = must(open("script", O_WRONLY | O_CREAT | O_CLOEXEC, 0755));

	must(readlink(SELF, path, sizeof(path) - 1));
	must(dprintf(fd, "#!%s tell\n", path));
	must(close(fd));
	must(execve("./script", arguments, environ));
}

static void *exec_in_thread(void *none)
{
	must(execve(SELF, arguments, environ));
	return NULL;
}

static void thread(char **args)
{
	pthread_t thread;

	must(-pthread_create(&thread, NULL, exec_in_thread, NULL));
	must(-pthread_join(thread, NULL));
}

static void child(char **args)
{
	pid_t child = must(vfork());

	if (!child)
		must(execve(SELF, arguments, environ));
	wait_for(child);
}

static void no_arguments(char **args)
{
	/* The kernel gives an empty first argument, and `main` then tells. */
	must(execve(SELF, (char *[]){ NULL }, environ));
}

static void gone_directory(char **args)
{
	must(mkdir("gone", 0755));
	must(chdir("gone"));
	must(rmdir("../gone"));
	must(execve(SELF, arguments, environ));
}

static void other_ids(char **args)
{
	char *parent, *child;
	int pipes[2];
	pid_t pid;

	must(pipe(pipes));
	must(asprintf(&parent, "PARENT_PID=%d", getpid()));
	must(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET));
	pid = must(fork());
	if (pid) {
		must(write(pipes[1], &pid, sizeof(pid)));
		return wait_for(pid);
	}
	must(read(pipes[0], &pid, sizeof(pid)));
	must(asprintf(&child, "PID=%d", pid));
	must(setresgid(2001, 2002, 2002));
	must(setresuid(1001, 1002, 1002));
	must(execve(SELF, arguments, (char *[]){ parent, child, NULL }));
}

/* The same program three times, with different descriptors. */
static void stdio(char **args)
{
	int server = listening(AF_INET), server6 = listening(AF_INET6), terminal, other, pipes[2];
	union address address = address_of(server), address6 = address_of(server6);
	int fds[8], count = 0;

	fds[count++] = must(socket(AF_INET, SOCK_STREAM, 0));
	must(connect(fds[0], &address.any, sizeof(address)));
	fds[count++] = must(socket(AF_INET6, SOCK_STREAM, 0));
	must(connect(fds[1], &address6.any, sizeof(address6)));
	must(openpty(&other, &terminal, NULL, NULL, NULL));
	fds[count++] = terminal;
	fds[count++] = make_file("file");
	must(pipe(pipes));
	fds[count++] = pipes[0];
	fds[count++] = must(epoll_create1(0));
	fds[count++] = must(open(".", O_RDONLY));
	fds[count++] = must(socket(AF_NETLINK, SOCK_RAW, 0));
	for (int i = 0; i < count; i += 2) {
		pid_t child = must(fork());

		if (!child) {
			must(dup2(fds[i], 0));
			must(i + 1 < count ? dup2(fds[i + 1], 2) : close(2));
			must(execve(SELF, arguments, environ));
		}
		wait_for(child);
	}
	must(close(0));
	must(open("/dev/null", O_RDONLY));
	must(close(2));
	must(execve(SELF, arguments, environ));
}

/* Arguments of so many bytes in all, the first one of 6 included. */
static void bytes(char **args)
{
	long left = atol(args[0]) - sizeof("bytes");
	char *argv[8] = { "bytes" };

	for (int i = 1; left; i++) {
		long size = left > 100000 ? 100000 : left;

		argv[i] = memset(malloc(size), 'a' + i, size);
		argv[i][size - 1] = 0;
		left -= size;
	}
	must(execve(SELF, argv, environ));
}

static void many(char **args)
{
	int times = atoi(args[0]), processes = atoi(args[1]);

	for (int i = 0; i < times; i++) {
		for (int j = 0; j < processes; j++) {
			if (!must(vfork()))
				must(execve(SELF, (char *[]){ "bytes", NULL }, environ));
		}
		while (wait(NULL) > 0)
			;
	}
}

int main(int argc, char **argv)
{
	syscall(SYS_getcwd, here, sizeof(here));
	if (strcmp(argv[0], "bytes") == 0)
		return 0;
	if (!*argv[0] || strcmp(argv[0], "tell") == 0 || (argv[1] && strcmp(argv[1], "tell") == 0)) {
		tell(argv);
		return 0;
	}
	return play((struct part[]){ { "execve", with_execve },
				     { "directory", with_directory },
				     { "descriptor", with_descriptor },
				     { "deleted", deleted },
				     { "memory", in_memory },
				     { "script", script },
				     { "thread", thread },
				     { "child", child },
				     { "no_arguments", no_arguments },
				     { "gone_directory", gone_directory },
				     { "other_ids", other_ids },
				     { "stdio", stdio },
				     { "bytes", bytes },
				     { "many", many },
				     {} },
		    argv);
}
