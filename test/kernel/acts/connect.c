/* Connects in every way, on the loopback address only. */
#include "socket.h"
#include <poll.h>
#include <signal.h>

#define FROM_CALLER 4

static void tell(int fd, int error, const char *local, const char *peer, const char *path, int flags)
{
	fact("socket_connect",
	     "%s,\"error\":%d,\"local\":\"%s\",\"peer\":\"%s\",\"peer_path\":%s,\"flags\":%d",
	     socket_facts(fd), error, local, peer, path, flags);
}

static int connected(int family, int type, const union address *to)
{
	int fd = must(socket(family, type, 0));

	must(connect(fd, &to->any, sizeof(*to)));
	tell(fd, 0, local_text(fd), peer_text(fd), "\"\"", 0);
	return fd;
}

/* An address on which nothing listens: its only socket is gone. */
static union address closed(int family)
{
	int fd = bound(family, SOCK_STREAM);
	union address address = address_of(fd);

	must(close(fd));
	return address;
}

static union address mapped(const union address *v4)
{
	union address address = { .any.sa_family = AF_INET6 };

	inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.v6.sin6_addr);
	address.v6.sin6_port = v4->v4.sin_port;
	return address;
}

static void internet(char **args)
{
	union address v4 = address_of(listening(AF_INET)), v6 = address_of(listening(AF_INET6));
	union address over6 = mapped(&v4), none = { .any.sa_family = AF_UNSPEC };
	union address udp = address_of(bound(AF_INET, SOCK_DGRAM));
	union address udp6 = address_of(bound(AF_INET6, SOCK_DGRAM));
	int fd;

	fd = connected(AF_INET, SOCK_STREAM, &v4);
	must_fail(connect(fd, &v4.any, sizeof(v4)), EISCONN);
	connected(AF_INET6, SOCK_STREAM, &v6);
	connected(AF_INET6, SOCK_STREAM, &over6);
	connected(AF_INET6, SOCK_DGRAM, &udp6);
	fd = connected(AF_INET, SOCK_DGRAM, &udp);
	must(connect(fd, &none.any, sizeof(none)));
	tell(fd, 0, local_text(fd), "", "\"\"", 0);
	fd = bound(AF_INET, SOCK_STREAM);
	must(connect(fd, &v4.any, sizeof(v4)));
	tell(fd, 0, local_text(fd), peer_text(fd), "\"\"", 0);
}

static void refused(char **args)
{
	union address v4 = closed(AF_INET), v6 = closed(AF_INET6), over6 = mapped(&v4);
	union address broadcast = v4, udp = address_of(bound(AF_INET, SOCK_DGRAM));
	char *local;
	int fd;

	fd = must(socket(AF_INET, SOCK_STREAM, 0));
	must_fail(connect(fd, &v4.any, sizeof(v4)), ECONNREFUSED);
	tell(fd, ECONNREFUSED, "127.0.0.1:0", address_text(&v4), "\"\"", 0);
	fd = bound(AF_INET, SOCK_STREAM);
	local = local_text(fd);
	must_fail(connect(fd, &v4.any, sizeof(v4)), ECONNREFUSED);
	tell(fd, ECONNREFUSED, local, address_text(&v4), "\"\"", 0);
	fd = must(socket(AF_INET6, SOCK_STREAM, 0));
	must_fail(connect(fd, &v6.any, sizeof(v6)), ECONNREFUSED);
	tell(fd, ECONNREFUSED, "[::1]:0", address_text(&v6), "\"\"", 0);
	fd = must(socket(AF_INET6, SOCK_STREAM, 0));
	must_fail(connect(fd, &over6.any, sizeof(over6)), ECONNREFUSED);
	tell(fd, ECONNREFUSED, "127.0.0.1:0", address_text(&v4), "\"\"", 0);
	/* Refused before anything is sent: only the caller knows where to. */
	inet_pton(AF_INET, "127.255.255.255", &broadcast.v4.sin_addr);
	fd = bound(AF_INET, SOCK_STREAM);
	must_fail(connect(fd, &broadcast.any, sizeof(broadcast)), ENETUNREACH);
	tell(fd, ENETUNREACH, local_text(fd), address_text(&broadcast), "\"\"", FROM_CALLER);
	/* A socket that has a peer already keeps it; that is not where this attempt went. */
	fd = connected(AF_INET, SOCK_DGRAM, &udp);
	must_fail(connect(fd, &broadcast.any, sizeof(broadcast)), EACCES);
	tell(fd, EACCES, local_text(fd), address_text(&broadcast), "\"\"", FROM_CALLER);
	must_fail(connect(make_file("file"), &v4.any, sizeof(v4)), ENOTSOCK);
	must_fail(connect(77, &v4.any, sizeof(v4)), EBADF);
}

static void without_waiting(char **args)
{
	int server = listening(AF_INET), fd = bound(AF_INET, SOCK_STREAM | SOCK_NONBLOCK), error;
	union address to = address_of(server), none = closed(AF_INET);
	struct pollfd poll_for = { .fd = fd, .events = POLLOUT };

	must_fail(connect(fd, &to.any, sizeof(to)), EINPROGRESS);
	tell(fd, EINPROGRESS, local_text(fd), address_text(&to), "\"\"", 0);
	must(poll(&poll_for, 1, -1));
	must(connect(fd, &to.any, sizeof(to))); /* asks, and does not connect again */
	must_fail(connect(fd, &to.any, sizeof(to)), EISCONN);
	poll_for.fd = fd = bound(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	must_fail(connect(fd, &none.any, sizeof(none)), EINPROGRESS);
	tell(fd, EINPROGRESS, local_text(fd), address_text(&none), "\"\"", 0);
	must(poll(&poll_for, 1, -1));
	error = option_of(fd, SO_ERROR);
	if (error != ECONNREFUSED)
		exit(1);
}

static void interrupt(int signal)
{
}

/* A server that takes no more lets a client wait, until a signal ends the call. */
static void interrupted(char **args)
{
	struct sigaction action = { .sa_handler = interrupt };
	int server = bound(AF_INET, SOCK_STREAM), fd;
	union address to = address_of(server);
	struct pollfd poll_for = { .fd = server, .events = POLLIN };
	pid_t child, own = getpid();

	must(listen(server, 0));
	connected(AF_INET, SOCK_STREAM, &to);
	must(poll(&poll_for, 1, -1)); /* it waits to be accepted, and is all that may */
	fd = bound(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	must_fail(connect(fd, &to.any, sizeof(to)), EINPROGRESS);
	tell(fd, EINPROGRESS, local_text(fd), address_text(&to), "\"\"", 0);
	must_fail(connect(fd, &to.any, sizeof(to)), EALREADY);
	must(sigaction(SIGUSR1, &action, NULL));
	fd = bound(AF_INET, SOCK_STREAM);
	child = must(fork());
	if (!child) {
		for (;;)
			must(kill(own, SIGUSR1));
	}
	must_fail(connect(fd, &to.any, sizeof(to)), EINTR);
	must(kill(child, SIGKILL));
	while (waitpid(child, NULL, 0) < 0)
		;
	tell(fd, EINTR, local_text(fd), address_text(&to), "\"\"", 0);
}

/* Connects to a path; tells it as `name`. */
static void to_path(int type, const void *path, size_t length, const char *name, int error)
{
	union address address;
	socklen_t size = unix_address(&address, path, length);
	int fd = must(socket(AF_UNIX, type, 0));

	if (error)
		must_fail(connect(fd, &address.any, size), error);
	else
		must(connect(fd, &address.any, size));
	tell(fd, error, "", "", name, error ? FROM_CALLER : 0);
}

static void serve_path(int type, const void *path, size_t length)
{
	union address address;
	socklen_t size = unix_address(&address, path, length);
	int fd = must(socket(AF_UNIX, type, 0));

	must(bind(fd, &address.any, size));
	if (type != SOCK_DGRAM)
		must(listen(fd, 4));
}

static void paths(char **args)
{
	char whole[108];

	memset(whole, 'w', sizeof(whole));
	serve_path(SOCK_STREAM, "path", 5);
	to_path(SOCK_STREAM, "path", 5, "\"path\"", 0);
	to_path(SOCK_STREAM, "./path", 6, "\"path\"", 0); /* the name that it is bound to */
	serve_path(SOCK_SEQPACKET, "odd \n\xff", 7);
	to_path(SOCK_SEQPACKET, "odd \n\xff", 7, quoted("odd \n\xff"), 0);
	serve_path(SOCK_DGRAM, "\0ab\0c", 5);
	to_path(SOCK_DGRAM, "\0ab\0c", 5, "\"@ab\\u0000c\"", 0);
	serve_path(SOCK_STREAM, whole, sizeof(whole));
	to_path(SOCK_STREAM, whole, sizeof(whole), quoted_bytes(whole, sizeof(whole)), 0);
	to_path(SOCK_STREAM, "absent", 7, "\"absent\"", ENOENT);
	to_path(SOCK_DGRAM, "path", 5, "\"path\"", EPROTOTYPE);
	must(close(make_file("file")));
	to_path(SOCK_STREAM, "file", 5, "\"file\"", ECONNREFUSED);
	to_path(SOCK_STREAM, "\0no\0one", 7, "\"@no\\u0000one\"", ECONNREFUSED);
	memset(whole, 'x', sizeof(whole));
	to_path(SOCK_STREAM, whole, sizeof(whole), quoted_bytes(whole, sizeof(whole)), ENOENT);
}

/* A connection that a send begins: TCP fast open. */
static void fast_open(char **args)
{
	int server = bound(AF_INET, SOCK_STREAM), fd = must(socket(AF_INET, SOCK_STREAM, 0));
	union address to = address_of(server);

	must(listen(server, 4));
	must(sendto(fd, "x", 1, MSG_FASTOPEN, &to.any, sizeof(to)));
	fact("socket_connect",
	     "%s,\"error\":115,\"local\":\"127.0.0.1:0\",\"peer\":\"%s\",\"peer_path\":\"\",\"descriptor\":%u",
	     socket_facts(fd), address_text(&to), -1);
}

static void many(char **args)
{
	int times = atoi(args[0]), processes = atoi(args[1]);

	for (int i = 0; i < processes; i++) {
		union address to = address_of(bound(AF_INET, SOCK_DGRAM));

		if (must(fork()))
			continue;
		for (int j = 0; j < times; j++) {
			int fd = must(socket(AF_INET, SOCK_DGRAM, 0));

			must(connect(fd, &to.any, sizeof(to)));
			must(close(fd));
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "internet", internet },
				     { "refused", refused },
				     { "without_waiting", without_waiting },
				     { "interrupted", interrupted },
				     { "paths", paths },
				     { "fast_open", fast_open },
				     { "many", many },
				     {} },
		    argv);
}
