/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets and what descriptors are, from the kernel's own objects. */
#pragma once

#include "jobwarden.bpf.h"

#define AF_UNIX    1
#define AF_INET    2
#define AF_INET6   10
#define AF_NETLINK 16
#define AF_PACKET  17

#define S_IFMT	 0170000
#define S_IFSOCK 0140000
#define S_IFREG	 0100000
#define S_IFBLK	 0060000
#define S_IFDIR	 0040000
#define S_IFCHR	 0020000
#define S_IFIFO	 0010000

/* Device numbers of terminals: Documentation/admin-guide/devices.txt. */
#define TTY_MAJOR	4
#define TTYAUX_MAJOR	5
#define PTS_MAJOR_FIRST 136
#define PTS_MAJOR_LAST	143

#define JW_UNIX_BYTES 108 /* sun_path */

static __always_inline struct sock *jw_sock_of(struct file *file)
{
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

static __always_inline __u16 jw_family(__u32 family)
{
	return family == AF_INET    ? JW_FAMILY_inet :
	       family == AF_INET6   ? JW_FAMILY_inet6 :
	       family == AF_UNIX    ? JW_FAMILY_unix :
	       family == AF_NETLINK ? JW_FAMILY_netlink :
	       family == AF_PACKET  ? JW_FAMILY_packet :
				      JW_FAMILY_other;
}

/* SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3, SOCK_SEQPACKET 5. */
static __always_inline __u16 jw_socket_type(__u32 type)
{
	return type == 5 ? JW_TYPE_seqpacket : type <= 3 ? type : JW_TYPE_other;
}

static __always_inline void jw_local(struct jw_endpoint *to, struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return;
	to->family = family;
	to->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	if (family == AF_INET)
		BPF_CORE_READ_INTO((__u32 *)to->address, sk, __sk_common.skc_rcv_saddr);
	else
		BPF_CORE_READ_INTO(&to->address, sk, __sk_common.skc_v6_rcv_saddr.in6_u);
}

/* Stays empty for a socket without a peer. */
static __always_inline void jw_peer(struct jw_endpoint *to, struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	__u16 port = BPF_CORE_READ(sk, __sk_common.skc_dport);

	if ((family != AF_INET && family != AF_INET6) || !port)
		return;
	to->family = family;
	to->port = __builtin_bswap16(port);
	if (family == AF_INET)
		BPF_CORE_READ_INTO((__u32 *)to->address, sk, __sk_common.skc_daddr);
	else
		BPF_CORE_READ_INTO(&to->address, sk, __sk_common.skc_v6_daddr.in6_u);
}

/*
 * Appends the name that a unix socket is bound to, without a NUL; an abstract name's leading NUL
 * becomes @. Returns the length, 0 for a socket without a name.
 */
static __always_inline __u32 jw_unix_name(struct jw_header *h, struct sock *sk)
{
	struct unix_address *address;
	__u64 length; /* the verifier of 6.1 does not follow a subtraction in 32 bits */
	__u8 *to;

	if (!sk || BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return 0;
	address = BPF_CORE_READ((struct unix_sock *)sk, addr);
	length = address ? (__u32)BPF_CORE_READ(address, len) : 0;
	if (length <= sizeof(__u16))
		return 0;
	length -= sizeof(__u16);
	if (length > JW_UNIX_BYTES)
		length = JW_UNIX_BYTES;
	to = jw_room(h, JW_HALF_BYTES, JW_UNIX_BYTES);
	if (!to || bpf_probe_read_kernel(to, length, (void *)address +
				bpf_core_field_offset(struct unix_address, name) + sizeof(__u16)))
		return 0;
	if (to[0] == 0)
		to[0] = '@';
	else if (to[length - 1] == 0)
		length--; /* the kernel counts the NUL of a path */
	h->size += length;
	return length;
}

static __always_inline __u16 jw_kind(struct file *file, struct inode *inode)
{
	__u16 format = BPF_CORE_READ(inode, i_mode) & S_IFMT;

	if (format == S_IFSOCK) {
		struct sock *sk = jw_sock_of(file);
		__u16 family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;

		return family == AF_INET  ? JW_KIND_inet_socket :
		       family == AF_INET6 ? JW_KIND_inet6_socket :
		       family == AF_UNIX  ? JW_KIND_unix_socket :
					    JW_KIND_socket;
	}
	if (format == S_IFCHR) {
		__u32 major = BPF_CORE_READ(inode, i_rdev) >> 20;

		return major == TTY_MAJOR || major == TTYAUX_MAJOR ||
				       (major >= PTS_MAJOR_FIRST && major <= PTS_MAJOR_LAST) ?
			       JW_KIND_terminal :
			       JW_KIND_device;
	}
	return format == S_IFREG ? JW_KIND_file :
	       format == S_IFDIR ? JW_KIND_directory :
	       format == S_IFBLK ? JW_KIND_block_device :
	       format == S_IFIFO ? JW_KIND_pipe :
				   JW_KIND_anonymous;
}

/* What an open file is, for the fields that describe a descriptor. */
static __always_inline void jw_describe(struct file *file, __u16 *kind, __u64 *inode_number,
					struct jw_endpoint *local, struct jw_endpoint *peer)
{
	struct inode *inode = file ? BPF_CORE_READ(file, f_inode) : NULL;
	struct sock *sk;

	if (!inode)
		return;
	*kind = jw_kind(file, inode);
	*inode_number = BPF_CORE_READ(inode, i_ino);
	sk = jw_sock_of(file);
	if (!sk)
		return;
	jw_local(local, sk);
	jw_peer(peer, sk);
}
