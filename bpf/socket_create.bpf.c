/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_create: one record for each socket of an unusual kind. Fields: src/events/socket_create.ts. */
#include "socket.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SOCK_STREAM	       1
#define SOCK_DGRAM	       2
#define SOCK_PACKET	       10
#define SOCK_TYPE_MASK	       0xf
#define IPPROTO_ICMP	       1
#define IPPROTO_ICMPV6	       58
#define NETLINK_ROUTE	       0
#define NETLINK_AUDIT	       9
#define NETLINK_KOBJECT_UEVENT 15
#define NETLINK_GENERIC	       16

/* What programs open all day. */
static __always_inline bool jw_is_usual(__u32 family, __u32 type, __u32 protocol)
{
	if (family == AF_UNIX)
		return true;
	if (family == AF_INET || family == AF_INET6)
		return type == SOCK_STREAM ||
		       (type == SOCK_DGRAM && protocol != IPPROTO_ICMP && protocol != IPPROTO_ICMPV6);
	return family == AF_NETLINK &&
	       (protocol == NETLINK_ROUTE || protocol == NETLINK_AUDIT ||
		protocol == NETLINK_KOBJECT_UEVENT || protocol == NETLINK_GENERIC);
}

/* The call has ended. Its arguments are numbers in registers, which are as the kernel read them. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_socket_create, struct pt_regs *regs, long result)
{
	__u32 family = jw_arg(regs, 0), type = jw_arg(regs, 1) & SOCK_TYPE_MASK;
	__u32 protocol = jw_arg(regs, 2);
	struct jw_tag *tag = jw_self();
	struct jw_socket_create *e;
	struct jw_small *small;
	struct file *file;

	if (family == AF_INET && type == SOCK_PACKET)
		family = AF_PACKET; /* as before 2.2; the kernel still makes it a packet socket */
	if (!tag || jw_is_usual(family, type, protocol))
		return 0;
	e = JW_BEGIN(socket_create, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->family = jw_family(family);
	e->family_number = family;
	e->type = jw_socket_type(type);
	e->protocol = family == AF_PACKET ? __builtin_bswap16(protocol) : protocol;
	if (result < 0) {
		e->error = -result;
	} else {
		file = jw_file(result);
		e->descriptor = result;
		e->inode = file ? BPF_CORE_READ(file, f_inode, i_ino) : 0;
	}
	JW_SUBMIT(socket_create, e, small);
	return 0;
}
