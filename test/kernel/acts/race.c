/*
 * Calls whose arguments another thread rewrites all the time. What the kernel really took shows in
 * what the call has done, and is told as one letter for each round.
 */
#include "socket.h"
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>

static char *volatile flipped; /* the byte that is rewritten */
static char first, second;

static void *flip(void *none)
{
	/* One store a round: an emulated processor is interrupted between rounds only. */
	for (char next = first;; next ^= first ^ second)
		*flipped = next;
	return NULL;
}

static void start_flipping(char *byte, char a, char b)
{
	pthread_t thread;

	flipped = byte;
	first = a;
	second = b;
	must(-pthread_create(&thread, NULL, flip, NULL));
}

static char *letters;
static int done;

/* Until there were so many rounds, and the kernel has taken both. */
static bool goes_on(char **args)
{
	int rounds = atoi(args[0]);

	if (done % rounds == 0) {
		letters = realloc(letters, done + rounds + 1);
		memset(letters + done, 0, rounds + 1);
	}
	return done < rounds || !strchr(letters, 'a') || !strchr(letters, 'b');
}

static void got(char letter)
{
	letters[done++] = letter;
}

static void tell(void)
{
	fact("race", "\"got\":\"%s\"", letters);
}

static void make_both(void)
{
	must(close(make_file("a")));
	must(close(make_file("b")));
}

/* Which of the two is gone; - for neither. */
static char gone(void)
{
	return access("a", F_OK) ? 'a' : access("b", F_OK) ? 'b' : '-';
}

static void opens(char **args)
{
	static char name[] = "a";
	char path[64], target[PATH_MAX];

	make_both();
	start_flipping(name, 'a', 'b');
	while (goes_on(args)) {
		int fd = must(openat(AT_FDCWD, name, O_RDONLY));

		sprintf(path, "/proc/self/fd/%d", fd);
		got(target[must(readlink(path, target, sizeof(target))) - 1]);
		must(close(fd));
	}
	tell();
}

static void unlinks(char **args)
{
	static char name[] = "a";

	start_flipping(name, 'a', 'b');
	while (goes_on(args)) {
		make_both();
		must(unlink(name));
		got(gone());
	}
	tell();
}

static void renames(char **args)
{
	static char name[] = "a";

	start_flipping(name, 'a', 'b');
	while (goes_on(args)) {
		make_both();
		must(rename(name, "target"));
		got(gone());
	}
	tell();
}

/* Both names are the same memory, so that the kernel may read two different ones. */
static void one_buffer(char **args)
{
	static char name[] = "a";

	start_flipping(name, 'a', 'b');
	while (goes_on(args)) {
		make_both();
		must(rename(name, name));
		got(gone());
	}
	tell();
}

static void symlinks(char **args)
{
	static char target[] = "a";
	char stored;

	start_flipping(target, 'a', 'b');
	while (goes_on(args)) {
		must(symlink(target, "link"));
		must(readlink("link", &stored, 1));
		got(stored);
		must(unlink("link"));
	}
	tell();
}

static void connects(char **args)
{
	static union address to;

	to = loopback(AF_INET);
	to.v4.sin_port = htons(40000);
	start_flipping((char *)&to.v4.sin_addr + 3, 1, 2);
	while (goes_on(args)) {
		int fd = must(socket(AF_INET, SOCK_DGRAM, 0));

		must(connect(fd, &to.any, sizeof(to.v4)));
		got(strcmp(peer_text(fd), "127.0.0.1:40000") ? 'b' : 'a');
		must(close(fd));
	}
	tell();
}

static void connects_path(char **args)
{
	static union address to;
	union address peer;
	socklen_t size = unix_address(&to, "a", 2);

	for (int i = 0; i < 2; i++) {
		to.un.sun_path[0] = "ab"[i];
		must(bind(must(socket(AF_UNIX, SOCK_DGRAM, 0)), &to.any, size));
	}
	start_flipping(to.un.sun_path, 'a', 'b');
	while (goes_on(args)) {
		int fd = must(socket(AF_UNIX, SOCK_DGRAM, 0));
		socklen_t peer_size = sizeof(peer);

		must(connect(fd, &to.any, size));
		must(getpeername(fd, &peer.any, &peer_size));
		got(peer.un.sun_path[0]);
		must(close(fd));
	}
	tell();
}

/* The child shares the memory until it runs the new program, which ends with what it was given. */
static void execs(char **args)
{
	int status;
	static char argument[] = "a";

	start_flipping(argument, 'a', 'b');
	while (goes_on(args)) {
		pid_t child = must(vfork());

		if (!child)
			must(execl("/proc/self/exe", "argument", argument, NULL));
		must(waitpid(child, &status, 0));
		got(WEXITSTATUS(status));
	}
	tell();
}

/* As before, with the program's own name. */
static void exec_names(char **args)
{
	int status;
	char path[PATH_MAX] = "";
	static char name[] = "a";

	must(readlink("/proc/self/exe", path, sizeof(path) - 1));
	must(symlink(path, "a"));
	must(symlink(path, "b"));
	start_flipping(name, 'a', 'b');
	while (goes_on(args)) {
		pid_t child = must(vfork());

		if (!child)
			must(execl(name, "name", NULL));
		must(waitpid(child, &status, 0));
		got(WEXITSTATUS(status));
	}
	tell();
}

int main(int argc, char **argv)
{
	if (strcmp(argv[0], "argument") == 0)
		return argv[1][0];
	if (strcmp(argv[0], "name") == 0)
		return *(char *)getauxval(AT_EXECFN);
	return play((struct part[]){ { "opens", opens },
				     { "unlinks", unlinks },
				     { "renames", renames },
				     { "one_buffer", one_buffer },
				     { "symlinks", symlinks },
				     { "connects", connects },
				     { "connects_path", connects_path },
				     { "execs", execs },
				     { "exec_names", exec_names },
				     {} },
		    argv);
}
