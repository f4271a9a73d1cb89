/* Writes files in every way. */
#include "act.h"
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void tell(int fd, const char *name, const char *how, int flags)
{
	struct stat status;

	must(fstat(fd, &status));
	fact("file_write",
	     "\"inode\":%lu,\"device\":%u,\"mode\":%u,\"how\":\"%s\",\"path\":%s,\"flags\":%d,"
	     "\"process\":%d",
	     status.st_ino, device_of(&status), status.st_mode, how, quoted(at_here(name)), flags,
	     getpid());
}

static struct iovec text = { "text", 4 };

/* Each call writes a file of its own, twice: the second time is not news. */
static void calls(char **args)
{
	int pipes[2], source = make_file("source");
	loff_t none = 0;

	must(write(source, "text", 4));
	tell(source, "source", "write", 0);
	must(pipe(pipes));
#define EACH(name, call)                                                                           \
	do {                                                                                       \
		int fd = make_file(name);                                                          \
		must(call);                                                                        \
		tell(fd, name, "write", 0);                                                        \
		none = 0;                                                                          \
		must(call);                                                                        \
	} while (0)
	EACH("write", write(fd, "text", 4));
	EACH("pwrite", pwrite(fd, "text", 4, 9));
	EACH("writev", writev(fd, &text, 1));
	EACH("pwritev", pwritev(fd, &text, 1, 9));
	EACH("pwritev2", pwritev2(fd, &text, 1, 9, RWF_DSYNC));
	EACH("sendfile", sendfile(fd, source, &none, 4));
	EACH("copy", copy_file_range(source, &none, fd, NULL, 4, 0));
	EACH("splice", write(pipes[1], "text", 4) + splice(pipes[0], NULL, fd, NULL, 4, 0));
	EACH("fallocate", fallocate(fd, 0, 0, 4096));
#undef EACH
}

static void maps(char **args)
{
	int fd = make_file("map"), other = make_file("validated");

	must(ftruncate(fd, 4096));
	must(ftruncate(other, 4096));
	must(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
	must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	tell(fd, "map", "map", 0);
	must(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, fd, 0));
	must(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED_VALIDATE, other, 0));
	tell(other, "validated", "map", 0);
	must(write(fd, "text", 4));
	tell(fd, "map", "write", 0);
}

static void *write_again(void *fd)
{
	must(write(*(int *)fd, "text", 4));
	return NULL;
}

/* Who and what is the same: a thread is, a child is not; a new file with an old inode is not. */
static void again(char **args)
{
	int fd = make_file("one"), other = make_file("two");
	pthread_t thread;
	pid_t child;

	must(write(fd, "text", 4));
	tell(fd, "one", "write", 0);
	must(write(other, "text", 4));
	tell(other, "two", "write", 0);
	must(write(fd, "text", 4));
	must(-pthread_create(&thread, NULL, write_again, &fd));
	must(-pthread_join(thread, NULL));
	child = must(fork());
	if (!child) {
		must(write(fd, "text", 4));
		tell(fd, "one", "write", 0);
		must(write(fd, "text", 4));
		_exit(0);
	}
	wait_for(child);
	must(unlink("two"));
	must(write(other, "text", 4));
	for (int i = 0; i < 20; i++) {
		fd = make_file("new");
		must(write(fd, "text", 4));
		tell(fd, "new", "write", 0);
		must(unlink("new"));
		must(close(fd));
	}
}

static void nothing(char **args)
{
	void *volatile nowhere = (void *)1; /* volatile: the compiler would see that it is wrong */
	struct rlimit none = { 0, RLIM_INFINITY };
	int fd = make_file("file"), sockets[2], pipes[2], device = must(open("/dev/null", O_WRONLY));

	must(pipe(pipes));
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	must(write(pipes[1], "text", 4));
	must(write(sockets[1], "text", 4));
	must(write(device, "text", 4));
	must(write(fd, "text", 0));
	must_fail(write(77, "text", 4), EBADF);
	must_fail(write(fd, nowhere, 4), EFAULT);
	must_fail(write(must(open("file", O_RDONLY)), "text", 4), EBADF);
	signal(SIGXFSZ, SIG_IGN);
	must(setrlimit(RLIMIT_FSIZE, &none));
	must_fail(write(fd, "text", 4), EFBIG);
	must_fail(fallocate(fd, 0, 0, 4096), EFBIG);
	must_fail(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, must(open("file", O_RDONLY)), 0), EACCES);
	none.rlim_cur = RLIM_INFINITY;
	must(setrlimit(RLIMIT_FSIZE, &none));
	must(unlink("file"));
	must(write(fd, "text", 4));
	tell(fd, "file", "write", 8);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls },
				     { "maps", maps },
				     { "again", again },
				     { "nothing", nothing },
				     {} },
		    argv);
}
