/* Calls through the 32-bit entry of x86-64, from a 64-bit program: addresses must be small. */
#include "act.h"
#include <sys/mman.h>

/* arch/x86/entry/syscalls/syscall_32.tbl */
enum {
	OPEN = 5,
	UNLINK = 10,
	RENAME = 38,
	FCNTL = 55,
	DUP2 = 63,
	SYMLINK = 83,
	FTRUNCATE = 93,
	SENDFILE = 187,
	TRUNCATE64 = 193,
	FTRUNCATE64 = 194,
	FCNTL64 = 221,
	SENDFILE64 = 239,
	OPENAT = 295,
};

static int call4(int number, long a, long b, long c, long d)
{
	int result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d)
		     : "memory", "r8", "r9", "r10", "r11");
	errno = result < 0 ? -result : 0;
	return result < 0 ? -1 : result;
}

static int call(int number, long a, long b, long c)
{
	return call4(number, a, b, c, 0);
}

static char *low(const char *text)
{
	static char *next;

	if (!next)
		next = (void *)must(mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
	next = stpcpy(next, text) + 1;
	return next - strlen(text) - 1;
}

#define ADDRESS(text) ((long)low(text))

static void opened(int fd, const char *access, const char *created)
{
	struct stat status;

	must(fstat(fd, &status));
	fact("file_open",
	     "\"inode\":%lu,\"device\":%u,\"mode\":%u,\"open_flags\":%d,\"access\":\"%s\","
	     "\"created\":\"%s\",\"path\":%s",
	     status.st_ino, device_of(&status), status.st_mode, (int)must(fcntl(fd, F_GETFL)), access,
	     created, quoted(at_here("a")));
}

static void calls(char **args)
{
	int fd = must(call(OPEN, ADDRESS("a"), O_CREAT | O_RDWR, 0600));

	opened(fd, "read_write", "yes");
	opened(must(call(OPENAT, AT_FDCWD, ADDRESS("a"), O_RDONLY)), "read", "no");
	must_fail(call(OPEN, ADDRESS("absent"), O_RDONLY, 0), ENOENT);
	must(call(RENAME, ADDRESS("a"), ADDRESS("b"), 0));
	fact("file_rename", "\"path\":%s,\"new_path\":%s,\"rename_flags\":0,\"flags\":%d",
	     quoted(at_here("a")), quoted(at_here("b")), UNRESOLVED);
	must(call(FTRUNCATE, fd, 7, 0));
	fact("file_truncate", "\"path\":%s,\"length\":7", quoted(at_here("b")));
	must(call(TRUNCATE64, ADDRESS("b"), 5, 1));
	fact("file_truncate", "\"path\":%s,\"length\":%ld,\"flags\":%d", quoted(at_here("b")),
	     5 + (1L << 32), UNRESOLVED);
	must(call(FTRUNCATE64, fd, 9, 0));
	fact("file_truncate", "\"path\":%s,\"length\":9", quoted(at_here("b")));
	must(call(SYMLINK, ADDRESS("there"), ADDRESS("link"), 0));
	fact("file_symlink", "\"path\":%s,\"target\":\"there\",\"flags\":%d", quoted(at_here("link")),
	     UNRESOLVED);
	must(call(UNLINK, ADDRESS("link"), 0, 0));
	fact("file_unlink", "\"path\":%s,\"directory\":\"no\",\"flags\":%d", quoted(at_here("link")),
	     UNRESOLVED);
	must_fail(call(UNLINK, ADDRESS("link"), 0, 0), ENOENT);
}

static void descriptors(char **args)
{
	int source = make_file("source"), old = make_file("old"), new = make_file("new");

	must(pwrite(source, "text", 4, 0));
	must(call4(SENDFILE, old, source, 0, 4));
	must(lseek(source, 0, SEEK_SET));
	must(call4(SENDFILE64, new, source, 0, 4));
	must(call(DUP2, old, 0, 0));
	must(close(0));
	must(call(FCNTL, new, F_DUPFD, 0));
	must(close(0));
	must(call(FCNTL64, source, F_DUPFD_CLOEXEC, 0));
	fact("paths", "\"source\":%s,\"old\":%s,\"new\":%s", quoted(at_here("source")),
	     quoted(at_here("old")), quoted(at_here("new")));
	fact("numbers", "\"all\":[%d,%d,%d]", old, new, source);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, { "descriptors", descriptors }, {} }, argv);
}
