/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* socket_send: one record for each address sent to without connecting. Fields: src/events/socket_send.ts. */
#include "socket.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* What has been told already. The oldest makes room; a repeat is then told again and folded. */
struct jw_sent {
	__u64 process_key;
	struct jw_endpoint peer;
	__u32 protocol;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct jw_sent);
	__type(value, __u8);
} jw_sends SEC(".maps");

static __always_inline void jw_sent(struct bpf_sock_addr *address, const struct jw_endpoint *peer)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct jw_process *process = bpf_map_lookup_elem(&jw_processes, &tgid);
	struct jw_socket_send *e;
	struct jw_small *small;
	struct jw_sent key;
	__u8 one = 1;

	if (!process)
		return;
	__builtin_memset(&key, 0, sizeof(key));
	key.process_key = process->process_key;
	key.peer = *peer;
	key.protocol = address->protocol;
	if (bpf_map_update_elem(&jw_sends, &key, &one, BPF_NOEXIST))
		return;
	e = JW_BEGIN(socket_send, small, process->job, process->process_key);
	if (!e)
		return;
	e->protocol = address->protocol;
	e->family = jw_family(address->family);
	e->type = jw_socket_type(address->type);
	e->peer = *peer;
	JW_SUBMIT(socket_send, e, small);
}

/*
 * On the root of cgroup2, so that a process that left its job's group is seen. Runs with the address
 * in the kernel's hands. Task storage is not open to these programs; jw_processes is.
 */
SEC("cgroup/sendmsg4")
int jw_socket_send4(struct bpf_sock_addr *address)
{
	__u32 ip = address->user_ip4;
	struct jw_endpoint peer = {
		.family = AF_INET, .port = __builtin_bswap16(address->user_port),
	};

	__builtin_memcpy(peer.address, &ip, sizeof(ip));
	jw_sent(address, &peer);
	return 1; /* let it pass */
}

SEC("cgroup/sendmsg6")
int jw_socket_send6(struct bpf_sock_addr *address)
{
	__u32 words[4] = { address->user_ip6[0], address->user_ip6[1], address->user_ip6[2],
			   address->user_ip6[3] };
	struct jw_endpoint peer = {
		.family = AF_INET6, .port = __builtin_bswap16(address->user_port),
	};

	__builtin_memcpy(peer.address, words, sizeof(words));
	jw_sent(address, &peer);
	return 1;
}
