/* Puts copies of descriptors on 0, 1 and 2 in every way. */
#include "socket.h"
#include <pty.h>
#include <sys/epoll.h>
#include <sys/mman.h>

static void tell(int from, int to)
{
	fact("descriptor_duplicate", "\"from_descriptor\":%d,\"descriptor\":%d,%s", from, to,
	     descriptor_facts("", to));
}

static void calls(char **args)
{
	int server = listening(AF_INET), server6 = listening(AF_INET6), pair[2], pipes[2], other, terminal;
	union address address = address_of(server), address6 = address_of(server6);
	int tcp = must(socket(AF_INET, SOCK_STREAM, 0)), tcp6 = must(socket(AF_INET6, SOCK_STREAM, 0));
	int kinds[16], count = 0, saved;

	/* The facts go on where standard output was. */
	saved = must(fcntl(1, F_DUPFD, 10));
	stdout = fdopen(saved, "w");
	must(connect(tcp, &address.any, sizeof(address)));
	must(connect(tcp6, &address6.any, sizeof(address6)));
	must(dup2(tcp, 0));
	tell(tcp, 0);
	must(dup2(tcp6, 1));
	tell(tcp6, 1);
	must(syscall(SYS_dup3, server, 0, O_CLOEXEC));
	tell(server, 0);
	must(close(0));
	must(dup(tcp6));
	tell(tcp6, 0);
	must(close(0));
	must(fcntl(tcp, F_DUPFD, 0));
	tell(tcp, 0);
	must(close(1));
	must(fcntl(tcp, F_DUPFD_CLOEXEC, 1));
	tell(tcp, 1);
	must(pipe(pipes));
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	must(openpty(&other, &terminal, NULL, NULL, NULL));
	kinds[count++] = pipes[0];
	kinds[count++] = pair[0];
	kinds[count++] = terminal;
	kinds[count++] = make_file("file");
	kinds[count++] = must(memfd_create("memory", 0));
	kinds[count++] = must(open(".", O_RDONLY));
	kinds[count++] = must(open("/dev/null", O_RDWR));
	kinds[count++] = must(epoll_create1(0));
	kinds[count++] = must(socket(AF_NETLINK, SOCK_RAW, 0));
	kinds[count++] = must(socket(AF_INET, SOCK_DGRAM, 0));
	for (int i = 0; i < count; i++) {
		must(dup2(kinds[i], i % 2));
		tell(kinds[i], i % 2);
	}
	saved = must(dup(2));
	must(dup2(tcp, 2));
	tell(tcp, 2);
	must(dup2(saved, 2));
	tell(saved, 2);
	/* Not onto 0 to 2, not a copy, not done. */
	must(dup2(tcp, 20));
	must(dup(tcp));
	must(dup2(2, 2));
	must(fcntl(tcp, F_DUPFD, 3));
	must(fcntl(tcp, F_GETFD));
	must(fcntl(tcp, F_SETFD, 0));
	must_fail(dup2(77, 0), EBADF);
	must_fail(dup(77), EBADF);
	must_fail(dup3(tcp, 1, 1), EINVAL);
	must_fail(fcntl(77, F_DUPFD, 0), EBADF);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, {} }, argv);
}
