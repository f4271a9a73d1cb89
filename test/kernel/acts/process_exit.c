/* Ends processes in every way, and tells what wait4 says of them. */
#include "act.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

/* What a child writes for its parent just before it ends. */
static struct shared {
	long started_us, ending_us, used_us;
	int go;
} *shared;

static long now_us(void)
{
	struct timespec now;

	must(clock_gettime(CLOCK_BOOTTIME, &now));
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static long us(struct timeval time)
{
	return time.tv_sec * 1000000L + time.tv_usec;
}

/* Work that takes some processor time in both modes, and touches memory. */
static void work(void)
{
	struct rusage used;
	char *bytes = malloc(8 << 20);

	memset(bytes, 1, 8 << 20);
	for (int i = 0; i < 20000; i++)
		must(getrusage(RUSAGE_SELF, &used));
	shared->used_us = us(used.ru_utime) + us(used.ru_stime);
	shared->ending_us = now_us();
}

static void ended(void (*child)(void))
{
	long before = now_us();
	struct rusage used;
	int status;
	pid_t pid = must(fork());

	if (!pid) {
		shared->started_us = now_us();
		child();
		_exit(99);
	}
	must(wait4(pid, &status, 0, &used));
	fact("process_exit",
	     "\"process\":%d,\"exit_code\":%d,\"signal\":%d,\"max_rss_kib\":%ld,\"minor_faults\":%ld,"
	     "\"major_faults\":%ld,\"least_us\":%ld,\"most_us\":%ld,\"least_used_us\":%ld,"
	     "\"most_used_us\":%ld",
	     pid, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
	     WIFSIGNALED(status) ? WTERMSIG(status) : 0, used.ru_maxrss, used.ru_minflt,
	     used.ru_majflt, shared->ending_us - shared->started_us, now_us() - before,
	     shared->used_us, us(used.ru_utime) + us(used.ru_stime));
}

static void exits(void)
{
	work();
	_exit(42);
}

static void exits_with_much(void)
{
	work();
	_exit(0x1ff);
}

static void exits_alone(void)
{
	work();
	syscall(SYS_exit, 3); /* the thread, which is the only one */
}

static void is_killed(void)
{
	work();
	kill(getpid(), SIGKILL);
	pause();
}

static void aborts(void)
{
	struct rlimit none = {};

	must(setrlimit(RLIMIT_CORE, &none));
	work();
	abort();
}

static void *outlives(void *leader)
{
	pthread_join(*(pthread_t *)leader, NULL);
	work();
	syscall(SYS_exit, 8); /* only the thread's; the leader's is the process's */
	return NULL;
}

/* The leader works, and ends before the thread that ends the process. */
static void leader_first(void)
{
	static pthread_t leader;
	pthread_t thread;

	leader = pthread_self();
	work();
	must(-pthread_create(&thread, NULL, outlives, &leader));
	pthread_exit(NULL);
}

static void *ends_all(void *leader)
{
	pthread_join(*(pthread_t *)leader, NULL);
	work();
	_exit(9);
}

static void thread_ends_all(void)
{
	static pthread_t leader;
	pthread_t thread;

	leader = pthread_self();
	must(-pthread_create(&thread, NULL, ends_all, &leader));
	pthread_exit(NULL);
}

static void *works(void *none)
{
	work();
	return NULL;
}

static void threads_first(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		must(-pthread_create(threads + i, NULL, works, NULL));
	for (int i = 0; i < 4; i++)
		must(-pthread_join(threads[i], NULL));
	work();
	_exit(5);
}

static void ways(char **args)
{
	shared = (void *)must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	ended(exits);
	ended(exits_with_much);
	ended(exits_alone);
	ended(is_killed);
	ended(aborts);
	ended(leader_first);
	ended(thread_ends_all);
	ended(threads_first);
}

static void *ends_at_once(void *none)
{
	while (!__atomic_load_n(&shared->go, __ATOMIC_ACQUIRE))
		;
	syscall(SYS_exit, 0);
	return NULL;
}

/* Processes all of whose threads end in the same moment, each by itself. */
static void together(char **args)
{
	shared = (void *)must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	for (int i = 0; i < atoi(args[0]); i++) {
		pid_t child = must(fork());

		if (!child) {
			pthread_t thread;

			shared->go = 0;
			for (int j = 0; j < 3; j++)
				must(-pthread_create(&thread, NULL, ends_at_once, NULL));
			__atomic_store_n(&shared->go, 1, __ATOMIC_RELEASE);
			syscall(SYS_exit, 0);
		}
		wait_for(child);
	}
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "ways", ways }, { "together", together }, {} }, argv);
}
