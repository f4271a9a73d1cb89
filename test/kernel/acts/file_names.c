/* Calls that take names: rename, link, symlink, unlink, chmod, truncate; each way of each. */
#include "act.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

static int below; /* a descriptor of `sub` */

static void prepare(void)
{
	must(mkdir("sub", 0755));
	below = must(open("sub", O_RDONLY | O_DIRECTORY));
	must(close(make_file("a")));
	must(close(make_file("sub/b")));
}

static void renamed(const char *from, const char *to, int flags)
{
	fact("file_rename", "\"path\":%s,\"new_path\":%s,\"rename_flags\":%d,\"flags\":%d",
	     quoted(from), quoted(to), flags, UNRESOLVED);
}

static void renames(char **args)
{
	prepare();
	must(syscall(SYS_rename, "a", "c"));
	renamed(at_here("a"), at_here("c"), 0);
	must(syscall(SYS_renameat, AT_FDCWD, "c", below, "d"));
	renamed(at_here("c"), at_here("sub/d"), 0);
	must(syscall(SYS_renameat2, below, "b", below, "d", RENAME_EXCHANGE));
	renamed(at_here("sub/b"), at_here("sub/d"), RENAME_EXCHANGE);
	must(renameat2(below, "b", AT_FDCWD, at_here("e"), RENAME_NOREPLACE));
	renamed(at_here("sub/b"), at_here("e"), RENAME_NOREPLACE);
	must(rename(at_here("e"), "./sub/..//f"));
	renamed(at_here("e"), at_here("f"), 0);
	must(rename("sub/", "directory"));
	renamed(at_here("sub"), at_here("directory"), 0);
	must_fail(rename("absent", "g"), ENOENT);
	must_fail(renameat2(below, "d", AT_FDCWD, "f", RENAME_NOREPLACE), EEXIST);
	must_fail(renameat2(below, "d", AT_FDCWD, "absent", RENAME_EXCHANGE), ENOENT);
	must_fail(syscall(SYS_renameat, 77, "d", AT_FDCWD, "g"), EBADF);
}

static void linked(const char *from, const char *to, int flags)
{
	fact("file_link", "\"path\":%s,\"new_path\":%s,\"flags\":%d", quoted(from), quoted(to), flags);
}

/* The name that the kernel gives to a file without one. */
static char *unnamed(int fd)
{
	struct stat status;
	char *name;

	must(fstat(fd, &status));
	must(asprintf(&name, "#%lu", status.st_ino));
	return at_here(name);
}

static void links(char **args)
{
	char *name;
	int fd;

	prepare();
	must(syscall(SYS_link, "a", "c"));
	linked(at_here("a"), at_here("c"), UNRESOLVED);
	must(linkat(below, "b", AT_FDCWD, at_here("d"), 0));
	linked(at_here("sub/b"), at_here("d"), UNRESOLVED);
	fd = must(open("a", O_RDONLY));
	must(linkat(fd, "", below, "e", AT_EMPTY_PATH));
	linked(at_here("a"), at_here("sub/e"), UNRESOLVED);
	must(symlink("a", "s"));
	must(linkat(AT_FDCWD, "s", AT_FDCWD, "f", AT_SYMLINK_FOLLOW));
	linked(at_here(RESOLVED ? "a" : "s"), at_here("f"), UNRESOLVED);
	fd = must(open(".", O_TMPFILE | O_RDWR, 0600));
	must(asprintf(&name, "/proc/self/fd/%d", fd));
	must(linkat(AT_FDCWD, name, AT_FDCWD, "g", AT_SYMLINK_FOLLOW));
	linked(RESOLVED ? unnamed(fd) : name, at_here("g"), UNRESOLVED);
	must_fail(link("a", "c"), EEXIST);
	must_fail(link("sub", "h"), EPERM);
	must_fail(linkat(AT_FDCWD, "", AT_FDCWD, "h", AT_EMPTY_PATH), EPERM);
	must_fail(linkat(77, "", AT_FDCWD, "h", AT_EMPTY_PATH), EBADF);
}

static void symlinked(const char *link, const char *target)
{
	fact("file_symlink", "\"path\":%s,\"target\":%s,\"flags\":%d", quoted(link), quoted(target),
	     UNRESOLVED);
}

static void symlinks(char **args)
{
	prepare();
	must(syscall(SYS_symlink, "a", "c"));
	symlinked(at_here("c"), "a");
	must(symlinkat("/no/such//../place", below, "d"));
	symlinked(at_here("sub/d"), "/no/such//../place");
	must(symlinkat("../a b\n", AT_FDCWD, at_here("e")));
	symlinked(at_here("e"), "../a b\n");
	must_fail(symlink("a", "c"), EEXIST);
	must_fail(symlink("", "f"), ENOENT);
	must_fail(symlinkat("a", 77, "f"), EBADF);
}

static void unlinked(const char *path, const char *directory)
{
	fact("file_unlink", "\"path\":%s,\"directory\":\"%s\",\"flags\":%d", quoted(path), directory,
	     UNRESOLVED);
}

static void unlinks(char **args)
{
	prepare();
	must(symlink("a", "s"));
	must(syscall(SYS_unlink, "s"));
	unlinked(at_here("s"), "no");
	must(syscall(SYS_unlink, at_here("a")));
	unlinked(at_here("a"), "no");
	must(unlinkat(below, "b", 0));
	unlinked(at_here("sub/b"), "no");
	must(mkdirat(below, "x", 0700));
	must_fail(unlinkat(below, "x", 0), EISDIR);
	must_fail(rmdir("sub"), ENOTEMPTY);
	must(unlinkat(below, "x", AT_REMOVEDIR));
	unlinked(at_here("sub/x"), "yes");
	must(syscall(SYS_rmdir, "sub"));
	unlinked(at_here("sub"), "yes");
	must_fail(unlink("a"), ENOENT);
	must_fail(unlinkat(AT_FDCWD, "a", AT_REMOVEDIR), ENOENT);
	must_fail(unlink((char *)1), EFAULT);
}

static void changed(const char *path, unsigned int mode, int flags)
{
	fact("file_chmod", "\"path\":%s,\"mode\":%u,\"flags\":%d", quoted(path), mode, flags);
}

static void chmods(char **args)
{
	int fd;

	prepare();
	must(syscall(SYS_chmod, "a", 04755));
	changed(at_here("a"), 04755, UNRESOLVED);
	fd = must(open("a", O_RDONLY));
	must(fchmod(fd, 0600));
	changed(at_here("a"), 0600, 0);
	must(syscall(SYS_fchmodat, below, "b", S_IFREG | 02711));
	changed(at_here("sub/b"), 02711, UNRESOLVED);
	if (syscall(SYS_fchmodat2, -1, "", 0, 0) < 0 && errno != ENOSYS) {
		must(syscall(SYS_fchmodat2, below, "b", 0640, AT_SYMLINK_NOFOLLOW));
		changed(at_here("sub/b"), 0640, UNRESOLVED);
		must(syscall(SYS_fchmodat2, fd, "", 0644, AT_EMPTY_PATH));
		changed(at_here("a"), 0644, 0);
		must(syscall(SYS_fchmodat2, AT_FDCWD, "", 01755, AT_EMPTY_PATH));
		changed(here, 01755, 0);
		must_fail(syscall(SYS_fchmodat2, fd, "", 0700, 0), ENOENT);
	}
	must(chmod("sub", 0));
	changed(at_here("sub"), 0, UNRESOLVED);
	must(unlink("a"));
	must(fchmod(fd, 0400));
	changed(at_here("a"), 0400, 8);
	must_fail(chmod("absent", 0700), ENOENT);
	must_fail(fchmod(77, 0700), EBADF);
	must_fail(syscall(SYS_fchmodat, 77, "a", 0700), EBADF);
}

static void truncated(const char *path, long length, int flags)
{
	fact("file_truncate", "\"path\":%s,\"length\":%ld,\"flags\":%d", quoted(path), length, flags);
}

static void truncates(char **args)
{
	int fd;

	prepare();
	must(syscall(SYS_truncate, "a", 5));
	truncated(at_here("a"), 5, UNRESOLVED);
	must(truncate("sub/b", 5L << 30)); /* more than 32 bits hold; sparse */
	truncated(at_here("sub/b"), 5L << 30, UNRESOLVED);
	fd = must(open("a", O_RDWR));
	must(syscall(SYS_ftruncate, fd, 0));
	truncated(at_here("a"), 0, 0);
	must(unlink("a"));
	must(ftruncate(fd, 3));
	truncated(at_here("a"), 3, 8);
	must_fail(truncate("absent", 1), ENOENT);
	must_fail(truncate("sub", 1), EISDIR);
	must_fail(truncate("sub/b", -1), EINVAL);
	must_fail(ftruncate(below, 1), EINVAL);
}

/* A name that was caught in a call that failed must not be taken for one that was not caught. */
static void stale(char **args)
{
	static char name[PATH_MAX];

	must(close(make_file("z")));
	strcpy(name, "wrong");
	must_fail(unlink(name), ENOENT);
	/* Too long for the kernel's usual copy, which is the one that remembers the pointer. */
	for (size_t i = 0; i < sizeof(name) - 4; i += 2)
		strcpy(name + i, "./");
	strcpy(name + sizeof(name) - 4, "z");
	must(unlink(name));
	unlinked(at_here("z"), "no");
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "renames", renames },
				     { "links", links },
				     { "symlinks", symlinks },
				     { "unlinks", unlinks },
				     { "chmods", chmods },
				     { "truncates", truncates },
				     { "stale", stale },
				     {} },
		    argv);
}
