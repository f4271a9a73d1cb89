/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_bind: one record for each address that a socket is given. Fields: src/events/socket_bind.ts. */
#include "socket_event.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The socket has its address; the port that the kernel chose is in it. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_socket_bind, struct pt_regs *regs)
{
	struct sock *sk = jw_sock_of(jw_file(jw_arg(regs, 0)));
	struct jw_tag *tag = jw_self();
	struct jw_socket_bind *e;
	struct jw_small *small;

	if (!tag || !sk)
		return 0;
	e = JW_BEGIN(socket_bind, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	JW_FILL_SOCKET(e, jw_arg(regs, 0), sk);
	jw_local(&e->local, sk);
	e->local_path_length = jw_unix_name(&e->h, sk);
	JW_SUBMIT(socket_bind, e, small);
	return 0;
}
