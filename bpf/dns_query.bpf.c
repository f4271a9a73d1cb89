/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* dns_query: one record for each question to a name server. Fields: src/events/dns_query.ts. */
#include "socket.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define ETH_P_IP	0x0800
#define IPPROTO_TCP	6
#define IPPROTO_UDP	17
#define UDP_BYTES	8
#define TCP_BYTES	20
#define DNS_PORT	53
#define MDNS_PORT	5353
#define DNS_RESPONSE	0x8000
#define DNS_NOT_A_QUERY 0xf84f /* response, opcode, reserved bit, result */
#define CLASS_UNICAST	0x8000 /* of mDNS */
#define CLASS_IN	1
#define CLASS_CHAOS	3
#define CLASS_ANY	255
#define JW_NAME_BYTES	256
#define JW_LABEL_BYTES	63
#define JW_LABELS	128
#define JW_PIPELINED	4 /* questions of one TCP segment */

struct jw_packet {
	struct jw_endpoint server;
	__u32 at; /* what TCP or UDP carries */
	__u16 protocol;
	bool known; /* a port of name servers */
};

struct jw_question {
	__u16 id, flags, questions, answers, authorities, additional;
};

static __always_inline bool jw_network_header(struct __sk_buff *skb, struct jw_packet *packet)
{
	__u8 ip[40];

	if (skb->protocol == __builtin_bswap16(ETH_P_IP)) {
		if (bpf_skb_load_bytes(skb, 0, ip, 20))
			return false;
		packet->protocol = ip[9];
		packet->at = (ip[0] & 0xf) * 4;
		packet->server.family = AF_INET;
		__builtin_memcpy(packet->server.address, ip + 16, 4);
		return true;
	}
	if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
		return false;
	packet->protocol = ip[6];
	packet->at = sizeof(ip);
	packet->server.family = AF_INET6;
	__builtin_memcpy(packet->server.address, ip + 24, 16);
	return true;
}

/* False for most packets: what no name server can be asked with. */
static __always_inline bool jw_transport_header(struct __sk_buff *skb, struct jw_packet *packet)
{
	__u16 ports[2];
	__u8 offset;

	if (packet->protocol != IPPROTO_UDP && packet->protocol != IPPROTO_TCP)
		return false;
	if (bpf_skb_load_bytes(skb, packet->at, ports, sizeof(ports)))
		return false;
	packet->server.port = __builtin_bswap16(ports[1]);
	packet->known = packet->server.port == DNS_PORT || packet->server.port == MDNS_PORT;
	if (packet->protocol == IPPROTO_UDP) {
		packet->at += UDP_BYTES;
		return true;
	}
	if (packet->server.port != DNS_PORT || bpf_skb_load_bytes(skb, packet->at + 12, &offset, 1))
		return false;
	packet->at += (offset >> 4) * 4;
	return true;
}

static __always_inline bool jw_is_question(struct __sk_buff *skb, __u32 at, bool known)
{
	struct jw_question head;
	__u16 flags;

	if (bpf_skb_load_bytes(skb, at, &head, sizeof(head)))
		return false;
	flags = __builtin_bswap16(head.flags);
	if (known)
		return !(flags & DNS_RESPONSE) && head.questions;
	return !(flags & DNS_NOT_A_QUERY) && head.questions == __builtin_bswap16(1) && !head.answers &&
	       !head.authorities && __builtin_bswap16(head.additional) <= 2;
}

/* Appends the name at `at` as text; returns where it ended on the wire, 0 when it is none. */
static __always_inline __u32 jw_append_name(struct __sk_buff *skb, __u32 at, struct jw_dns_query *e)
{
	__u8 *to = (__u8 *)e + sizeof(*e), length;
	__u32 left = skb->len - at - 1, next;

	if (bpf_skb_load_bytes(skb, at, &length, 1))
		return 0;
	if (length == 0)
		return at + 1;
	if (length > JW_LABEL_BYTES || left == 0 || left > skb->len)
		return 0;
	if (left > JW_NAME_BYTES)
		left = JW_NAME_BYTES;
	if (bpf_skb_load_bytes(skb, at + 1, to, left))
		return 0;
	next = length;
	for (int i = 0; i < JW_LABELS; i++) {
		if (next >= left)
			return 0;
		next &= JW_NAME_BYTES - 1;
		length = to[next];
		if (length == 0) {
			e->name_length = next;
			e->h.size += next;
			return at + 1 + next + 1;
		}
		if (length > JW_LABEL_BYTES)
			return 0;
		to[next] = '.';
		next += length + 1;
	}
	return 0;
}

static __always_inline bool jw_fill_question(struct __sk_buff *skb, const struct jw_packet *packet,
					     __u32 at, struct jw_dns_query *e)
{
	__u32 end = jw_append_name(skb, at + sizeof(struct jw_question), e);
	__u16 type_and_class[2], class;

	if (!end || bpf_skb_load_bytes(skb, end, type_and_class, sizeof(type_and_class)))
		return false;
	class = __builtin_bswap16(type_and_class[1]) & ~CLASS_UNICAST;
	e->type = __builtin_bswap16(type_and_class[0]);
	e->protocol = packet->protocol;
	e->server = packet->server;
	return packet->known || ((class == CLASS_IN || class == CLASS_CHAOS || class == CLASS_ANY) &&
				 e->type && e->name_length);
}

static __always_inline void jw_question(struct __sk_buff *skb, const struct jw_packet *packet,
					__u32 at, const struct jw_process *process, __u32 thread)
{
	struct jw_small *small;
	struct jw_dns_query *e;

	if (!jw_is_question(skb, at, packet->known))
		return;
	small = jw_take_small();
	if (!small) {
		jw_lose(process->job, JW_ID_dns_query);
		return;
	}
	/* As JW_BEGIN, which asks for the thread in a way that is not open to these programs. */
	e = (void *)small->bytes;
	__builtin_memset(e, 0, sizeof(*e));
	e->h.event_id = JW_ID_dns_query;
	e->h.size = sizeof(*e);
	e->h.time_us = jw_now_us();
	e->h.process_key = process->process_key;
	e->h.job = process->job;
	e->h.thread_id = thread;
	if (jw_fill_question(skb, packet, at, e))
		jw_send(&e->h, JW_SMALL_BYTES, JW_BULK_dns_query);
	small->busy = 0;
}

/* Each message has its length before it; one whose length went ahead alone has not. */
static __always_inline void jw_segment(struct __sk_buff *skb, struct jw_packet *packet,
				       const struct jw_process *process, __u32 thread)
{
	__u32 at = packet->at;
	__u16 length;

	for (int i = 0; i < JW_PIPELINED; i++) {
		if (bpf_skb_load_bytes(skb, at, &length, sizeof(length)))
			return;
		length = __builtin_bswap16(length);
		if (i == 0 && length + sizeof(length) > skb->len - at) {
			packet->known = false;
			jw_question(skb, packet, at, process, thread);
			return;
		}
		jw_question(skb, packet, at + sizeof(length), process, thread);
		at += sizeof(length) + length;
	}
}

/*
 * On the root of cgroup2, with the packet as it leaves: no other call, thread or ring of requests
 * can send anything else. A datagram leaves within the call of its sender. A segment may leave later,
 * when room is made for it; then it is not told, or told of the process that runs just then.
 */
SEC("cgroup_skb/egress")
int jw_dns_query(struct __sk_buff *skb)
{
	struct jw_packet packet = {};
	struct jw_process *process;
	struct task_struct *task;
	__u32 tgid;

	if (!jw_network_header(skb, &packet) || !jw_transport_header(skb, &packet))
		return 1; /* let it pass */
	if (packet.at + sizeof(struct jw_question) > skb->len)
		return 1;
	task = (void *)bpf_get_current_task();
	tgid = BPF_CORE_READ(task, tgid);
	process = bpf_map_lookup_elem(&jw_processes, &tgid);
	if (!process)
		return 1;
	if (packet.protocol == IPPROTO_TCP)
		jw_segment(skb, &packet, process, BPF_CORE_READ(task, pid));
	else
		jw_question(skb, &packet, packet.at, process, BPF_CORE_READ(task, pid));
	return 1;
}
