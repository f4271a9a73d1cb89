/* Maps files as code. */
#include "act.h"
#include <sys/mman.h>

#define PAGE 4096
#define CODE (PROT_READ | PROT_EXEC)

static void tell(int fd, const char *path, const char *shared, int flags)
{
	struct stat status;

	must(fstat(fd, &status));
	fact("code_mapping",
	     "\"inode\":%lu,\"device\":%u,\"links\":%lu,\"shared\":\"%s\",\"path\":%s,\"flags\":%d",
	     status.st_ino, device_of(&status), status.st_nlink, shared, quoted(path), flags);
}

static void files(char **args)
{
	int memory = must(memfd_create("library", 0)), gone = make_file("gone"), named = make_file("named");
	int shared;
	char *in_memory;

	must(ftruncate(memory, PAGE));
	must(mmap(NULL, PAGE, CODE, MAP_PRIVATE, memory, 0));
	tell(memory, "memfd:library", "no", 8);
	must(mmap(NULL, PAGE, PROT_EXEC, MAP_SHARED, memory, 0));
	tell(memory, "memfd:library", "yes", 8);
	must(ftruncate(gone, PAGE));
	must(unlink("gone"));
	must(mmap(NULL, PAGE, CODE, MAP_PRIVATE, gone, 0));
	tell(gone, at_here("gone"), "no", 8);

	must(asprintf(&in_memory, "/dev/shm/jobwarden-%d", getpid()));
	shared = must(open(in_memory, O_RDWR | O_CREAT | O_EXCL, 0600));
	must(ftruncate(shared, PAGE));
	must(mmap(NULL, PAGE, CODE, MAP_PRIVATE, shared, 0));
	tell(shared, in_memory, "no", 0);
	must(unlink(in_memory));

	/* A usual library, data, and what fails. */
	must(ftruncate(named, PAGE));
	must(mmap(NULL, PAGE, CODE, MAP_PRIVATE, named, 0));
	must(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, memory, 0));
	must_fail(mmap(NULL, PAGE, CODE, MAP_PRIVATE, -1, 0), EBADF);
	must_fail(mmap(NULL, 0, CODE, MAP_PRIVATE, memory, 0), EINVAL);
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "files", files }, {} }, argv);
}
