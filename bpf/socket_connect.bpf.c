/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_connect: one record for each attempt to connect. Fields: src/events/socket_connect.ts. */
#include "socket_event.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define EINTR	     4
#define ERESTARTSYS  512 /* from here on the kernel's own: the call was interrupted */
#define EALREADY     114
#define EISCONN	     106
#define IPPROTO_TCP  6
#define JW_UNIX_ROOM 128 /* JW_UNIX_BYTES, as a power of two */
#define JW_UNKNOWN_DESCRIPTOR 0xffffffff
#define EINPROGRESS  115

/* A connection that no connect call will tell of: TCP fast open, io_uring. */
static __always_inline void jw_connect_without_call(struct jw_tag *tag, struct sock *sk)
{
	struct jw_socket_connect *e;
	struct jw_small *small;

	e = JW_BEGIN(socket_connect, small, tag->job, tag->process_key);
	if (!e)
		return;
	JW_FILL_SOCKET(e, JW_UNKNOWN_DESCRIPTOR, sk);
	e->error = EINPROGRESS;
	e->local = tag->connecting_local;
	e->peer = tag->connecting_peer;
	tag->connecting = 0;
	JW_SUBMIT(socket_connect, e, small);
}

/*
 * TCP has its addresses and is about to send. They are kept until the end of the call, because a
 * connection that is refused has lost them by then.
 */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(jw_connect_state, struct sock *sk, int old_state, int new_state)
{
	struct jw_endpoint none = {};
	struct jw_tag *tag;
	__u32 call, *flags;

	if (new_state != TCP_SYN_SENT)
		return 0;
	tag = jw_self();
	if (!tag)
		return 0;
	tag->connecting_local = none;
	tag->connecting_peer = none;
	jw_local(&tag->connecting_local, sk);
	jw_peer(&tag->connecting_peer, sk);
	tag->connecting = (__u64)sk;
	call = jw_call((void *)bpf_task_pt_regs(bpf_get_current_task_btf()));
	flags = bpf_map_lookup_elem(&jw_call_flags, &call);
	if (!flags || !(*flags & JW_CONNECTS))
		jw_connect_without_call(tag, sk);
	return 0;
}

/* `began`: TCP told in this call where it connects. */
static __always_inline void jw_fill_addresses(struct jw_socket_connect *e, struct jw_tag *tag,
					      struct sock *sk, bool began)
{
	jw_local(&e->local, sk);
	if (!began) {
		/* The peer that a socket has after a failure is an earlier one. */
		if (!e->error || e->error == EINPROGRESS)
			jw_peer(&e->peer, sk);
		return;
	}
	e->peer = tag->connecting_peer;
	if (!e->local.port)
		e->local = tag->connecting_local;
}

/* Appends a unix path as the caller gave it; an abstract name's leading NUL becomes @. */
static __always_inline __u32 jw_callers_path(struct jw_socket_connect *e, __u64 from, __u32 length)
{
	__u8 *to = (__u8 *)e + sizeof(*e);
	long size;

	if (length > JW_UNIX_BYTES)
		length = JW_UNIX_BYTES;
	size = bpf_probe_read_user_str(to, length + 1, (void *)from) - 1;
	/* For an empty text kernels before 6.13 return 0, later ones 1. */
	if (size <= 0 && length && !bpf_probe_read_user(to, length, (void *)from)) {
		to[0] = '@';
		size = length;
	}
	size = size > 0 ? size & (JW_UNIX_ROOM - 1) : 0;
	e->h.size += size;
	return size;
}

/* An address of the caller that the kernel has not kept: the attempt failed before it was used. */
static __always_inline __u32 jw_callers_address(struct jw_socket_connect *e, __u64 address,
						__u32 length)
{
	struct {
		__u16 family;
		__u16 port;
		__u8 rest[24];
	} given = {};

	e->h.flags |= JW_FROM_CALLER;
	if (bpf_probe_read_user(&given, sizeof(__u64), (void *)address))
		return 0;
	if (given.family == AF_UNIX)
		return jw_callers_path(e, address + sizeof(__u16), length - sizeof(__u16));
	if (given.family != AF_INET && given.family != AF_INET6)
		return 0;
	bpf_probe_read_user(&given, sizeof(given), (void *)address);
	e->peer.family = given.family;
	e->peer.port = __builtin_bswap16(given.port);
	if (given.family == AF_INET)
		__builtin_memcpy(e->peer.address, given.rest, 4);
	else
		__builtin_memcpy(e->peer.address, given.rest + 4, 16); /* after the flow label */
	return 0;
}

/* The call has ended; a repetition that asks how an earlier attempt is going is none. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_socket_connect, struct pt_regs *regs, long result)
{
	struct sock *sk = jw_sock_of(jw_file(jw_arg(regs, 0)));
	struct jw_tag *tag = jw_self();
	struct jw_socket_connect *e;
	struct jw_small *small;
	bool began;

	if (!tag)
		return 0;
	began = sk && tag->connecting == (__u64)sk;
	tag->connecting = 0;
	if (!sk || result == -EALREADY || result == -EISCONN)
		return 0;
	if (result == 0 && !began && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP &&
	    BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_ESTABLISHED)
		return 0;
	e = JW_BEGIN(socket_connect, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	JW_FILL_SOCKET(e, jw_arg(regs, 0), sk);
	e->error = result <= -ERESTARTSYS ? EINTR : -result;
	jw_fill_addresses(e, tag, sk, began);
	if (result == 0 && e->family == JW_FAMILY_unix)
		e->peer_path_length = jw_unix_name(&e->h,
						   BPF_CORE_READ((struct unix_sock *)sk, peer));
	else if (result != 0 && !e->peer.family)
		e->peer_path_length = jw_callers_address(e, jw_arg(regs, 1), jw_arg(regs, 2));
	JW_SUBMIT(socket_connect, e, small);
	return 0;
}
