/* Asks name servers in every way, on the loopback address only, where nobody answers. */
#include "socket.h"
#include <pthread.h>
#include <sys/uio.h>

struct question {
	unsigned char bytes[512];
	size_t size;
};

/* A message with one question. `name` has dots between its labels, or is empty. */
static struct question question(const char *name, int type)
{
	struct question q = { { 0x12, 0x34, 1, 0, 0, 1 }, 12 };

	while (*name) {
		size_t length = strcspn(name, ".");

		q.bytes[q.size++] = length;
		memcpy(q.bytes + q.size, name, length);
		q.size += length;
		name += length + (name[length] == '.');
	}
	q.bytes[q.size++] = 0;
	q.bytes[q.size++] = type >> 8;
	q.bytes[q.size++] = type;
	q.bytes[q.size++] = 0;
	q.bytes[q.size++] = 1;
	return q;
}

static void told(int protocol, int type, const char *server, const char *name)
{
	fact("dns_query", "\"protocol\":%d,\"type\":%d,\"server\":\"%s\",\"name\":%s", protocol, type, server,
	     quoted(name));
}

static union address server(int family, int port)
{
	union address to = loopback(family);

	to.v4.sin_port = htons(port); /* at the same place for IPv6 */
	return to;
}

static socklen_t size_of(const union address *address)
{
	return address->any.sa_family == AF_INET ? sizeof(address->v4) : sizeof(address->v6);
}

static void datagrams(char **args)
{
	int fd = must(socket(AF_INET, SOCK_DGRAM, 0)), fd6 = must(socket(AF_INET6, SOCK_DGRAM, 0));
	int server_fd = bound(AF_INET, SOCK_DGRAM), connected = must(socket(AF_INET, SOCK_DGRAM, 0));
	union address to = server(AF_INET, 53), to6 = server(AF_INET6, 53), other = address_of(server_fd);
	char longest[254] = "", *end = longest;
	struct question q = question("example.org", 1), q2 = question("Mail.Example.org", 28), q3, q4;
	struct iovec parts[] = { { q2.bytes, 9 }, { q2.bytes + 9, q2.size - 9 } };
	struct msghdr message = { &to6, sizeof(to6.v6), parts, 2 };
	struct iovec whole[2];
	struct mmsghdr messages[2] = { { { NULL, 0, &whole[0], 1 } }, { { NULL, 0, &whole[1], 1 } } };

	must(sendto(fd, q.bytes, q.size, 0, &to.any, size_of(&to)));
	told(17, 1, "127.0.0.1:53", "example.org");
	must(sendmsg(fd6, &message, 0));
	told(17, 28, "[::1]:53", "Mail.Example.org");
	/* To the port of no name server: it reads as a question. */
	must(connect(connected, &other.any, size_of(&other)));
	q3 = question("a_b.c.d.example.org", 16);
	must(write(connected, q3.bytes, q3.size));
	told(17, 16, address_text(&other), "a_b.c.d.example.org");
	q4 = question("x.example.org", 255);
	whole[0] = (struct iovec){ q3.bytes, q3.size };
	whole[1] = (struct iovec){ q4.bytes, q4.size };
	must(sendmmsg(connected, messages, 2, 0));
	told(17, 16, address_text(&other), "a_b.c.d.example.org");
	told(17, 255, address_text(&other), "x.example.org");
	/* 253 bytes is the longest name that there is; and the root. */
	for (int i = 0; i < 3; i++)
		end += sprintf(end, "%063d.", i);
	sprintf(end, "%061d", 4);
	q = question(longest, 10);
	must(sendto(fd, q.bytes, q.size, 0, &to.any, size_of(&to)));
	told(17, 10, "127.0.0.1:53", longest);
	q = question("", 2);
	must(sendto(fd, q.bytes, q.size, 0, &to.any, size_of(&to)));
	told(17, 2, "127.0.0.1:53", "");
	q = question("odd\xff\n.org", 1);
	must(sendto(fd, q.bytes, q.size, 0, &to.any, size_of(&to)));
	told(17, 1, "127.0.0.1:53", "odd\xff\n.org");
	/* No question: an answer, a name that goes on, something else, something short. */
	q.bytes[2] = 0x81;
	must(sendto(fd, q.bytes, q.size, 0, &to.any, size_of(&to)));
	must(sendto(fd, q3.bytes, 20, 0, &to.any, size_of(&to)));
	must(write(connected, "a datagram of some other protocol", 33));
	must(write(connected, "x", 1));
	must_fail(sendto(77, q3.bytes, q3.size, 0, &to.any, size_of(&to)), EBADF);
}

static size_t framed(unsigned char *to, const struct question *q)
{
	to[0] = q->size >> 8;
	to[1] = q->size;
	memcpy(to + 2, q->bytes, q->size);
	return q->size + 2;
}

/* Port 53 may be taken on this machine, so the server has an address of its own in 127/8. */
static void streams(char **args)
{
	union address to = server(AF_INET, 53);
	int listener = must(socket(AF_INET, SOCK_STREAM, 0)), fd = must(socket(AF_INET, SOCK_STREAM, 0)), one = 1;
	struct question q = question("tcp.example.org", 252), q2 = question("second.example.org", 1);
	unsigned char bytes[1024];
	size_t size;

	must(inet_pton(AF_INET, "127.53.53.53", &to.v4.sin_addr));
	must(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	must(bind(listener, &to.any, sizeof(to.v4)));
	must(listen(listener, 1));
	must(connect(fd, &to.any, sizeof(to.v4)));
	must(setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof(one)));
	size = framed(bytes, &q);
	must(write(fd, bytes, size));
	told(6, 252, "127.53.53.53:53", "tcp.example.org");
	size = framed(bytes, &q);
	size += framed(bytes + size, &q2);
	must(send(fd, bytes, size, 0));
	told(6, 252, "127.53.53.53:53", "tcp.example.org");
	told(6, 1, "127.53.53.53:53", "second.example.org");
	framed(bytes, &q2);
	must(write(fd, bytes, 2)); /* the length ahead, alone */
	must(write(fd, q2.bytes, q2.size));
	told(6, 1, "127.53.53.53:53", "second.example.org");
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "datagrams", datagrams }, { "streams", streams }, {} }, argv);
}
