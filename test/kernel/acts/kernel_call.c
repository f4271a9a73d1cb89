/* Asks the kernel for what no build needs, in ways that change nothing. */
#include "act.h"
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/reboot.h>
#include <time.h>

#define KEYCTL_DESCRIBE 6

static void tell(const char *action, long result, int error, const char *rest, ...)
{
	char *more;
	va_list values;

	va_start(values, rest);
	must(vasprintf(&more, rest, values));
	va_end(values);
	fact("kernel_call", "\"action\":\"%s\",\"error\":%d,%s", action, result < 0 ? error : 0, more);
}

#define NOTHING "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"\",\"file\":\"\""

static void modules(char **args)
{
	static char image[] = "no module";
	int file = make_file("x.ko");
	long result;

	must(write(file, image, sizeof(image)));
	result = syscall(SYS_init_module, image, sizeof(image), "a=1");
	tell("module_load", result, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"a=1\",\"file\":\"\",\"flags\":4");
	result = syscall(SYS_finit_module, file, "b=2", 0);
	tell("module_load", result, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"b=2\",\"file\":%s,\"flags\":4",
	     quoted(at_here("x.ko")));
	result = syscall(SYS_delete_module, "jobwarden_none", O_NONBLOCK);
	tell("module_unload", result, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"jobwarden_none\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_kexec_load, 0, 0, NULL, 0xffff0000), errno);
	tell("kexec", -1, errno, NOTHING);
}

static void programs(char **args)
{
	struct bpf_insn code[] = { { .code = 0xb7 }, { .code = 0x95 } };
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)code,
		.insn_cnt = 2,
		.license = (uintptr_t)"GPL",
		.prog_name = "harmless",
	};
	union bpf_attr next = { .start_id = 0x7ffffff0 }, key = { .map_fd = -1 };
	union bpf_attr get = { .pathname = (uintptr_t)"/sys/fs/bpf/none" };

	must(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load)));
	tell("bpf", 0, 0,
	     "\"command\":5,\"type\":1,\"target_pid\":0,\"name\":\"harmless\",\"file\":\"\"");
	code[1].code = 0xff;
	must_fail(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load)), EINVAL);
	tell("bpf", -1, EINVAL,
	     "\"command\":5,\"type\":1,\"target_pid\":0,\"name\":\"harmless\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_bpf, BPF_OBJ_GET, &get, sizeof(get)), errno);
	tell("bpf", -1, errno,
	     "\"command\":7,\"type\":0,\"target_pid\":0,\"name\":\"/sys/fs/bpf/none\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &next, sizeof(next)), ENOENT);
	tell("bpf", -1, ENOENT,
	     "\"command\":11,\"type\":0,\"target_pid\":0,\"name\":\"\",\"file\":\"\"");
	/* Elements of maps are not told. */
	must_fail(syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &key, sizeof(key)), EBADF);
}

static void others(char **args)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr) };
	long result = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	tell("perf_event", result, errno,
	     "\"command\":0,\"type\":1,\"target_pid\":0,\"name\":\"\",\"file\":\"\"");
	must_fail(syscall(SYS_swapon, "/none/swap", 0), ENOENT);
	tell("swap", -1, ENOENT,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"/none/swap\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_reboot, 1, 2, 77, NULL), EINVAL);
	tell("reboot", -1, EINVAL, "\"command\":77,\"type\":0,\"target_pid\":0,\"name\":\"\",\"file\":\"\"");
	must_fail(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &(struct timespec){}), EINVAL);
	tell("clock", -1, EINVAL, NOTHING);
	must_fail(syscall(SYS_sethostname, "n", -1), EINVAL);
	tell("host_name", -1, EINVAL,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"n\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_acct, "/none/acct"), errno);
	tell("accounting", -1, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"/none/acct\",\"file\":\"\",\"flags\":4");
	must_fail(syscall(SYS_quotactl, 5, "/none/disk", 0, NULL), errno);
	tell("quota", -1, errno,
	     "\"command\":5,\"type\":0,\"target_pid\":0,\"name\":\"/none/disk\",\"file\":\"\",\"flags\":4");
	result = syscall(SYS_userfaultfd, 0xff);
	tell("userfault", result, errno,
	     "\"command\":255,\"type\":0,\"target_pid\":0,\"name\":\"\",\"file\":\"\"");
	result = syscall(SYS_add_key, "jobwarden", NULL, NULL, 0, 0);
	tell("key_add", result, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"jobwarden\",\"file\":\"\",\"flags\":4");
	result = syscall(SYS_request_key, "jobwarden", NULL, NULL, 0);
	tell("key_request", result, errno,
	     "\"command\":0,\"type\":0,\"target_pid\":0,\"name\":\"jobwarden\",\"file\":\"\",\"flags\":4");
	result = syscall(SYS_keyctl, KEYCTL_DESCRIBE, 1, NULL, 0, 0);
	tell("key", result, errno, "\"command\":6,\"type\":0,\"target_pid\":0,\"name\":\"\",\"file\":\"\"");
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "modules", modules }, { "programs", programs }, { "others", others }, {} },
		    argv);
}
