/* Moves tasks between control groups. */
#include "act.h"
#include <pthread.h>

static unsigned long id_of(const char *group)
{
	struct stat status;

	must(stat(group, &status));
	return status.st_ino;
}

static void move(pid_t pid, const char *group)
{
	char *path;
	int fd;

	must(asprintf(&path, "%s/cgroup.procs", group));
	fd = must(open(path, O_WRONLY | O_CLOEXEC));
	must(dprintf(fd, "%d", pid));
	must(close(fd));
}

static void moved(pid_t pid, const char *group, const char *mount)
{
	move(pid, group);
	fact("cgroup_move",
	     "\"moved_pid\":%d,\"cgroup_id\":%lu,\"cgroup_path\":%s,\"joined\":\"no\"", pid,
	     id_of(group), quoted(group + strlen(mount)));
}

/* args: the mount, the job's group, a group of no job. */
static void around(char **args)
{
	char *below, *name, *path;
	pid_t child;
	int pipes[2];

	must(pipe(pipes));
	must(asprintf(&below, "%s/be low", args[1]));
	must(mkdir(below, 0755));
	moved(getpid(), below, args[0]);
	moved(getpid(), args[2], args[0]);
	child = must(fork());
	if (!child) {
		must(read(pipes[0], &child, 1));
		_exit(0);
	}
	moved(child, below, args[0]);
	must(write(pipes[1], "", 1));
	wait_for(child);
	moved(getpid(), args[1], args[0]);
	moved(getpid(), args[2], args[0]);
	must(asprintf(&path, "%s/cgroup.procs", below));
	name = at_here("outside");
	must(close(make_file(name)));
	fact("file_open", "\"path\":%s", quoted(name));
	must_fail(open("/sys/fs/cgroup/absent/cgroup.procs", O_WRONLY), ENOENT);
}

static void *in_thread(void *name)
{
	char line[2];

	must(read(0, line, 1));
	must(close(make_file(name)));
	return NULL;
}

/* A process of no job, with a second thread; when it is told to, that opens a file. */
static void stranger(char **args)
{
	pthread_t thread;

	must(-pthread_create(&thread, NULL, in_thread, args[0]));
	printf("ready\n");
	fflush(stdout);
	must(-pthread_join(thread, NULL));
	must(close(make_file(args[1])));
}

/* args: the job's group, how many processes of no job are moved into it while they open files. */
static void busy(char **args)
{
	for (int rounds = atoi(args[1]); rounds > 0; rounds--) {
		pid_t child = must(fork());

		while (!child)
			close(open("/", O_RDONLY | O_CLOEXEC));
		usleep(200);
		move(child, args[0]);
		must(kill(child, SIGKILL));
		must(waitpid(child, NULL, 0));
	}
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "around", around }, { "stranger", stranger }, { "busy", busy }, {} },
		    argv);
}
