/* Works through an io_uring, without the calls that it stands for. */
#include "act.h"
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sys/mman.h>

static struct {
	int fd;
	unsigned int *head, *tail, *array, *flags, *done_head, *done_tail, mask, done_mask;
	struct io_uring_sqe *requests;
	struct io_uring_cqe *done;
} ring;

static void tell_setup(unsigned int flags)
{
	fact("io_uring_setup", "\"error\":0,\"entries\":4,\"setup_flags\":%u", flags);
}

static void setup(unsigned int flags)
{
	struct io_uring_params params = { .flags = flags };
	size_t size = 1 << 14;
	char *area;

	ring.fd = must(syscall(SYS_io_uring_setup, 4, &params));
	tell_setup(params.flags);
	area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQ_RING);
	ring.requests = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQES);
	ring.tail = (void *)(area + params.sq_off.tail);
	ring.flags = (void *)(area + params.sq_off.flags);
	ring.mask = *(unsigned int *)(area + params.sq_off.ring_mask);
	ring.array = (void *)(area + params.sq_off.array);
	ring.done_head = (void *)(area + params.cq_off.head);
	ring.done_tail = (void *)(area + params.cq_off.tail);
	ring.done_mask = *(unsigned int *)(area + params.cq_off.ring_mask);
	ring.done = (void *)(area + params.cq_off.cqes);
}

/* Submits one request, and waits for its result. */
static int submit(struct io_uring_sqe request)
{
	unsigned int tail = *ring.tail, index = tail & ring.mask;
	int result;

	ring.requests[index] = request;
	ring.array[index] = index;
	__atomic_store_n(ring.tail, tail + 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, ring.fd, 1, 1,
		     IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP, NULL, 0));
	while (__atomic_load_n(ring.done_tail, __ATOMIC_ACQUIRE) == *ring.done_head)
		must(syscall(SYS_io_uring_enter, ring.fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0));
	result = ring.done[*ring.done_head & ring.done_mask].res;
	(*ring.done_head)++;
	return result;
}

static void tell(const char *operation, int opcode, const char *path)
{
	fact("io_uring_operation", "\"operation\":\"%s\",\"opcode\":%d,\"path\":%s,\"flags\":%d", operation,
	     opcode, quoted(path), *path ? 16 : 0);
}

static void file_calls(char **args)
{
	int fd = must(submit((struct io_uring_sqe){ .opcode = IORING_OP_OPENAT,
						    .fd = AT_FDCWD,
						    .addr = (uintptr_t)"./secret",
						    .open_flags = O_RDWR | O_CREAT | O_CLOEXEC,
						    .len = 0600 }));
	struct stat status;

	tell("open", IORING_OP_OPENAT, at_here("secret"));
	must(fstat(fd, &status));
	fact("file_open",
	     "\"inode\":%lu,\"device\":%u,\"mode\":%u,\"open_flags\":%d,\"access\":\"read_write\","
	     "\"created\":\"yes\",\"path\":%s",
	     status.st_ino, device_of(&status), status.st_mode, (int)must(fcntl(fd, F_GETFL)),
	     quoted(at_here("secret")));
	must(submit((struct io_uring_sqe){ .opcode = IORING_OP_RENAMEAT,
					   .fd = AT_FDCWD,
					   .addr = (uintptr_t)"secret",
					   .len = AT_FDCWD,
					   .addr2 = (uintptr_t)"other" }));
	tell("rename", IORING_OP_RENAMEAT, at_here("other"));
	must(submit((struct io_uring_sqe){
		.opcode = IORING_OP_MKDIRAT, .fd = AT_FDCWD, .addr = (uintptr_t)"new", .len = 0755 }));
	tell("mkdir", IORING_OP_MKDIRAT, at_here("new"));
	must(submit((struct io_uring_sqe){
		.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = (uintptr_t)"other" }));
	tell("unlink", IORING_OP_UNLINKAT, at_here("other"));
	/* Whether it works is not told, nor is what does nothing. */
	submit((struct io_uring_sqe){ .opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = (uintptr_t)"/x/y" });
	tell("unlink", IORING_OP_UNLINKAT, "/x/y");
	submit((struct io_uring_sqe){ .opcode = IORING_OP_NOP });
}

static void calls(char **args)
{
	struct sockaddr_in nobody = { .sin_family = AF_INET, .sin_port = htons(1),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int socket = must(syscall(SYS_socket, AF_INET, 1, 0));

	setup(0);
	file_calls(args);
	submit((struct io_uring_sqe){ .opcode = IORING_OP_CONNECT,
				      .fd = socket,
				      .addr = (uintptr_t)&nobody,
				      .off = sizeof(nobody) });
	tell("connect", IORING_OP_CONNECT, "");
}

/* The kernel's own thread submits: the process makes no call at all. */
static void polled(char **args)
{
	setup(IORING_SETUP_SQPOLL);
	must(submit((struct io_uring_sqe){ .opcode = IORING_OP_MKDIRAT,
					   .fd = AT_FDCWD,
					   .addr = (uintptr_t)"new",
					   .len = 0755 }));
}

static void refused(char **args)
{
	struct io_uring_params params = {};

	must_fail(syscall(SYS_io_uring_setup, 0, &params), EINVAL);
	fact("io_uring_setup", "\"error\":%d,\"entries\":0,\"setup_flags\":0", EINVAL);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, { "polled", polled }, { "refused", refused }, {} },
		    argv);
}
