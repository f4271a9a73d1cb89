/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The fields that all records about a socket share. */
#pragma once

#include "socket.bpf.h"

#define JW_FILL_SOCKET(e, descriptor_, sk)                                                         \
	do {                                                                                       \
		struct socket *socket_ = BPF_CORE_READ(sk, sk_socket);                             \
		(e)->descriptor = (descriptor_);                                                   \
		(e)->family = jw_family(BPF_CORE_READ(sk, __sk_common.skc_family));                \
		(e)->type = jw_socket_type(BPF_CORE_READ(sk, sk_type));                            \
		(e)->protocol = BPF_CORE_READ(sk, sk_protocol);                                    \
		(e)->inode = socket_ ? BPF_CORE_READ(socket_, file, f_inode, i_ino) : 0;           \
	} while (0)
