/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who asked dockerd for what. dockerd's processes are in no job's tree, but the kernel knows, for
 * each connection to its socket, which process has made it: what dockerd answers there is that
 * process's doing. Answers are written by docker_socket.bpf.c, and read where a group or a process of
 * a container begins, in container.bpf.c.
 */
#pragma once

#include "socket.bpf.h"
#include "tag.bpf.h"

#define JW_ID_TEXT  64 /* hexadecimal digits of a container's or an exec's id */
#define JW_ID_BYTES 32
#define JW_SHORT_ID_BYTES 6 /* as the legacy builder prints it: 12 digits */
#define JW_PIDTYPE_TGID 1 /* a process, of the kinds of struct pid */
#define JW_MAX_CONNECTIONS 16384

/* The process that asked; all 0 for one of no job. */
struct jw_owner {
	__u64 client_key;
	__u64 step_key;
	__u32 job;
	__u32 pad;
};

/* Ids of containers and execs that dockerd has told a client. The first one told is the owner. */
struct jw_docker_id {
	__u8 bytes[JW_ID_BYTES];
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct jw_docker_id);
	__type(value, struct jw_owner);
} jw_docker_ids __weak SEC(".maps");

/* Containers of the legacy builder, which tells only the first digits, as a number. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct jw_owner);
} jw_docker_builds __weak SEC(".maps");

/* Processes that serve a socket called docker.sock and are of no job. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} jw_docker_servers __weak SEC(".maps");

/* Connections of those servers, by the inode of the socket. User space adds those from before. */
#define JW_CONNECTION_PLAIN   0
#define JW_CONNECTION_BUILD   1 /* has asked for a build, or for what we do not understand */
#define JW_CONNECTION_UNKNOWN 2 /* older than this tracer */
struct jw_docker_connection {
	struct jw_owner owner;
	__u64 closed_ns; /* 0 while it is open */
	__u32 server; /* process id; 0 when it is not known */
	__u16 kind;
	__u8 begun; /* a first byte that was read by itself, which may be a request's */
	__u8 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, JW_MAX_CONNECTIONS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct jw_docker_connection);
} jw_docker_connections __weak SEC(".maps");

/* A connection found no place in the map: of builds nothing can be concluded any more. */
__u32 jw_docker_blind __weak = 0;
/* A bit for each server, by its process id: what nearly every other process is told apart by. */
__u64 jw_docker_seen __weak = 0;

/* Processes of jobs that have ended, by the kernel's object: a socket keeps that, and so its address. */
struct jw_departed {
	struct jw_owner owner;
	__u64 ended_ns;
	__u32 pid;
	__u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, struct jw_departed);
} jw_departures __weak SEC(".maps");

static __always_inline bool jw_is_docker_server(void)
{
	__u32 tgid;

	if (!jw_docker_seen)
		return false;
	tgid = bpf_get_current_task_btf()->tgid;
	return (jw_docker_seen >> (tgid & 63) & 1) && bpf_map_lookup_elem(&jw_docker_servers, &tgid);
}

static __always_inline int jw_digit(__u8 c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads an id of 64 digits; false when it is none. */
static __noinline bool jw_parse_id(struct jw_docker_id *id, const char *text)
{
	if (!id || !text)
		return false;
	for (__u32 i = 0; i < JW_ID_BYTES; i++) {
		int high = jw_digit(text[2 * i]), low = jw_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		id->bytes[i] = high << 4 | low;
	}
	return true;
}

/* The first digits of an id, as the key of `jw_docker_builds`. */
static __always_inline __u64 jw_short_id(const struct jw_docker_id *id)
{
	__u64 key = 0;

	for (__u32 i = 0; i < JW_SHORT_ID_BYTES; i++)
		key = key << 8 | id->bytes[i];
	return key;
}
