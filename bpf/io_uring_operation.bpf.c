/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* io_uring_operation: what would be calls of their own. Fields: src/events/io_uring_operation.ts. */
#include "name.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* uapi/linux/io_uring.h */
#define IORING_OP_SENDMSG    9
#define IORING_OP_ACCEPT     13
#define IORING_OP_CONNECT    16
#define IORING_OP_OPENAT     18
#define IORING_OP_SEND	     26
#define IORING_OP_OPENAT2    28
#define IORING_OP_RENAMEAT   35
#define IORING_OP_UNLINKAT   36
#define IORING_OP_MKDIRAT    37
#define IORING_OP_SYMLINKAT  38
#define IORING_OP_LINKAT     39
#define IORING_OP_SOCKET     45
#define IORING_OP_URING_CMD  46
#define IORING_OP_SEND_ZC    47
#define IORING_OP_SENDMSG_ZC 48
#define IORING_OP_BIND	     56
#define IORING_OP_LISTEN     57

static __always_inline __u32 jw_operation(__u8 opcode)
{
	switch (opcode) {
	case IORING_OP_OPENAT:
	case IORING_OP_OPENAT2:
		return JW_URING_open;
	case IORING_OP_CONNECT:
		return JW_URING_connect;
	case IORING_OP_ACCEPT:
		return JW_URING_accept;
	case IORING_OP_SEND:
	case IORING_OP_SEND_ZC:
		return JW_URING_send;
	case IORING_OP_SENDMSG:
	case IORING_OP_SENDMSG_ZC:
		return JW_URING_sendmsg;
	case IORING_OP_RENAMEAT:
		return JW_URING_rename;
	case IORING_OP_UNLINKAT:
		return JW_URING_unlink;
	case IORING_OP_MKDIRAT:
		return JW_URING_mkdir;
	case IORING_OP_SYMLINKAT:
		return JW_URING_symlink;
	case IORING_OP_LINKAT:
		return JW_URING_link;
	case IORING_OP_SOCKET:
		return JW_URING_socket;
	case IORING_OP_BIND:
		return JW_URING_bind;
	case IORING_OP_LISTEN:
		return JW_URING_listen;
	case IORING_OP_URING_CMD:
		return JW_URING_command;
	}
	return JW_URING_other;
}

/* A name that the kernel has copied for a request, and the directory that it starts from. */
struct jw_request_name {
	struct filename *name;
	int directory;
};

/*
 * 7.0 keeps a name within the request, half done, instead of a pointer to it: its field is then of
 * another type, which CO-RE takes for none.
 */
#define JW_REQUEST_NAME(type, request, field, dfd)                                                 \
	(bpf_core_field_exists(struct type, field) ?                                               \
		 (struct jw_request_name){                                                         \
			 .name = BPF_CORE_READ((struct type *)(request), field),                   \
			 .directory = BPF_CORE_READ((struct type *)(request), dfd),                \
		 } :                                                                               \
		 (struct jw_request_name){})

static __always_inline struct jw_request_name jw_name_of(void *request, __u32 operation)
{
	switch (operation) {
	case JW_URING_open:
		return JW_REQUEST_NAME(io_open, request, filename, dfd);
	case JW_URING_unlink:
		return JW_REQUEST_NAME(io_unlink, request, filename, dfd);
	case JW_URING_mkdir:
		return JW_REQUEST_NAME(io_mkdir, request, filename, dfd);
	case JW_URING_rename:
		return JW_REQUEST_NAME(io_rename, request, newpath, new_dfd);
	case JW_URING_link:
	case JW_URING_symlink:
		return JW_REQUEST_NAME(io_link, request, newpath, new_dfd);
	}
	return (struct jw_request_name){};
}

static __always_inline __u32 jw_request_path(struct jw_header *h, struct jw_request_name *from)
{
	__u8 *name = jw_room(h, JW_SMALL_BYTES, JW_GIVEN_BYTES), *end;
	struct filename *copy = from->name;
	struct path start;
	__u32 length;

	if (!name)
		return 0;
	length = jw_append_text(h, JW_SMALL_BYTES, JW_GIVEN_BYTES, BPF_CORE_READ(copy, name));
	end = length ? jw_room(h, JW_SMALL_BYTES, 1) : NULL;
	if (!end)
		return length;
	h->flags |= JW_UNRESOLVED;
	if (!jw_start_of(&start, *name, from->directory)) {
		h->flags |= JW_UNREADABLE;
		return length;
	}
	*end = 0;
	h->size++;
	return length + 1 + jw_path(h, JW_SMALL_BYTES, start.mnt, start.dentry);
}

static __always_inline int jw_submitted(void *request, __u8 opcode)
{
	__u32 operation = jw_operation(opcode);
	struct jw_io_uring_operation *e;
	struct jw_request_name name;
	struct jw_small *small;
	struct jw_tag *tag;

	if (operation == JW_URING_other)
		return 0;
	tag = jw_self();
	if (!tag)
		return 0;
	e = JW_BEGIN(io_uring_operation, small, tag->job, tag->process_key);
	if (!e)
		return 0;
	e->operation = operation;
	e->opcode = opcode;
	name = jw_name_of(request, operation);
	if (name.name)
		e->path_length = jw_request_path(&e->h, &name);
	JW_SUBMIT(io_uring_operation, e, small);
	return 0;
}

/*
 * The request was read out of the ring and is whole: what it names has been copied. It runs in the
 * task that submits, or in the ring's own thread, which has the tag of the one that made it.
 */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(jw_io_uring_submit, struct io_kiocb *request)
{
	return jw_submitted(request, BPF_CORE_READ(request, opcode));
}

/*
 * The same by its earlier name. Up to 5.18 the request was the second argument, and its operation
 * the fourth; requests have had a completion of their own (cqe) since 5.19 (cef216fc32d7).
 */
SEC("tp_btf/io_uring_submit_sqe")
int jw_io_uring_submit_sqe(__u64 *ctx)
{
	struct io_kiocb *request = (void *)ctx[0];

	if (bpf_core_field_exists(request->cqe))
		return jw_submitted(request, BPF_CORE_READ(request, opcode));
	return jw_submitted((void *)ctx[1], ctx[3]);
}
