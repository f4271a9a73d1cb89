/* Reaches into other processes in every way. */
#include "act.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <elf.h>

/* A name that was read from the caller's memory; kernels that resolve names show their copy. */
#define NAME_FLAG (RESOLVED ? 0 : 4)

static long word = 42;
static const char *relation = "descendant", *comm = "access";

/* A fact about an access to `target`. The test adds what only it knows: the target's key and time. */
#define tell(target, way, ...) tell_as(target, way, "\"target_uid\":0,\"error\":0," __VA_ARGS__)
#define tell_as(target, way, ...) tell_(target, way, "" __VA_ARGS__)
static void tell_(pid_t target, const char *way, const char *format, ...)
{
	char link[64], program[PATH_MAX], more[256];
	va_list values;
	ssize_t length;

	sprintf(link, "/proc/%d/exe", target);
	length = readlink(link, program, sizeof(program) - 1);
	if (length < 0) /* not permitted to us, and the same program */
		length = must(readlink("/proc/self/exe", program, sizeof(program) - 1));
	program[length] = 0;
	va_start(values, format);
	vsnprintf(more, sizeof(more), format, values);
	va_end(values);
	fact("process_access",
	     "\"target_pid\":%d,\"way\":\"%s\",%s\"relation\":\"%s\",\"target_path\":%s,\"target_comm\":\"%s\"",
	     target, way, more, relation, quoted(program), comm);
}

#define NOT_TRACED "\"traced\":\"no\","
#define NO_FILE	   "\"request\":0,\"access\":\"none\"," NOT_TRACED

/* A process that waits for its end. */
static pid_t victim(void)
{
	pid_t child = must(fork());

	if (child)
		return child;
	must(prctl(PR_SET_PDEATHSIG, SIGKILL)); /* also when the act fails */
	for (;;)
		pause();
}

static void end(pid_t child)
{
	must(kill(child, SIGKILL));
	must(waitpid(child, NULL, __WALL));
}

static void ask(int request, pid_t child, void *address, void *data)
{
	must(syscall(SYS_ptrace, request, child, address, data));
}

static void asked(pid_t child, int request, const char *way, const char *traced)
{
	tell(child, way, "\"request\":%d,\"access\":\"none\",\"traced\":\"%s\",", request, traced);
}

static void requests(char **args)
{
	pid_t child = victim(), other = victim();
	union {
		char bytes[2048];
		struct user_regs_struct registers;
	} room;
	struct iovec all = { &room, sizeof(room) };
	long value;

	ask(PTRACE_ATTACH, child, 0, 0);
	asked(child, PTRACE_ATTACH, "attach", "yes");
	must(waitpid(child, NULL, __WALL));
	ask(PTRACE_PEEKDATA, child, &word, &value);
	asked(child, PTRACE_PEEKDATA, "read_memory", "yes");
	ask(PTRACE_PEEKTEXT, child, &word, &value); /* told already */
	ask(PTRACE_GETREGSET, child, (void *)NT_PRSTATUS, &all);
	asked(child, PTRACE_GETREGSET, "read_registers", "yes");
	ask(PTRACE_SETREGSET, child, (void *)NT_PRSTATUS, &all);
	asked(child, PTRACE_SETREGSET, "write_registers", "yes");
	ask(PTRACE_POKETEXT, child, &word, (void *)value);
	asked(child, PTRACE_POKETEXT, "write_memory", "yes");
	ask(PTRACE_POKEDATA, child, &word, (void *)value);
	ask(PTRACE_SETOPTIONS, child, 0, 0); /* of no interest */
	ask(PTRACE_DETACH, child, 0, 0);
	asked(child, PTRACE_DETACH, "detach", "no");
	ask(PTRACE_SEIZE, other, 0, 0);
	asked(other, PTRACE_SEIZE, "attach", "yes");
	/* No access: not stopped, and no such process. */
	must_fail(ptrace(PTRACE_PEEKDATA, other, &word, 0), ESRCH);
	must_fail(ptrace(PTRACE_ATTACH, 0x3fffff, 0, 0), ESRCH);
	end(child);
	end(other);
}

static void transfers(char **args)
{
	pid_t child = victim();
	struct iovec at = { &word, sizeof(word) };
	int pidfd = must(syscall(SYS_pidfd_open, child, 0));

	must(process_vm_readv(child, &at, 1, &at, 1, 0));
	tell(child, "vm_read", NO_FILE);
	must(process_vm_readv(child, &at, 1, &at, 1, 0));
	must(process_vm_writev(child, &at, 1, &at, 1, 0));
	tell(child, "vm_write", NO_FILE);
	must(syscall(SYS_pidfd_getfd, pidfd, 1, 0));
	tell(child, "take_descriptor", NO_FILE);
	must_fail(syscall(SYS_pidfd_getfd, pidfd, 77, 0), EBADF);
	must_fail(process_vm_readv(0x3fffff, &at, 1, &at, 1, 0), ESRCH);
	end(child);
}

static void open_entry(pid_t child, const char *name, int flags, const char *way, const char *access)
{
	char *path;

	must(asprintf(&path, "/proc/%d/%s", child, name));
	must(close(must(open(path, flags))));
	if (way)
		tell(child, way, "\"request\":0,\"access\":\"%s\",%s", access, NOT_TRACED);
}

static void files(char **args)
{
	pid_t child = victim();

	open_entry(child, "mem", O_RDONLY, "memory_file", "read");
	open_entry(child, "mem", O_RDWR, "memory_file", "read_write");
	open_entry(child, "mem", O_WRONLY, "memory_file", "write");
	open_entry(child, "environ", O_RDONLY, "environment", "read");
	open_entry(child, "maps", O_RDONLY, "maps", "read");
	open_entry(child, "smaps", O_RDONLY, NULL, NULL); /* told already */
	open_entry(child, "fd", O_RDONLY | O_DIRECTORY, "descriptor_list", "read");
	/* What everybody may see is no access. */
	open_entry(child, "stat", O_RDONLY, NULL, NULL);
	open_entry(child, "cmdline", O_RDONLY, NULL, NULL);
	open_entry(child, "status", O_RDONLY, NULL, NULL);
	open_entry(child, "net/dev", O_RDONLY, NULL, NULL);
	end(child);
}

/* The caller's name tells of these; on kernels that show their copy of it, it is no mere word. */
#define BY_NAME "\"request\":0,\"access\":\"none\",\"flags\":%d," NOT_TRACED

static void behind(char **args)
{
	int file = make_file("file");
	pid_t child = victim();
	char name[32];

	sprintf(name, "fd/%d", file);
	open_entry(child, name, O_RDONLY, NULL, NULL);
	tell(child, "descriptor_file", BY_NAME, NAME_FLAG);
	open_entry(child, "root/etc/passwd", O_RDONLY, NULL, NULL);
	tell(child, "root", BY_NAME, NAME_FLAG);
	open_entry(child, "cwd", O_RDONLY | O_DIRECTORY, NULL, NULL);
	tell(child, "working_directory", BY_NAME, NAME_FLAG);
	end(child);
}

/* However the file is named: each time of another process. */
static void names(char **args)
{
	static const char *ways[] = {
		"/proc/%d/task/%d/mem",
		"../../../../../../../../../../../proc/%d/mem",
		"/proc/self/root/proc/./%d//mem",
		"link/%d/mem",
	};
	char path[PATH_MAX];
	int directory;
	pid_t child;

	must(symlink("/proc", "link"));
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		child = victim();
		snprintf(path, sizeof(path), ways[i], child, child);
		must(close(must(open(path, O_RDONLY))));
		tell(child, "memory_file", "\"request\":0,\"access\":\"read\",%s", NOT_TRACED);
		end(child);
	}
	child = victim();
	sprintf(path, "/proc/%d", child);
	directory = must(open(path, O_PATH | O_DIRECTORY));
	must(close(must(openat(directory, "mem", O_RDONLY))));
	tell(child, "memory_file", "\"request\":0,\"access\":\"read\",%s", NOT_TRACED);
	must(chdir(path));
	must(close(must(open("environ", O_RDONLY))));
	tell(child, "environment", "\"request\":0,\"access\":\"read\",%s", NOT_TRACED);
	end(child);
}

static void *own_thread(void *unused)
{
	char path[64];

	sprintf(path, "/proc/self/task/%d/mem", getpid());
	must(close(must(open(path, O_RDONLY))));
	must(close(must(open("/proc/thread-self/environ", O_RDONLY))));
	return NULL;
}

static int sharing(void *parent)
{
	char path[64];

	sprintf(path, "/proc/%d/mem", (int)(long)parent);
	must(close(must(open(path, O_RDWR))));
	must(syscall(SYS_ptrace, PTRACE_SEIZE, parent, 0, 0));
	return 0;
}

/* Own memory is no other process's; a program after an exec is another one. */
static void own(char **args)
{
	static char stack[65536];
	struct iovec at = { &word, sizeof(word) };
	pthread_t thread;

	must(close(must(open("/proc/self/mem", O_RDWR))));
	must(close(must(open("/proc/self/fd", O_RDONLY))));
	must(process_vm_readv(getpid(), &at, 1, &at, 1, 0));
	must(-pthread_create(&thread, NULL, own_thread, NULL));
	must(-pthread_join(thread, NULL));
	wait_for(must(clone(sharing, stack + sizeof(stack), CLONE_VM | SIGCHLD, (void *)(long)getpid())));
	if (*args)
		must(execl("/proc/self/exe", "access", "parent", NULL));
}

/* A child that reads its parent, and the child of another. */
static void relatives(char **args)
{
	pid_t sibling = victim(), parent = getpid(), child = must(fork());

	if (child)
		return wait_for(child);
	relation = "ancestor";
	open_entry(parent, "environ", O_RDONLY, "environment", "read");
	relation = "job";
	open_entry(sibling, "environ", O_RDONLY, "environment", "read");
	must(kill(sibling, SIGKILL));
}

/* In a namespace where the process has another number. */
static void inside(char **args)
{
	struct iovec at = { &word, sizeof(word) };
	pid_t child;

	must(unshare(CLONE_NEWPID));
	child = must(fork());
	if (child)
		return wait_for(child);
	child = victim();
	if (child != 2)
		fprintf(stderr, "not in a namespace of its own: %d\n", child);
	must(process_vm_readv(child, &at, 1, &at, 1, 0));
	end(child);
}

/* A process of no job, whose program has the name that is given. */
static void outside(char **args)
{
	pid_t target = atoi(args[0]);

	relation = "outside";
	comm = args[1];
	open_entry(target, "mem", O_RDONLY, "memory_file", "read");
	open_entry(target, "environ", O_RDONLY, "environment", "read");
}

static void refuse_open(pid_t child, const char *name, const char *way)
{
	char path[64];

	sprintf(path, "/proc/%d/%s", child, name);
	must_fail(open(path, O_RDONLY), EACCES);
	tell_as(child, way, "\"target_uid\":0,\"error\":13," BY_NAME, NAME_FLAG);
}

static void refused(char **args)
{
	pid_t child = victim(), nobody = must(fork());
	struct iovec at = { &word, sizeof(word) };
	int pidfd = must(syscall(SYS_pidfd_open, child, 0));

	if (nobody) {
		wait_for(nobody);
		return end(child);
	}
	relation = "job";
	must(setresuid(65534, 65534, 65534));
#define REFUSED "\"target_uid\":0,\"error\":1,\"request\":%d,\"access\":\"none\"," NOT_TRACED
	must_fail(ptrace(PTRACE_ATTACH, child, 0, 0), EPERM);
	tell_as(child, "attach", REFUSED, PTRACE_ATTACH);
	must_fail(process_vm_readv(child, &at, 1, &at, 1, 0), EPERM);
	tell_as(child, "vm_read", REFUSED, 0);
	must_fail(process_vm_writev(child, &at, 1, &at, 1, 0), EPERM);
	tell_as(child, "vm_write", REFUSED, 0);
	must_fail(syscall(SYS_pidfd_getfd, pidfd, 1, 0), EPERM);
	tell_as(child, "take_descriptor", REFUSED, 0);
	refuse_open(child, "mem", "memory_file");
	refuse_open(child, "environ", "environment");
	refuse_open(child, "fd/", "descriptor_list");
	refuse_open(child, "fd/0", "descriptor_file");
	refuse_open(child, "root/etc/passwd", "root");
}

/* Makes more records than the rings hold, does it, and again when it is told to. */
static void again(char **args)
{
	pid_t child = victim();

	for (int i = 0; i < 200; i++)
		end(victim());
	open_entry(child, "environ", O_RDONLY, NULL, NULL);
	printf("full\n");
	fflush(stdout);
	getchar();
	open_entry(child, "environ", O_RDONLY, NULL, NULL);
	open_entry(child, "environ", O_RDONLY, NULL, NULL);
	end(child);
}

/* Two programs of one process do the same. */
static void twice(char **args)
{
	pid_t child = *args ? atoi(*args) : victim();
	char number[16];

	open_entry(child, "environ", O_RDONLY, "environment", "read");
	if (*args)
		return end(child);
	sprintf(number, "%d", child);
	must(execl("/proc/self/exe", "access", "twice", number, NULL));
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "requests", requests },
				     { "transfers", transfers },
				     { "files", files },
				     { "behind", behind },
				     { "names", names },
				     { "own", own },
				     { "relatives", relatives },
				     { "inside", inside },
				     { "outside", outside },
				     { "refused", refused },
				     { "again", again },
				     { "twice", twice },
				     {} },
		    argv);
}
