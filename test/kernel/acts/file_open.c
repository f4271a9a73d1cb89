/* Opens files in every way. */
#include "act.h"
#include <linux/openat2.h>

#define NAMELESS 8

/* Tells what a descriptor is that an open has just given. */
static void tell(int fd, const char *path, const char *created, int flags)
{
	static const char *const words[] = { "read", "write", "read_write", "none" };
	struct stat status;
	int kept = must(fcntl(fd, F_GETFL));

	must(fstat(fd, &status));
	fact("file_open",
	     "\"inode\":%lu,\"device\":%u,\"mode\":%u,\"open_flags\":%d,\"access\":\"%s\","
	     "\"created\":\"%s\",\"path\":%s,\"flags\":%d",
	     status.st_ino, device_of(&status), status.st_mode, kept,
	     words[kept & O_PATH ? 3 : kept & O_ACCMODE], created, quoted(path), flags);
}

static void calls(char **args)
{
	struct open_how how = { .flags = O_RDWR | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
	union {
		struct file_handle handle;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} file = { .handle.handle_bytes = MAX_HANDLE_SZ };
	int directory, mount;

	tell(must(openat(AT_FDCWD, "new", O_CREAT | O_EXCL | O_WRONLY, 0640)), at_here("new"), "yes", 0);
	tell(must(syscall(SYS_open, "new", O_RDONLY | O_CLOEXEC)), at_here("new"), "no", 0);
	tell(must(syscall(SYS_openat2, AT_FDCWD, "new", &how, sizeof(how))), at_here("new"), "no", 0);
	tell(must(syscall(SYS_creat, "made", 0600)), at_here("made"), "yes", 0);
	tell(must(syscall(SYS_creat, "made", 0600)), at_here("made"), "no", 0);
	directory = must(open(".", O_RDONLY | O_DIRECTORY));
	tell(directory, here, "no", 0);
	tell(must(openat(directory, "made", O_RDWR | O_APPEND | O_NONBLOCK)), at_here("made"), "no", 0);
	must(name_to_handle_at(AT_FDCWD, "made", &file.handle, &mount, 0));
	tell(must(open_by_handle_at(directory, &file.handle, O_RDWR)), at_here("made"), "no", 0);
}

/* Names that stand for another one, and files that are not on a disk. */
static void kinds(char **args)
{
	char *name;
	int fd;

	must(mkdir("sub", 0755));
	tell(must(creat("file", 0644)), at_here("file"), "yes", 0);
	tell(must(open("file", O_RDONLY)), at_here("file"), "no", 0);
	must(symlink("sub/../file", "link"));
	tell(must(open(".//sub/.././link", O_RDONLY)), at_here("file"), "no", 0);
	tell(must(open("link", O_PATH | O_NOFOLLOW)), at_here("link"), "no", 0);
	tell(must(open("file", O_PATH)), at_here("file"), "no", 0);
	must(mkfifo("pipe", 0600));
	tell(must(open("pipe", O_RDWR)), at_here("pipe"), "no", 0);
	tell(must(open("/dev/null", O_WRONLY)), "/dev/null", "no", 0);
	tell(must(open("/", O_RDONLY)), "/", "no", 0);
	fd = must(open("file", O_RDWR));
	tell(fd, at_here("file"), "no", 0);
	must(unlink("file"));
	must(asprintf(&name, "/proc/self/fd/%d", fd));
	tell(must(open(name, O_RDONLY)), at_here("file"), "no", NAMELESS);
	fd = must(open(".", O_TMPFILE | O_RDWR, 0600));
	must(asprintf(&name, "/proc/self/fd/%d", fd));
	must(readlink(name, here, sizeof(here) - 1));
	*strstr(here, " (deleted)") = 0;
	tell(fd, here, "no", NAMELESS);
}

static void fails(char **args)
{
	struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_BENEATH };

	tell(make_file("file"), at_here("file"), "yes", 0);
	must(symlink("loop", "loop"));
	must_fail(open("absent", O_RDONLY), ENOENT);
	must_fail(open("file", O_CREAT | O_EXCL, 0600), EEXIST);
	must_fail(open("file/x", O_RDONLY), ENOTDIR);
	must_fail(open("loop", O_RDONLY), ELOOP);
	must_fail(open(".", O_WRONLY), EISDIR);
	must_fail(openat(77, "file", O_RDONLY), EBADF);
	must_fail(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)), EXDEV);
	must_fail(syscall(SYS_creat, "absent/file", 0600), ENOENT);
}

/* Opens one file so many times, from several processes at once. */
static void many(char **args)
{
	int times = atoi(args[0]), processes = atoi(args[1]);

	must(close(make_file("file")));
	for (int i = 0; i < processes; i++) {
		if (must(fork()))
			continue;
		for (int j = 0; j < times; j++)
			must(close(must(open("file", O_RDONLY))));
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, { "kinds", kinds }, { "fails", fails }, { "many", many }, {} },
		    argv);
}
