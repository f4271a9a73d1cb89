/* Binds, listens, connects, accepts and sends in every way, on the loopback address only. */
#include "socket.h"
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#define FROM_CALLER 4

static const char long_path[] =
	"/tmp/jobwarden-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-"
	"0123456789-01234";
_Static_assert(sizeof(long_path) - 1 == sizeof(((struct sockaddr_un *)0)->sun_path), "");

static void bind_told(int fd, const char *path)
{
	fact("socket_bind", "%s,\"local\":\"%s\",\"local_path\":%s", socket_facts(fd), local_text(fd), path);
}

/* A new socket, bound to a path, which is then told as `name`. */
static int bind_path(int type, const void *path, size_t length, const char *name)
{
	union address address;
	socklen_t size = unix_address(&address, path, length);
	int fd = must(socket(AF_UNIX, type, 0));

	must(bind(fd, &address.any, size));
	bind_told(fd, name);
	return fd;
}

static void binds(char **args)
{
	union address any = { .any.sa_family = AF_INET }, mapped = { .any.sa_family = AF_INET6 };
	union address taken;
	char name[32] = "";
	socklen_t size = sizeof(any);
	int fd;

	bind_told(bound(AF_INET, SOCK_STREAM), "\"\"");
	fd = bound(AF_INET6, SOCK_DGRAM);
	bind_told(fd, "\"\"");
	taken = address_of(fd);
	must_fail(bind(must(socket(AF_INET6, SOCK_DGRAM, 0)), &taken.any, sizeof(taken)), EADDRINUSE);
	fd = must(socket(AF_INET, SOCK_STREAM, 0));
	must(bind(fd, &any.any, size));
	bind_told(fd, "\"\"");
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.v6.sin6_addr);
	fd = must(socket(AF_INET6, SOCK_STREAM, 0));
	must(bind(fd, &mapped.any, sizeof(mapped)));
	bind_told(fd, "\"\"");
	bind_path(SOCK_STREAM, "path", 5, "\"path\"");
	bind_path(SOCK_SEQPACKET, at_here("whole"), strlen(here) + 6, quoted(at_here("whole")));
	bind_path(SOCK_DGRAM, "odd \xff\n", 7, quoted("odd \xff\n"));
	bind_path(SOCK_DGRAM, "\0ab\0c", 5, "\"@ab\\u0000c\"");
	bind_path(SOCK_STREAM, long_path, sizeof(long_path) - 1, quoted(long_path));
	must(unlink(long_path));
	fd = must(socket(AF_UNIX, SOCK_STREAM, 0));
	any.any.sa_family = AF_UNIX;
	must(bind(fd, &any.any, sizeof(sa_family_t))); /* the kernel chooses an abstract name */
	size = sizeof(any);
	must(getsockname(fd, &any.any, &size));
	snprintf(name, sizeof(name), "\"@%.5s\"", any.un.sun_path + 1);
	bind_told(fd, name);
	must_fail(bind(make_file("file"), &taken.any, sizeof(taken)), ENOTSOCK);
	must_fail(bind(77, &taken.any, sizeof(taken)), EBADF);
}

static void listen_told(int fd, unsigned int backlog, const char *path)
{
	must(listen(fd, backlog));
	fact("socket_listen", "%s,\"local\":\"%s\",\"local_path\":%s,\"backlog\":%u", socket_facts(fd),
	     local_text(fd), path, backlog);
}

static void listens(char **args)
{
	listen_told(bound(AF_INET, SOCK_STREAM), 5, "\"\"");
	listen_told(bound(AF_INET6, SOCK_STREAM), 0, "\"\"");
	listen_told(must(socket(AF_INET, SOCK_STREAM, 0)), -1, "\"\"");
	listen_told(bind_path(SOCK_STREAM, "path", 5, "\"path\""), 7, "\"path\"");
	listen_told(bind_path(SOCK_SEQPACKET, "\0name", 5, "\"@name\""), 1, "\"@name\"");
	must_fail(listen(bound(AF_INET, SOCK_DGRAM), 1), EOPNOTSUPP);
	must_fail(listen(77, 1), EBADF);
}

/* Connects a new socket to a listening one. */
static int client_of(int server)
{
	union address address = {};
	socklen_t size = sizeof(address);
	int fd = must(socket(option_of(server, SO_DOMAIN), option_of(server, SO_TYPE), 0));

	must(getsockname(server, &address.any, &size));
	must(connect(fd, &address.any, size));
	return fd;
}

static void accept_told(int fd, const char *path)
{
	fact("socket_accept", "%s,\"local\":\"%s\",\"peer\":\"%s\",\"local_path\":%s",
	     socket_facts(fd), local_text(fd), peer_text(fd), path);
}

static void accepts(char **args)
{
	union address any = { .any.sa_family = AF_INET6 }, v4 = loopback(AF_INET);
	int server = listening(AF_INET), fd;

	client_of(server);
	accept_told(must(syscall(SYS_accept, server, NULL, NULL)), "\"\"");
	client_of(server);
	accept_told(must(accept4(server, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)), "\"\"");
	server = listening(AF_INET6);
	client_of(server);
	accept_told(must(accept4(server, NULL, NULL, 0)), "\"\"");
	/* An IPv4 client of an IPv6 socket has a mapped address. */
	server = must(socket(AF_INET6, SOCK_STREAM, 0));
	must(bind(server, &any.any, sizeof(any)));
	must(listen(server, 1));
	v4.v4.sin_port = address_of(server).v6.sin6_port;
	must(connect(must(socket(AF_INET, SOCK_STREAM, 0)), &v4.any, sizeof(v4)));
	accept_told(must(accept(server, NULL, NULL)), "\"\"");
	server = bind_path(SOCK_STREAM, "path", 5, "\"path\"");
	must(listen(server, 1));
	client_of(server);
	accept_told(must(accept(server, NULL, NULL)), "\"path\"");
	server = bind_path(SOCK_SEQPACKET, "\0name", 5, "\"@name\"");
	must(listen(server, 1));
	client_of(server);
	accept_told(must(accept(server, NULL, NULL)), "\"@name\"");
	fd = must(fcntl(server, F_GETFL));
	must(fcntl(server, F_SETFL, fd | O_NONBLOCK));
	must_fail(accept(server, NULL, NULL), EAGAIN);
	must_fail(accept(bound(AF_INET, SOCK_DGRAM), NULL, NULL), EOPNOTSUPP);
	must_fail(accept(77, NULL, NULL), EBADF);
}

/* Sends a byte; each address of each protocol is told once. */
static void send_to(int fd, const union address *to, bool first)
{
	must(sendto(fd, "x", 1, 0, &to->any, to->any.sa_family == AF_INET ? sizeof(to->v4) : sizeof(to->v6)));
	if (first)
		fact("socket_send", "\"family\":\"%s\",\"type\":\"datagram\",\"protocol\":%d,\"peer\":\"%s\"",
		     option_of(fd, SO_DOMAIN) == AF_INET ? "inet" : "inet6", option_of(fd, SO_PROTOCOL),
		     address_text(to));
}

static void sends(char **args)
{
	int fd = must(socket(AF_INET, SOCK_DGRAM, 0)), fd6 = must(socket(AF_INET6, SOCK_DGRAM, 0));
	union address to = address_of(bound(AF_INET, SOCK_DGRAM)), other = address_of(bound(AF_INET, SOCK_DGRAM));
	union address third = address_of(bound(AF_INET, SOCK_DGRAM));
	union address to6 = address_of(bound(AF_INET6, SOCK_DGRAM)), mapped = { .any.sa_family = AF_INET6 };
	struct iovec text = { "x", 1 };
	struct msghdr message = { &other, sizeof(other.v4), &text, 1 };
	struct mmsghdr messages[] = { { { &to, sizeof(to.v4), &text, 1 } }, { { &third, sizeof(third.v4), &text, 1 } } };

	send_to(fd, &to, true);
	send_to(fd, &to, false);
	must(sendmsg(fd, &message, 0));
	fact("socket_send", "\"family\":\"inet\",\"type\":\"datagram\",\"protocol\":17,\"peer\":\"%s\"",
	     address_text(&other));
	must(sendmmsg(fd, messages, 2, 0));
	fact("socket_send", "\"family\":\"inet\",\"type\":\"datagram\",\"protocol\":17,\"peer\":\"%s\"",
	     address_text(&third));
	send_to(fd6, &to6, true);
	send_to(fd6, &to6, false);
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.v6.sin6_addr);
	mapped.v6.sin6_port = htons(40000);
	send_to(fd6, &mapped, true);
	must(connect(fd, &to.any, sizeof(to)));
	must(send(fd, "x", 1, 0));
	must(write(fd, "x", 1));
	to.v4.sin_port = 0;
	must_fail(sendto(fd6, "x", 1, 0, &to6.any, 1), EINVAL);
	must_fail(sendto(fd, "x", 1, 0, &to.any, sizeof(to.v4)), EINVAL);
	must_fail(sendto(77, "x", 1, 0, &other.any, sizeof(other.v4)), EBADF);
}

/* A socket of an unusual kind; told unless it could not be made, and then with its error. */
static void make_told(int domain, int type, int protocol, const char *words, int told_protocol)
{
	struct stat status = {};
	int fd = must(socket(domain, type, protocol));

	must(fstat(fd, &status));
	fact("socket_create", "\"inode\":%lu,\"descriptor\":%d,\"error\":0,%s,\"family_number\":%d,\"protocol\":%d",
	     status.st_ino, fd, words, type == SOCK_PACKET ? AF_PACKET : domain, told_protocol);
}

static void fail_told(int domain, int type, int protocol, const char *words, int error)
{
	must_fail(socket(domain, type, protocol), error);
	fact("socket_create", "\"inode\":0,\"descriptor\":0,\"error\":%d,%s,\"family_number\":%d,\"protocol\":%d",
	     error, words, domain, protocol);
}

static void creates(char **args)
{
	must(socket(AF_INET, SOCK_STREAM, 0));
	must(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	must(socket(AF_UNIX, SOCK_SEQPACKET, 0));
	must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	make_told(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL), "\"family\":\"packet\",\"type\":\"raw\"", 3);
	make_told(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ARP), "\"family\":\"packet\",\"type\":\"datagram\"", 0x806);
	make_told(AF_INET, SOCK_PACKET, htons(ETH_P_IP), "\"family\":\"packet\",\"type\":\"other\"", 0x800);
	make_told(AF_INET, SOCK_RAW, IPPROTO_ICMP, "\"family\":\"inet\",\"type\":\"raw\"", 1);
	make_told(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "\"family\":\"inet6\",\"type\":\"raw\"", 58);
	make_told(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG, "\"family\":\"netlink\",\"type\":\"datagram\"", 4);
	fail_told(AF_INET, SOCK_RAW, 0, "\"family\":\"inet\",\"type\":\"raw\"", EPROTONOSUPPORT);
	fail_told(AF_NETLINK, SOCK_RAW, 200, "\"family\":\"netlink\",\"type\":\"raw\"", EPROTONOSUPPORT);
	fail_told(77, SOCK_RAW, 9, "\"family\":\"other\",\"type\":\"raw\"", EAFNOSUPPORT);
	must(setgid(65534));
	must(setuid(65534));
	fail_told(AF_PACKET, SOCK_RAW, 0, "\"family\":\"packet\",\"type\":\"raw\"", EPERM);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "binds", binds },
				     { "listens", listens },
				     { "accepts", accepts },
				     { "sends", sends },
				     { "creates", creates },
				     {} },
		    argv);
}
