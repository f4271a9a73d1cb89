/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Containers of jobs: whose is a container's control group, and of which step a process that a
 * runtime brings into it. Fields: src/events/notices/container_cgroup.ts, container_exec.ts,
 * container_end.ts.
 */
#include "docker.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_V2_HIERARCHY	   0
#define JW_NAME_BYTES	   128 /* of a group's directory */
#define JW_BUILDKIT_DIGITS 25 /* of BuildKit's names, to the base of 36 */
#define JW_BUILDKIT_PARENT "buildkit"
#define JW_LINGER_NS	   1000000000ULL /* a closed build counts so long as an open one */

/* A group that is being looked at. */
struct jw_group {
	__u64 id;
	__u64 parent;
	struct jw_owner owner;
	__u32 how;
	__u32 pad;
	struct jw_docker_id container;
	char name[JW_NAME_BYTES];
};

/*
 * The id of a container in the name of its group: dockerd's `<id>`, systemd's `docker-<id>.scope`,
 * podman's `libpod-<id>` and `libpod-<id>.scope`.
 */
static __always_inline bool jw_id_in_name(struct jw_group *group)
{
	const char *id = group->name;

	if (!bpf_strncmp(id, 7, "docker-") || !bpf_strncmp(id, 7, "libpod-"))
		id += 7;
	if (id[JW_ID_TEXT] != 0 && id[JW_ID_TEXT] != '.')
		return false;
	return jw_parse_id(&group->container, id);
}

/* BuildKit's name for a step of a build, in a group called buildkit, or as systemd's scope. */
static __always_inline bool jw_is_buildkit(const struct jw_group *group, struct cgroup *cgroup)
{
	char parent[sizeof(JW_BUILDKIT_PARENT) + 1] = {};
	const char *name = group->name;

	bpf_probe_read_kernel_str(parent, sizeof(parent),
				  BPF_CORE_READ(cgroup, self.parent, cgroup, kn, name));
	if (!bpf_strncmp(name, 7, "docker-"))
		name += 7;
	else if (bpf_strncmp(parent, sizeof(parent), JW_BUILDKIT_PARENT))
		return false;
	for (__u32 i = 0; i < JW_BUILDKIT_DIGITS; i++)
		if (!(name[i] >= '0' && name[i] <= '9') && !(name[i] >= 'a' && name[i] <= 'z'))
			return false;
	return name[JW_BUILDKIT_DIGITS] == 0 || name[JW_BUILDKIT_DIGITS] == '.';
}

/* Who is building, as far as the connections tell. */
struct jw_builders {
	struct jw_owner owner;
	__u64 now_ns;
	__u32 count;
	__u32 differ;
};

static long jw_look_at_connection(struct bpf_map *map, const void *key,
				  struct jw_docker_connection *connection,
				  struct jw_builders *builders)
{
	__u32 server = connection->server;

	if (connection->kind == JW_CONNECTION_PLAIN)
		return 0;
	if ((server && !bpf_map_lookup_elem(&jw_docker_servers, &server)) ||
	    (connection->closed_ns && builders->now_ns > connection->closed_ns + JW_LINGER_NS)) {
		bpf_map_delete_elem(map, key);
		return 0;
	}
	if (connection->kind == JW_CONNECTION_UNKNOWN)
		builders->differ = 1;
	if (!builders->count++) {
		builders->owner = connection->owner;
	} else if (builders->owner.job != connection->owner.job) {
		builders->differ = 1;
		return 0;
	}
	/* Of one job, but by two clients or steps: the job is known, the rest is not. */
	if (builders->owner.client_key != connection->owner.client_key)
		builders->owner.client_key = 0;
	if (builders->owner.step_key != connection->owner.step_key)
		builders->owner.step_key = 0;
	return 0;
}

/* Nothing links a step of a build to its client: it is shown only where all who build are one. */
static __always_inline void jw_sole_builder(struct jw_group *group)
{
	struct jw_builders builders = { .now_ns = bpf_ktime_get_boot_ns() };

	bpf_for_each_map_elem(&jw_docker_connections, jw_look_at_connection, &builders, 0);
	if (jw_docker_blind || builders.differ) {
		group->how = JW_OWNED_ambiguous;
		return;
	}
	if (!builders.count)
		return;
	group->how = JW_OWNED_buildkit;
	group->owner = builders.owner;
}

/* What is known of the group's place and maker, where no client of dockerd is. */
static __always_inline void jw_owner_by_place(struct jw_group *group)
{
	struct jw_tag *maker = jw_self();
	__u32 job = jw_job_of_cgroup(group->parent);

	if (job) {
		group->how = JW_OWNED_parent;
		group->owner.job = job;
	}
	if (!maker || (job && maker->job != job))
		return;
	group->how = job ? JW_OWNED_parent : JW_OWNED_creator;
	group->owner.job = maker->job;
	group->owner.client_key = maker->process_key;
	group->owner.step_key = maker->step_key;
}

static __always_inline void jw_owner_by_id(struct jw_group *group)
{
	__u64 build = jw_short_id(&group->container);
	struct jw_owner *owner = bpf_map_lookup_elem(&jw_docker_ids, &group->container);

	group->how = JW_OWNED_id;
	if (!owner) {
		owner = bpf_map_lookup_elem(&jw_docker_builds, &build);
		group->how = JW_OWNED_legacy_build;
	}
	if (owner) {
		group->owner = *owner;
		return;
	}
	group->how = JW_OWNED_unowned;
	jw_owner_by_place(group);
}

static __always_inline void jw_tell_cgroup(const struct jw_group *group)
{
	struct jw_small *small;
	struct jw_container_cgroup *e = JW_BEGIN(container_cgroup, small, group->owner.job,
						 group->owner.client_key);

	if (!e)
		return;
	e->cgroup_id = group->id;
	e->step_key = group->owner.step_key;
	e->how = group->how;
	e->name_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_NAME_BYTES, group->name);
	JW_SUBMIT(container_cgroup, e, small);
}

/* Binds the group; also to no job, so that where it lies does not give it to one. */
static __always_inline void jw_bind_group(const struct jw_group *group)
{
	struct jw_container container = {
		.step_key = group->owner.step_key,
		.job = group->owner.job,
	};
	__u32 job = group->owner.job;

	if (bpf_map_update_elem(&jw_containers, &group->id, &container, BPF_ANY) ||
	    bpf_map_update_elem(&jw_cgroups, &group->id, &job, BPF_ANY))
		jw_lose(job, 0);
	jw_tell_cgroup(group);
}

/* The group is there and nothing can be in it yet. */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(jw_container_mkdir, struct cgroup *cgroup)
{
	struct jw_group group = { .how = JW_OWNED_unowned };

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != JW_V2_HIERARCHY)
		return 0;
	bpf_probe_read_kernel_str(group.name, sizeof(group.name), BPF_CORE_READ(cgroup, kn, name));
	group.id = BPF_CORE_READ(cgroup, kn, id);
	group.parent = BPF_CORE_READ(cgroup, self.parent, cgroup, kn, id);
	if (jw_id_in_name(&group))
		jw_owner_by_id(&group);
	else if (jw_is_buildkit(&group, cgroup))
		jw_sole_builder(&group);
	else
		return 0;
	jw_bind_group(&group);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(jw_container_rmdir, struct cgroup *cgroup)
{
	struct jw_container *container;
	struct jw_container_end *e;
	struct jw_small *small;
	__u64 id;

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != JW_V2_HIERARCHY)
		return 0;
	id = BPF_CORE_READ(cgroup, kn, id);
	container = bpf_map_lookup_elem(&jw_containers, &id);
	if (!container)
		return 0;
	e = JW_BEGIN(container_end, small, container->job, 0);
	bpf_map_delete_elem(&jw_containers, &id);
	if (!e)
		return 0;
	e->cgroup_id = id;
	JW_SUBMIT(container_end, e, small);
	return 0;
}

/* How the arguments of `runc exec … --pid-file …/<exec>.pid <container>` end. */
struct jw_exec_args {
	char slash;
	char exec[JW_ID_TEXT];
	char suffix[sizeof(".pid")];
	char container[JW_ID_TEXT];
	char nul;
};

static __always_inline bool jw_is_runtime(const struct linux_binprm *bprm)
{
	char name[5] = {}; /* more than "runc", so that a longer name is another one */

	bpf_probe_read_kernel_str(name, sizeof(name),
				  BPF_CORE_READ(bprm, file, f_path.dentry, d_name.name));
	return !bpf_strncmp(name, sizeof(name), "runc") || !bpf_strncmp(name, sizeof(name), "crun");
}

static __always_inline void jw_tell_exec(struct task_struct *task, const struct jw_owner *owner,
					 const struct jw_owner *container, struct jw_exec_args *args)
{
	struct jw_small *small;
	struct jw_container_exec *e;

	e = JW_BEGIN(container_exec, small, owner ? owner->job : 0, owner ? owner->client_key : 0);
	if (!e)
		return;
	e->container_job = container ? container->job : 0;
	e->step_key = owner && owner->job == e->container_job ? owner->step_key : 0;
	e->pid = task->tgid;
	e->known = owner ? JW_BOOL_yes : JW_BOOL_no;
	args->suffix[0] = 0;
	args->nul = 0;
	e->exec_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_NAME_BYTES, args->exec);
	e->container_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_NAME_BYTES, args->container);
	JW_SUBMIT(container_exec, e, small);
}

/*
 * The runtime is about to bring a process into a container. Its arguments are dockerd's, which names
 * the file after the exec's id; it has not run, so it has brought in nothing yet.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(jw_container_runtime, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	struct jw_container_entry entry = {};
	struct jw_owner *owner, *container;
	struct jw_docker_id exec, inside;
	struct jw_exec_args args = {};
	__u32 tgid = task->tgid;
	unsigned long end;

	if (!jw_docker_seen || !jw_is_runtime(bprm) || jw_tag_of(task))
		return 0;
	end = BPF_CORE_READ(task, mm, arg_end);
	if (bpf_probe_read_user(&args, sizeof(args), (void *)(end - sizeof(args))) ||
	    args.slash != '/' || bpf_strncmp(args.suffix, sizeof(args.suffix), ".pid") ||
	    !jw_parse_id(&exec, args.exec) || !jw_parse_id(&inside, args.container))
		return 0;
	owner = bpf_map_lookup_elem(&jw_docker_ids, &exec);
	container = bpf_map_lookup_elem(&jw_docker_ids, &inside);
	entry.started_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	entry.job = owner ? owner->job : 0;
	entry.step_key = owner ? owner->step_key : 0;
	bpf_map_update_elem(&jw_container_entries, &tgid, &entry, BPF_ANY);
	jw_tell_exec(task, owner, container, &args);
	return 0;
}

/*
 * Keeps who a process was: dockerd may answer when its client is gone. Attached before the program
 * that forgets the process.
 */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(jw_client_exit, struct task_struct *task)
{
	struct jw_departed departed = {};
	struct jw_tag *tag;
	__u64 pid;
	__u32 tgid;

	if (!jw_docker_seen || BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	tgid = task->tgid;
	tag = jw_tag_of(task);
	if (!tag) {
		bpf_map_delete_elem(&jw_docker_servers, &tgid);
		return 0;
	}
	pid = (__u64)BPF_CORE_READ(task, signal, pids[JW_PIDTYPE_TGID]);
	departed.owner.client_key = tag->process_key;
	departed.owner.step_key = tag->step_key;
	departed.owner.job = tag->job;
	departed.ended_ns = bpf_ktime_get_boot_ns();
	departed.pid = tgid;
	bpf_map_update_elem(&jw_departures, &pid, &departed, BPF_ANY);
	return 0;
}
