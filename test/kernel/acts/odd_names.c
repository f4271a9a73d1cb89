/* Names and places that are not usual. */
#include "act.h"
#include <sched.h>
#include <sys/mount.h>

static void opened(const char *path)
{
	fact("file_open", "\"path\":%s", quoted(path));
}

static void unlinked(const char *path, int flags)
{
	fact("file_unlink", "\"path\":%s,\"directory\":\"no\",\"flags\":%d", quoted(path), flags);
}

static void renamed(const char *from, const char *to, int flags)
{
	fact("file_rename", "\"path\":%s,\"new_path\":%s,\"rename_flags\":0,\"flags\":%d", quoted(from),
	     quoted(to), flags);
}

static void bytes(char **args)
{
	static char longest[NAME_MAX + 1];
	static const char *const names[] = { " ", "a b", "new\nline", "\"'\\`$(x)", "\xff\xfe\xc3", "h\xc3\xa9",
					     "\x01\x1b[31m", "-rf", "...", longest };

	memset(longest, 'n', NAME_MAX);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		must(close(make_file(names[i])));
		opened(at_here(names[i]));
		must(rename(names[i], "other"));
		renamed(at_here(names[i]), at_here("other"), UNRESOLVED);
		must(symlink(names[i], "link"));
		fact("file_symlink", "\"path\":%s,\"target\":%s,\"flags\":%d", quoted(at_here("link")),
		     quoted(names[i]), UNRESOLVED);
		must(unlink("link"));
		unlinked(at_here("link"), UNRESOLVED);
		must(rename("other", names[i]));
		renamed(at_here("other"), at_here(names[i]), UNRESOLVED);
		must(unlink(names[i]));
		unlinked(at_here(names[i]), UNRESOLVED);
	}
}

/* A link that leads to a directory: an open tells where it led, a name only how it was written. */
static void links(char **args)
{
	must(mkdir("sub", 0755));
	must(symlink("sub", "link"));
	must(close(make_file("link/x")));
	opened(at_here("sub/x"));
	must(rename("link//x", "./link/./y"));
	renamed(at_here(RESOLVED ? "sub/x" : "link/x"), at_here(RESOLVED ? "sub/y" : "link/y"), UNRESOLVED);
	must(unlink("sub/../link/y"));
	unlinked(at_here(RESOLVED ? "sub/y" : "link/y"), UNRESOLVED);
}

static void changed_root(char **args)
{
	must(mkdir("root", 0755));
	must(mkdir("root/sub", 0755));
	must(chroot("root"));
	must(chdir("/sub"));
	must(close(make_file("/x")));
	opened(at_here("root/x"));
	must(rename("/../../x", "y"));
	renamed(at_here("root/x"), at_here("root/sub/y"), UNRESOLVED);
	must(unlink("y"));
	unlinked(at_here("root/sub/y"), UNRESOLVED);
}

static void mounts(char **args)
{
	must(mkdir("sub", 0755));
	must(mkdir("memory", 0755));
	must(mkdir("bound", 0755));
	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(mount("none", "memory", "tmpfs", 0, NULL));
	must(close(make_file("memory/x")));
	opened(at_here("memory/x"));
	must(mount("sub", "bound", NULL, MS_BIND, NULL));
	must(close(make_file("bound/y")));
	opened(at_here("bound/y"));
	must(close(must(open("sub/y", O_RDONLY))));
	opened(at_here("sub/y"));
	must(mkdir("memory/below", 0755));
	must(mount("bound", "memory/below", NULL, MS_BIND, NULL));
	must(close(must(open("memory/below/y", O_RDONLY))));
	opened(at_here("memory/below/y"));
	must(mount("sub/y", "memory/x", NULL, MS_BIND, NULL));
	must(close(must(open("memory/x", O_RDONLY))));
	opened(at_here("memory/x"));
	must(chdir("memory/below"));
	must(unlink("y"));
	unlinked(at_here("memory/below/y"), UNRESOLVED);
}

static void gone_directory(char **args)
{
	must(mkdir("gone", 0755));
	must(chdir("gone"));
	must(rmdir("../gone"));
	fact("file_unlink", "\"path\":%s,\"directory\":\"yes\",\"flags\":%d", quoted(at_here("gone")),
	     UNRESOLVED);
	must_fail(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
	must(close(make_file("../x")));
	opened(at_here("x"));
	must(unlink("../x"));
	unlinked(at_here("x"), UNRESOLVED);
}

/* Goes down so many directories, further than a path may be long; acts there; and comes back. */
static void deep(char **args)
{
	char name[201], *path = strdup(here);
	int depth = atoi(args[0]);
	long length = strlen(here);

	memset(name, 'd', 200);
	name[200] = 0;
	path = realloc(path, length + depth * 201 + 8);
	for (int i = 0; i < depth; i++) {
		must(mkdir(name, 0755));
		must(chdir(name));
		strcat(strcat(path, "/"), name);
	}
	length = strlen(path);
	must(close(make_file("x")));
	opened(strcat(path, "/x"));
	must(rename("x", "y"));
	path[length + 1] = 'y';
	must(unlink("y"));
	unlinked(path, UNRESOLVED);
	for (int i = 0; i < depth; i++) {
		must(chdir(".."));
		must(rmdir(name));
	}
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "bytes", bytes },
				     { "links", links },
				     { "changed_root", changed_root },
				     { "mounts", mounts },
				     { "gone_directory", gone_directory },
				     { "deep", deep },
				     {} },
		    argv);
}
