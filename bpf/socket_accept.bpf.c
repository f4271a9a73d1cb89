/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_accept: one record for each connection taken. Fields: src/events/socket_accept.ts. */
#include "socket_event.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The connection has its descriptor. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_socket_accept, struct pt_regs *regs, long fd)
{
	struct sock *sk = jw_sock_of(jw_file(fd));
	struct jw_tag *tag = jw_self();
	struct jw_socket_accept *e;
	struct jw_small *small;

	if (!tag || !sk)
		return 0;
	e = JW_BEGIN(socket_accept, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	JW_FILL_SOCKET(e, fd, sk);
	jw_local(&e->local, sk);
	jw_peer(&e->peer, sk);
	e->local_path_length = jw_unix_name(&e->h, sk);
	JW_SUBMIT(socket_accept, e, small);
	return 0;
}
