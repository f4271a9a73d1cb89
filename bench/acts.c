/* The loads of the benchmark: `acts KIND N [DIRECTORY]` does exactly N acts of a kind. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void open_once(const char *path)
{
	int fd = open(path, O_RDONLY | O_CREAT, 0600);

	if (fd < 0)
		fail(path);
	close(fd);
}

/* The same file again and again. */
static void open_same(long n, const char *directory)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/same", directory);
	while (n-- > 0)
		open_once(path);
}

/* Round and round over 10,000 files. */
static void open_many(long n, const char *directory)
{
	char path[4096];

	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/file-%ld", directory, i % 10000);
		open_once(path);
	}
}

/* Each file once: nothing repeats. */
static void open_new(long n, const char *directory)
{
	char path[4096];

	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/new-%ld", directory, i);
		open_once(path);
		unlink(path);
	}
}

static void wait_for(pid_t child)
{
	int status;

	if (child < 0)
		fail("fork");
	if (waitpid(child, &status, 0) != child || status != 0)
		fail("child");
}

static void fork_only(long n)
{
	while (n-- > 0) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		wait_for(child);
	}
}

static void exec_true(long n)
{
	while (n-- > 0) {
		pid_t child = vfork();

		if (child == 0) {
			execl("/bin/true", "true", NULL);
			_exit(1);
		}
		wait_for(child);
	}
}

static void connect_loopback(long n)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	struct linger reset = { .l_onoff = 1 }; /* no TIME_WAIT: ports would run out */
	int server = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(server, (void *)&address, sizeof(address)) || listen(server, 128))
		fail("listen");
	if (getsockname(server, (void *)&address, &length))
		fail("getsockname");
	while (n-- > 0) {
		int client = socket(AF_INET, SOCK_STREAM, 0), peer;

		if (connect(client, (void *)&address, sizeof(address)))
			fail("connect");
		peer = accept(server, NULL, NULL);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(client);
		close(peer);
	}
}

/* A system call that no event is made of. */
static void cheap_calls(long n)
{
	while (n-- > 0)
		syscall(SYS_getppid);
}

/* `acts timed FILE CMD ARGS…`: runs a command and writes its wall time in nanoseconds to a file. */
static int timed(char **argv)
{
	struct timespec start, end;
	FILE *out = fopen(argv[0], "w");
	int status;
	pid_t child;

	if (!out)
		fail(argv[0]);
	clock_gettime(CLOCK_MONOTONIC, &start);
	child = vfork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		fail("wait");
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(out, "%lld\n",
		(end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec));
	fclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "", *directory = argc > 3 ? argv[3] : "/tmp";
	long n = argc > 2 ? atol(argv[2]) : 0;

	if (!strcmp(kind, "timed") && argc > 3)
		return timed(argv + 2);
	if (!strcmp(kind, "open_same"))
		open_same(n, directory);
	else if (!strcmp(kind, "open_many"))
		open_many(n, directory);
	else if (!strcmp(kind, "open_new"))
		open_new(n, directory);
	else if (!strcmp(kind, "fork"))
		fork_only(n);
	else if (!strcmp(kind, "exec"))
		exec_true(n);
	else if (!strcmp(kind, "connect"))
		connect_loopback(n);
	else if (!strcmp(kind, "syscall"))
		cheap_calls(n);
	else
		return fprintf(stderr, "usage: acts KIND N [DIRECTORY]\n"), 2;
	return 0;
}
