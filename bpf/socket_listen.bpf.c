/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_listen: one record for each socket that takes connections. Fields: src/events/socket_listen.ts. */
#include "socket_event.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The socket listens. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_socket_listen, struct pt_regs *regs)
{
	struct sock *sk = jw_sock_of(jw_file(jw_arg(regs, 0)));
	struct jw_tag *tag = jw_self();
	struct jw_socket_listen *e;
	struct jw_small *small;

	if (!tag || !sk)
		return 0;
	e = JW_BEGIN(socket_listen, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	JW_FILL_SOCKET(e, jw_arg(regs, 0), sk);
	e->backlog = jw_arg(regs, 1);
	jw_local(&e->local, sk);
	e->local_path_length = jw_unix_name(&e->h, sk);
	JW_SUBMIT(socket_listen, e, small);
	return 0;
}
