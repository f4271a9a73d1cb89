/* Sockets and descriptors, as facts. */
#pragma once

#include "act.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un un;
	struct sockaddr_storage room;
};

/* As the records have it: 127.0.0.1:80, [::1]:80; a mapped address is the IPv4 address. */
static inline char *address_text(const union address *address)
{
	char text[INET6_ADDRSTRLEN] = "", *whole;
	const uint8_t *bytes = address->v6.sin6_addr.s6_addr;

	if (address->any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &address->v4.sin_addr, text, sizeof(text));
		must(asprintf(&whole, "%s:%d", text, ntohs(address->v4.sin_port)));
	} else if (address->any.sa_family == AF_INET6) {
		bool mapped = IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr);

		inet_ntop(mapped ? AF_INET : AF_INET6, mapped ? bytes + 12 : bytes, text, sizeof(text));
		must(asprintf(&whole, mapped ? "%s:%d" : "[%s]:%d", text, ntohs(address->v6.sin6_port)));
	} else {
		return "";
	}
	return whole;
}

static inline char *local_text(int fd)
{
	union address address = {};
	socklen_t size = sizeof(address);

	must(getsockname(fd, &address.any, &size));
	return address_text(&address);
}

static inline char *peer_text(int fd)
{
	union address address = {};
	socklen_t size = sizeof(address);

	return getpeername(fd, &address.any, &size) ? "" : address_text(&address);
}

static inline int option_of(int fd, int option)
{
	int value = 0;
	socklen_t size = sizeof(value);

	must(getsockopt(fd, SOL_SOCKET, option, &value, &size));
	return value;
}

/* The fields that all records about a socket have. */
static inline char *socket_facts(int fd)
{
	static const char *const families[] = { [AF_UNIX] = "unix", [AF_INET] = "inet",
						[AF_INET6] = "inet6", [AF_NETLINK] = "netlink" };
	static const char *const types[] = { [SOCK_STREAM] = "stream", [SOCK_DGRAM] = "datagram",
					     [SOCK_RAW] = "raw", [SOCK_SEQPACKET] = "seqpacket" };
	struct stat status;
	char *text;

	must(fstat(fd, &status));
	must(asprintf(&text,
		      "\"inode\":%lu,\"descriptor\":%d,\"protocol\":%d,\"family\":\"%s\",\"type\":\"%s\"",
		      status.st_ino, fd, option_of(fd, SO_PROTOCOL), families[option_of(fd, SO_DOMAIN)],
		      types[option_of(fd, SO_TYPE)]));
	return text;
}

static inline const char *kind_of(int fd, const struct stat *status)
{
	char path[64], target[64] = "";

	if (S_ISSOCK(status->st_mode)) {
		int family = option_of(fd, SO_DOMAIN);

		return family == AF_INET ? "inet_socket" : family == AF_INET6 ? "inet6_socket" :
		       family == AF_UNIX ? "unix_socket" : "socket";
	}
	if (S_ISCHR(status->st_mode))
		return isatty(fd) ? "terminal" : "device";
	sprintf(path, "/proc/self/fd/%d", fd);
	must(readlink(path, target, sizeof(target) - 1));
	return strncmp(target, "anon_inode:", 11) == 0 ? "anonymous" :
	       S_ISREG(status->st_mode) ? "file" : S_ISDIR(status->st_mode) ? "directory" :
	       S_ISBLK(status->st_mode) ? "block_device" : "pipe";
}

/* What a descriptor is, in fields whose names start with `prefix`. */
static inline char *descriptor_facts(const char *prefix, int fd)
{
	struct stat status = {};
	const char *kind = "none", *local = "", *peer = "";
	char *text;

	if (!fstat(fd, &status)) {
		kind = kind_of(fd, &status);
		if (S_ISSOCK(status.st_mode) && strstr(kind, "inet")) {
			local = local_text(fd);
			peer = peer_text(fd);
		}
	}
	must(asprintf(&text, "\"%skind\":\"%s\",\"%sinode\":%lu,\"%slocal\":\"%s\",\"%speer\":\"%s\"",
		      prefix, kind, prefix, status.st_ino, prefix, local, prefix, peer));
	return text;
}

static inline union address loopback(int family)
{
	union address address = { .any.sa_family = family };

	if (family == AF_INET)
		address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		address.v6.sin6_addr = in6addr_loopback;
	return address;
}

static inline union address address_of(int fd)
{
	union address address = {};
	socklen_t size = sizeof(address);

	must(getsockname(fd, &address.any, &size));
	return address;
}

/* A socket with a port of its own on the loopback address. */
static inline int bound(int family, int type)
{
	union address address = loopback(family);
	int fd = must(socket(family, type | SOCK_CLOEXEC, 0));

	must(bind(fd, &address.any, sizeof(address)));
	return fd;
}

static inline int listening(int family)
{
	int fd = bound(family, SOCK_STREAM);

	must(listen(fd, 16));
	return fd;
}

/* The address of a path; an abstract one starts with NUL and has `length` bytes. */
static inline socklen_t unix_address(union address *address, const void *path, size_t length)
{
	memset(address, 0, sizeof(*address));
	address->un.sun_family = AF_UNIX;
	memcpy(address->un.sun_path, path, length);
	return sizeof(sa_family_t) + length;
}
