/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Listens in on dockerd's side of its socket: which client is told which id, and who may be building.
 * No record is made here; see docker.bpf.h. On the client's side the same bytes could be written in
 * any pieces, by any call and thread; dockerd writes its answer in one.
 */
#include "docker.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#if defined(__TARGET_ARCH_x86)
#define JW_READ	   0
#define JW_WRITE   1
#define JW_CLOSE   3
#define JW_ACCEPT  43
#define JW_ACCEPT4 288
#else
#define JW_READ	   63
#define JW_WRITE   64
#define JW_CLOSE   57
#define JW_ACCEPT  202
#define JW_ACCEPT4 242
#endif

#define JW_SOCKET_NAME	"docker.sock" /* the kernel counts its NUL */
#define JW_ANSWER_BYTES 1024 /* in which the id of an answer must begin */
#define JW_ID_START	7 /* after `{"Id":"` */
#define JW_BUILD_BYTES	51 /* the least that tells a legacy build's container */
#define PF_EXITING	0x00000004
/* A client that connects, asks and is gone is looked up when dockerd reads, or at the answer. */
#define JW_DEPARTED_NS	10000000000ULL

/* Eight bytes of text as a number, to compare without a loop. */
#define JW_WORD(s)                                                                                 \
	((__u64)(__u8)(s)[0] | (__u64)(__u8)(s)[1] << 8 | (__u64)(__u8)(s)[2] << 16 |              \
	 (__u64)(__u8)(s)[3] << 24 | (__u64)(__u8)(s)[4] << 32 | (__u64)(__u8)(s)[5] << 40 |       \
	 (__u64)(__u8)(s)[6] << 48 | (__u64)(__u8)(s)[7] << 56)
#define JW_FOUR_BYTES  0x00000000ffffffffULL
#define JW_FIVE_BYTES  0x000000ffffffffffULL
#define JW_SEVEN_BYTES 0x00ffffffffffffffULL

/* Whether it is a unix socket whose own name ends in docker.sock, as an accepted one has it too. */
static __always_inline bool jw_is_docker_socket(struct sock *sk)
{
	char name[sizeof(JW_SOCKET_NAME)];
	struct unix_address *address;
	__u32 length;

	if (!sk || BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return false;
	address = BPF_CORE_READ((struct unix_sock *)sk, addr);
	length = address ? (__u32)BPF_CORE_READ(address, len) : 0;
	if (length < sizeof(__u16) + sizeof(name) || length > sizeof(__u16) + JW_UNIX_BYTES)
		return false;
	if (bpf_probe_read_kernel(name, sizeof(name), (void *)address +
		    bpf_core_field_offset(struct unix_address, name) + length - sizeof(name)))
		return false;
	return !bpf_strncmp(name, sizeof(name), JW_SOCKET_NAME);
}

static __always_inline void jw_own(struct jw_owner *owner, const struct jw_process *process)
{
	owner->client_key = process->process_key;
	owner->step_key = process->step_key;
	owner->job = process->job;
}

/* Whether the process has not begun to end. */
static __always_inline bool jw_is_alive(struct hlist_node *link)
{
	struct task_struct *task = (void *)link - bpf_core_field_offset(struct task_struct, pid_links) -
				   JW_PIDTYPE_TGID * sizeof(*link);

	return !(BPF_CORE_READ(task, flags) & PF_EXITING);
}

/*
 * The process that has connected, as SO_PEERCRED tells it. The socket keeps the kernel's object of
 * that process, so that as long as a task is linked to it the number is that process's and no other's.
 */
static __always_inline void jw_client_of(struct jw_owner *owner, struct sock *sk)
{
	struct pid *pid = BPF_CORE_READ(sk, sk_peer_pid);
	__u32 tgid = BPF_CORE_READ(pid, numbers[0].nr);
	struct hlist_node *link = BPF_CORE_READ(pid, tasks[JW_PIDTYPE_TGID].first);
	struct jw_departed *departed;
	struct jw_process *process;
	__u64 key = (__u64)pid;

	process = link ? bpf_map_lookup_elem(&jw_processes, &tgid) : NULL;
	if (process) {
		jw_own(owner, process);
		return;
	}
	if (!pid || (link && jw_is_alive(link)))
		return;
	departed = bpf_map_lookup_elem(&jw_departures, &key);
	if (departed && departed->pid == tgid &&
	    bpf_ktime_get_boot_ns() - departed->ended_ns < JW_DEPARTED_NS)
		*owner = departed->owner;
}

/* The connection behind a socket of dockerd; made, with its client, when it is met first. */
static __always_inline struct jw_docker_connection *jw_connection(struct file *file,
								  struct sock *sk, __u32 kind)
{
	struct jw_docker_connection *known, made = { .kind = kind };
	__u64 inode = BPF_CORE_READ(file, f_inode, i_ino);

	known = bpf_map_lookup_elem(&jw_docker_connections, &inode);
	if (known && !known->server) { /* from user space, which does not know the client */
		jw_client_of(&known->owner, sk);
		known->server = bpf_get_current_pid_tgid() >> 32;
	}
	if (known)
		return known;
	made.server = bpf_get_current_pid_tgid() >> 32;
	jw_client_of(&made.owner, sk);
	if (bpf_map_update_elem(&jw_docker_connections, &inode, &made, BPF_NOEXIST)) {
		jw_docker_blind = 1;
		return NULL;
	}
	return bpf_map_lookup_elem(&jw_docker_connections, &inode);
}

/*
 * An answer that names what was made: `{"Id":"` after the headers. The place is kept in memory, not
 * in a variable: the verifier would follow what is done with each.
 */
static __always_inline void jw_note_id(const struct jw_owner *owner, struct jw_small *small,
				       __u64 length)
{
	volatile __u32 *place = (volatile __u32 *)(small->bytes + 2 * JW_ANSWER_BYTES);
	char text[JW_ID_TEXT];
	struct jw_docker_id id;
	__u32 at;

	*place = 0;
	for (__u32 i = 0; i < JW_ANSWER_BYTES && i + JW_ID_START + JW_ID_TEXT <= length; i++) {
		if ((*(const __u64 *)(small->bytes + i) & JW_SEVEN_BYTES) !=
		    (JW_WORD("{\"Id\":\" ") & JW_SEVEN_BYTES))
			continue;
		*place = i + JW_ID_START;
		break;
	}
	at = *place;
	if (at >= JW_ANSWER_BYTES)
		return;
	bpf_probe_read_kernel(text, sizeof(text), small->bytes + at);
	/* Of no job is an owner too: what comes later must not take it. */
	if (at && jw_parse_id(&id, text))
		bpf_map_update_elem(&jw_docker_ids, &id, owner, BPF_NOEXIST);
}

/* The legacy builder's `Running in <12 digits>`: a chunk that is one JSON object. */
static __always_inline void jw_note_build(const struct jw_owner *owner, const __u8 *chunk, __u64 length)
{
	__u64 key = 0;

	if (length < JW_BUILD_BYTES)
		return;
	for (__u32 i = 1; i < 5; i++) { /* after the length of the chunk, in hexadecimal */
		const __u64 *word = (const __u64 *)(chunk + i);

		if (word[0] != JW_WORD("\r\n{\"stre") || word[1] != JW_WORD("am\":\" --") ||
		    word[2] != JW_WORD("-\\u003e ") || word[3] != JW_WORD("Running "))
			continue;
		for (__u32 digit = 0; digit < 2 * JW_SHORT_ID_BYTES; digit++) {
			int value = jw_digit(chunk[i + sizeof("\r\n{\"stream\":\" ---\\u003e Running in ") - 1 +
						   digit]);

			if (value < 0)
				return;
			key = key << 4 | value;
		}
		bpf_map_update_elem(&jw_docker_builds, &key, owner, BPF_NOEXIST);
		return;
	}
}

/*
 * dockerd is about to tell a client an id: the client cannot know it before, so nothing that it does
 * with it can come earlier than what is noted here.
 */
static __always_inline void jw_docker_answers(struct pt_regs *regs)
{
	struct file *file = jw_file(jw_arg(regs, 0));
	struct sock *sk = jw_sock_of(file);
	struct jw_docker_connection *connection;
	struct jw_small *small;
	__u64 length = jw_arg(regs, 2);

	if (!jw_is_docker_socket(sk))
		return;
	connection = jw_connection(file, sk, JW_CONNECTION_UNKNOWN);
	small = jw_take_small();
	if (!small)
		return;
	if (length > JW_ANSWER_BYTES)
		length = JW_ANSWER_BYTES;
	if (connection && !bpf_probe_read_user(small->bytes, length, (void *)jw_arg(regs, 1))) {
		const __u64 *word = (const __u64 *)small->bytes;

		if (word[0] == JW_WORD("HTTP/1.1") && (word[1] & JW_FIVE_BYTES) ==
							       (JW_WORD(" 201    ") & JW_FIVE_BYTES))
			jw_note_id(&connection->owner, small, length);
		else if (connection->kind == JW_CONNECTION_BUILD)
			jw_note_build(&connection->owner, small->bytes, length);
	}
	small->busy = 0;
}

/* A process that takes connections of docker.sock, of no job itself, is a dockerd. */
static __always_inline void jw_docker_accepts(struct pt_regs *regs)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u8 one = 1;

	if (!jw_is_docker_socket(jw_sock_of(jw_file(jw_arg(regs, 0)))) || jw_self())
		return;
	jw_docker_seen |= 1ULL << (tgid & 63);
	bpf_map_update_elem(&jw_docker_servers, &tgid, &one, BPF_ANY);
}

/* A build that was cancelled may still start something in the moment after. */
static __always_inline void jw_docker_closes(struct pt_regs *regs)
{
	struct file *file = jw_file(jw_arg(regs, 0));
	struct jw_docker_connection *connection;
	__u64 inode;

	if (!jw_is_docker_socket(jw_sock_of(file)))
		return;
	inode = BPF_CORE_READ(file, f_inode, i_ino);
	connection = bpf_map_lookup_elem(&jw_docker_connections, &inode);
	if (connection && connection->kind != JW_CONNECTION_PLAIN)
		connection->closed_ns = bpf_ktime_get_boot_ns();
	else
		bpf_map_delete_elem(&jw_docker_connections, &inode);
}

/* Comes for every call of every process: the first test must be cheap. */
SEC("tp_btf/sys_enter")
int BPF_PROG(jw_docker_enter, struct pt_regs *regs, long call)
{
	if (call == JW_ACCEPT4 || call == JW_ACCEPT) {
		jw_docker_accepts(regs);
		return 0;
	}
	if ((call != JW_WRITE && call != JW_CLOSE) || !jw_is_docker_server())
		return 0;
	if (call == JW_WRITE)
		jw_docker_answers(regs);
	else
		jw_docker_closes(regs);
	return 0;
}

/* Whether a POST is for what has nothing to do with a build; the path is at `path` of dockerd. */
static __always_inline bool jw_is_plain_path(__u64 path)
{
	__u64 word = 0;

	bpf_probe_read_user(&word, sizeof(word), (void *)path);
	if ((word & 0xffff) == (JW_WORD("/v      ") & 0xffff)) { /* the version: "/v1.41" */
		for (__u32 i = 3; i < 8; i++) {
			if ((word >> (i * 8) & 0xff) == '/') {
				path += i;
				break;
			}
		}
	}
	bpf_probe_read_user(&word, sizeof(word), (void *)path + 1);
	return word == JW_WORD("containe") || word == JW_WORD("networks") ||
	       (word & JW_FIVE_BYTES) == (JW_WORD("exec/   ") & JW_FIVE_BYTES) ||
	       (word & JW_SEVEN_BYTES) == (JW_WORD("images/ ") & JW_SEVEN_BYTES) ||
	       (word & JW_SEVEN_BYTES) == (JW_WORD("volumes ") & JW_SEVEN_BYTES);
}

/*
 * Whether what dockerd has read may be a request for a build: everything but a known other request.
 * What is no request goes on with an earlier one, unless it is the first on its connection.
 */
static __always_inline bool jw_may_build(__u64 from, __u8 begun, bool first)
{
	__u64 word = 0;
	__u32 method;

	bpf_probe_read_user(&word, sizeof(word), (void *)from);
	if (begun) {
		word = word << 8 | begun;
		from--;
	}
	method = word & JW_FOUR_BYTES;
	if (method == (__u32)JW_WORD("POST    "))
		return !jw_is_plain_path(from + sizeof("POST ") - 1);
	if (method == (__u32)JW_WORD("PRI     "))
		return true; /* HTTP/2: what it asks for is compressed */
	if (method == (__u32)JW_WORD("GET     ") || method == (__u32)JW_WORD("HEAD    ") ||
	    method == (__u32)JW_WORD("DELE    ") || method == (__u32)JW_WORD("PUT     "))
		return false;
	return first;
}

/*
 * Waiting for the end of a client, Go's server reads one byte, which may begin the next request. Two
 * such in a row are not the server's way, and hide what is asked for.
 */
static __always_inline void jw_look_at_request(struct jw_docker_connection *connection,
					       struct pt_regs *regs, long length, bool first)
{
	__u8 begun = connection->begun;

	connection->begun = 0;
	if (connection->kind != JW_CONNECTION_PLAIN)
		return;
	if (length == 1 && !begun)
		bpf_probe_read_user(&connection->begun, 1, (void *)jw_arg(regs, 1));
	else if (length == 1 || jw_may_build(jw_arg(regs, 1), begun, first))
		connection->kind = JW_CONNECTION_BUILD;
}

/* dockerd has read, and has not looked at it yet. */
SEC("tp_btf/sys_exit")
int BPF_PROG(jw_docker_exit, struct pt_regs *regs, long result)
{
	struct jw_docker_connection *connection;
	struct file *file;
	struct sock *sk;
	bool first;
	__u64 inode;

	if (!jw_docker_seen || result <= 0 || jw_call(regs) != JW_READ || !jw_is_docker_server())
		return 0;
	file = jw_file(jw_arg(regs, 0));
	sk = jw_sock_of(file);
	if (!jw_is_docker_socket(sk))
		return 0;
	inode = BPF_CORE_READ(file, f_inode, i_ino);
	first = !bpf_map_lookup_elem(&jw_docker_connections, &inode);
	connection = jw_connection(file, sk, JW_CONNECTION_PLAIN);
	if (connection)
		jw_look_at_request(connection, regs, result, first);
	return 0;
}
