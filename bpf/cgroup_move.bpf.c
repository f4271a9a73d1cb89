/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* cgroup_move: one record for each task that changes its v2 group. Fields: src/events/cgroup_move.ts. */
#include "tag.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define JW_CGROUP_PATH_BYTES 4096
#define JW_V2_HIERARCHY	     0 /* the default root; v1 hierarchies count from 1 */

/* The move has been made. A task keeps the tag that it has; one without gets that of the group. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(jw_cgroup_move, struct cgroup *to, const char *path, struct task_struct *task)
{
	struct jw_tag *tag, *mover = jw_self();
	bool joined = false;
	struct jw_cgroup_move *e;
	struct jw_small *small;
	__u64 cgroup;

	if (BPF_CORE_READ(to, root, hierarchy_id) != JW_V2_HIERARCHY)
		return 0;
	cgroup = BPF_CORE_READ(to, kn, id);
	tag = jw_tag_of(task);
	if (!tag) {
		__u32 job = jw_job_of_cgroup(cgroup);

		tag = job ? jw_adopt(task, job) : NULL;
		joined = true;
	}
	if (!tag)
		return 0;

	e = JW_BEGIN(cgroup_move, small, tag->job, mover ? mover->process_key : tag->process_key);
	if (!e)
		return 0;
	e->moved_key = tag->process_key;
	e->moved_pid = tag->tgid;
	e->cgroup_id = cgroup;
	e->joined = joined ? JW_BOOL_yes : JW_BOOL_no;
	e->cgroup_path_length = jw_append_text(&e->h, JW_SMALL_BYTES, JW_CGROUP_PATH_BYTES, path);
	JW_SUBMIT(cgroup_move, e, small);
	return 0;
}

/* A group made below a job's group is the job's, before any task can be in it. */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(jw_cgroup_mkdir, struct cgroup *cgroup)
{
	__u64 id, parent;
	__u32 job;

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != JW_V2_HIERARCHY)
		return 0;
	parent = BPF_CORE_READ(cgroup, self.parent, cgroup, kn, id);
	job = jw_job_of_cgroup(parent);
	if (!job)
		return 0;
	id = BPF_CORE_READ(cgroup, kn, id);
	/* A container whose client is known is of that client's job, or of none, wherever it lies. */
	if (bpf_map_lookup_elem(&jw_cgroups, &id))
		return 0;
	if (bpf_map_update_elem(&jw_cgroups, &id, &job, BPF_ANY))
		jw_lose(job, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(jw_cgroup_rmdir, struct cgroup *cgroup)
{
	__u64 id = BPF_CORE_READ(cgroup, kn, id);

	/* Each hierarchy counts its own ids: a v1 group may have that of a job's group. */
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != JW_V2_HIERARCHY)
		return 0;
	bpf_map_delete_elem(&jw_cgroups, &id);
	return 0;
}
