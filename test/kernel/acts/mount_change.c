/* Mounts in every way, in a mount namespace of its own. */
#include "act.h"
#include <sched.h>
#include <sys/mount.h>


static void tell(const char *how, int error, unsigned long flags, const char *type,
		 const char *target, const char *source, int record_flags)
{
	fact("mount_change",
	     "\"how\":\"%s\",\"error\":%d,\"mount_flags\":%lu,\"mount_namespace\":%u,\"type\":%s,"
	     "\"target\":%s,\"source\":%s,\"flags\":%d",
	     how, error, flags, namespace_of("mnt"), quoted(type), quoted(target), quoted(source),
	     record_flags);
}

/* A bind mount's directory is the caller's word where names are resolved. */
#define BIND_FLAGS (RESOLVED ? 4 : 16)

static void calls(char **args)
{
	char *to = at_here("to"), *from = at_here("from");

	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	tell("mount", 0, MS_REC | MS_PRIVATE, "", "/", "", UNRESOLVED);
	must(mkdir("to", 0755));
	must(mkdir("from", 0755));
	must(mount("nothing", "to", "tmpfs", MS_NOSUID, "size=4k"));
	tell("mount", 0, MS_NOSUID, "tmpfs", to, "nothing", UNRESOLVED | 4);
	must(mount("from", "./to", NULL, MS_BIND, NULL));
	tell("mount", 0, MS_BIND, "", to, RESOLVED ? "from" : from, BIND_FLAGS);
	must(mount(NULL, "to", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	tell("mount", 0, MS_BIND | MS_REMOUNT | MS_RDONLY, "", to, "", UNRESOLVED);
	must(umount2("to", MNT_DETACH));
	tell("umount", 0, MNT_DETACH, "", to, "", UNRESOLVED);
	must_fail(mount("x", "none", "tmpfs", 0, NULL), ENOENT);
	tell("mount", ENOENT, 0, "tmpfs", at_here("none"), "x", 16 | 4);
	must_fail(umount2("from", 0), EINVAL);
	tell("umount", EINVAL, 0, "", from, "", UNRESOLVED);
	must(umount2("to", 0));
	tell("umount", 0, 0, "", to, "", UNRESOLVED);
}

/* The calls that util-linux 2.39 mounts with. */
static void new_calls(char **args)
{
	char *to = at_here("to"), *from = at_here("from");
	struct { uint64_t set, clear, propagation, userns; } attributes = { .set = 1 };
	int tree, system, made;

	must(unshare(CLONE_NEWNS));
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	tell("mount", 0, MS_REC | MS_PRIVATE, "", "/", "", UNRESOLVED);
	must(mkdir("to", 0755));
	must(mkdir("from", 0755));
	tree = must(syscall(SYS_open_tree, AT_FDCWD, "from", OPEN_TREE_CLONE));
	tell("open_tree", 0, OPEN_TREE_CLONE, "", "", from, 16);
	must(syscall(SYS_move_mount, tree, "", AT_FDCWD, "to", MOVE_MOUNT_F_EMPTY_PATH));
	tell("move_mount", 0, MOVE_MOUNT_F_EMPTY_PATH, "", to, to, UNRESOLVED);
	must(syscall(SYS_mount_setattr, AT_FDCWD, "to", 0, &attributes, sizeof(attributes)));
	tell("mount_setattr", 0, 0, "", to, "", 16);
	system = must(syscall(SYS_fsopen, "tmpfs", 0));
	must(syscall(SYS_fsconfig, system, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	made = must(syscall(SYS_fsmount, system, 0, 0));
	must(syscall(SYS_move_mount, made, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH));
	tell("move_mount", 0, MOVE_MOUNT_F_EMPTY_PATH, "", to, to, UNRESOLVED);
	/* An open without a mount. */
	must(syscall(SYS_open_tree, AT_FDCWD, "from", 0));
}

int main(int argc, char **argv)
{
	return play((struct part[]){ { "calls", calls }, { "new_calls", new_calls }, {} }, argv);
}
