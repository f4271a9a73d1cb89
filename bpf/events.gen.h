/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Generated from src/events by `npm run gen`; do not edit. */

#pragma once

#define JW_TRUNCATED 1
#define JW_UNREADABLE 2
#define JW_FROM_CALLER 4
#define JW_NAMELESS 8
#define JW_UNRESOLVED 16

struct jw_endpoint {
	__u16 family;
	__u16 port; /* host order */
	__u8 address[16];
} __attribute__((aligned(4)));

#define JW_KIND_none 0
#define JW_KIND_file 1
#define JW_KIND_directory 2
#define JW_KIND_terminal 3
#define JW_KIND_device 4
#define JW_KIND_block_device 5
#define JW_KIND_pipe 6
#define JW_KIND_inet_socket 7
#define JW_KIND_inet6_socket 8
#define JW_KIND_unix_socket 9
#define JW_KIND_socket 10
#define JW_KIND_anonymous 11

#define JW_ACCESS_none 0
#define JW_ACCESS_read 1
#define JW_ACCESS_write 2
#define JW_ACCESS_read_write 3

#define JW_BOOL_no 0
#define JW_BOOL_yes 1

#define JW_HOW_write 0
#define JW_HOW_map 1

#define JW_FAMILY_other 0
#define JW_FAMILY_unix 1
#define JW_FAMILY_inet 2
#define JW_FAMILY_inet6 3
#define JW_FAMILY_netlink 4
#define JW_FAMILY_packet 5

#define JW_TYPE_other 0
#define JW_TYPE_stream 1
#define JW_TYPE_datagram 2
#define JW_TYPE_raw 3
#define JW_TYPE_seqpacket 4

#define JW_WAY_none 0
#define JW_WAY_attach 1
#define JW_WAY_detach 2
#define JW_WAY_read_memory 3
#define JW_WAY_read_registers 4
#define JW_WAY_write_memory 5
#define JW_WAY_write_registers 6
#define JW_WAY_vm_read 7
#define JW_WAY_vm_write 8
#define JW_WAY_take_descriptor 9
#define JW_WAY_memory_file 10
#define JW_WAY_environment 11
#define JW_WAY_maps 12
#define JW_WAY_descriptor_list 13
#define JW_WAY_descriptor_file 14
#define JW_WAY_root 15
#define JW_WAY_working_directory 16

#define JW_RELATION_outside 0
#define JW_RELATION_other_job 1
#define JW_RELATION_descendant 2
#define JW_RELATION_ancestor 3
#define JW_RELATION_job 4

#define JW_TARGET_none 0
#define JW_TARGET_worker 1
#define JW_TARGET_listener 2

#define JW_PROTECT_execute 0
#define JW_PROTECT_write_execute 1
#define JW_PROTECT_shared_write_execute 2

#define JW_CALL_mmap 0
#define JW_CALL_mprotect 1

#define JW_VARIABLE_LD_PRELOAD 0
#define JW_VARIABLE_LD_AUDIT 1
#define JW_VARIABLE_BASH_ENV 2
#define JW_VARIABLE_ENV 3
#define JW_VARIABLE_NODE_OPTIONS 4
#define JW_VARIABLE_PYTHONSTARTUP 5
#define JW_VARIABLE_PERL5OPT 6
#define JW_VARIABLE_RUBYOPT 7
#define JW_VARIABLE_JAVA_TOOL_OPTIONS 8
#define JW_VARIABLE_GIT_SSH_COMMAND 9
#define JW_VARIABLE_PROMPT_COMMAND 10

#define JW_ACTION_module_load 0
#define JW_ACTION_module_unload 1
#define JW_ACTION_kexec 2
#define JW_ACTION_bpf 3
#define JW_ACTION_perf_event 4
#define JW_ACTION_swap 5
#define JW_ACTION_reboot 6
#define JW_ACTION_clock 7
#define JW_ACTION_host_name 8
#define JW_ACTION_accounting 9
#define JW_ACTION_quota 10
#define JW_ACTION_port_access 11
#define JW_ACTION_userfault 12
#define JW_ACTION_key_add 13
#define JW_ACTION_key_request 14
#define JW_ACTION_key 15

#define JW_NAMESPACE_clone 0
#define JW_NAMESPACE_unshare 1
#define JW_NAMESPACE_setns 2
#define JW_NAMESPACE_chroot 3
#define JW_NAMESPACE_pivot_root 4

#define JW_MOUNT_mount 0
#define JW_MOUNT_move_mount 1
#define JW_MOUNT_open_tree 2
#define JW_MOUNT_mount_setattr 3
#define JW_MOUNT_umount 4

#define JW_RECEIVER_other 0
#define JW_RECEIVER_agent 1
#define JW_RECEIVER_init 2

#define JW_REACH_one 0
#define JW_REACH_group 1
#define JW_REACH_all 2

#define JW_URING_other 0
#define JW_URING_open 1
#define JW_URING_connect 2
#define JW_URING_accept 3
#define JW_URING_send 4
#define JW_URING_sendmsg 5
#define JW_URING_rename 6
#define JW_URING_unlink 7
#define JW_URING_mkdir 8
#define JW_URING_symlink 9
#define JW_URING_link 10
#define JW_URING_socket 11
#define JW_URING_bind 12
#define JW_URING_listen 13
#define JW_URING_command 14

#define JW_RUNNER_listener 0
#define JW_RUNNER_worker 1

#define JW_OWNED_unowned 0
#define JW_OWNED_id 1
#define JW_OWNED_legacy_build 2
#define JW_OWNED_buildkit 3
#define JW_OWNED_parent 4
#define JW_OWNED_creator 5
#define JW_OWNED_ambiguous 6

#define JW_FOUND_other 0
#define JW_FOUND_worker 1

struct jw_header {
	__u16 event_id;
	__u16 flags;
	__u32 size;
	__u64 time_us;
	__u32 thread_id;
	__u32 job;
	__u64 process_key;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_header, event_id) == 0, "");
_Static_assert(__builtin_offsetof(struct jw_header, flags) == 2, "");
_Static_assert(__builtin_offsetof(struct jw_header, size) == 4, "");
_Static_assert(__builtin_offsetof(struct jw_header, time_us) == 8, "");
_Static_assert(__builtin_offsetof(struct jw_header, thread_id) == 16, "");
_Static_assert(__builtin_offsetof(struct jw_header, job) == 20, "");
_Static_assert(__builtin_offsetof(struct jw_header, process_key) == 24, "");
_Static_assert(sizeof(struct jw_header) == 32, "");

#define JW_ID_process_fork 1
#define JW_BULK_process_fork 0

struct jw_process_fork {
	struct jw_header h;
	__u64 child_key;
	__u64 parent_key;
	__u64 cgroup_id;
	__u64 clone_flags;
	__u32 child_pid;
	__u32 parent_pid;
	__u64 step_key;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_process_fork, child_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, parent_key) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, cgroup_id) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, clone_flags) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, child_pid) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, parent_pid) == 68, "");
_Static_assert(__builtin_offsetof(struct jw_process_fork, step_key) == 72, "");
_Static_assert(sizeof(struct jw_process_fork) == 80, "");

#define JW_ID_process_exec 2
#define JW_BULK_process_exec 0

struct jw_process_exec {
	struct jw_header h;
	__u64 parent_key;
	__u64 inode;
	__u64 cgroup_id;
	__u32 device;
	__u32 links;
	__u32 pid;
	__u32 parent_pid;
	__u32 uid;
	__u32 euid;
	__u32 gid;
	__u32 egid;
	__u32 mount_namespace;
	__u32 pid_namespace;
	__u32 network_namespace;
	__u32 user_namespace;
	__u32 args_bytes;
	__u16 stdin_kind;
	__u64 stdin_inode;
	struct jw_endpoint stdin_local;
	struct jw_endpoint stdin_peer;
	__u16 stdout_kind;
	__u64 stdout_inode;
	struct jw_endpoint stdout_local;
	struct jw_endpoint stdout_peer;
	__u16 stderr_kind;
	__u64 stderr_inode;
	struct jw_endpoint stderr_local;
	struct jw_endpoint stderr_peer;
	__u32 path_length;
	__u32 called_as_length;
	__u32 cwd_length;
	__u32 args_length;
	__u64 step_key;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_process_exec, parent_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, inode) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, cgroup_id) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, device) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, links) == 60, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, pid) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, parent_pid) == 68, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, uid) == 72, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, euid) == 76, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, gid) == 80, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, egid) == 84, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, mount_namespace) == 88, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, pid_namespace) == 92, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, network_namespace) == 96, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, user_namespace) == 100, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, args_bytes) == 104, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdin_kind) == 108, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdin_inode) == 112, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdin_local) == 120, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdin_peer) == 140, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdout_kind) == 160, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdout_inode) == 168, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdout_local) == 176, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stdout_peer) == 196, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stderr_kind) == 216, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stderr_inode) == 224, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stderr_local) == 232, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, stderr_peer) == 252, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, path_length) == 272, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, called_as_length) == 276, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, cwd_length) == 280, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, args_length) == 284, "");
_Static_assert(__builtin_offsetof(struct jw_process_exec, step_key) == 288, "");
_Static_assert(sizeof(struct jw_process_exec) == 296, "");

#define JW_ID_process_exit 3
#define JW_BULK_process_exit 0

struct jw_process_exit {
	struct jw_header h;
	__u64 duration_us;
	__u64 user_us;
	__u64 system_us;
	__u64 max_rss_kib;
	__u64 minor_faults;
	__u64 major_faults;
	__u32 exit_code;
	__u32 signal;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_process_exit, duration_us) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, user_us) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, system_us) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, max_rss_kib) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, minor_faults) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, major_faults) == 72, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, exit_code) == 80, "");
_Static_assert(__builtin_offsetof(struct jw_process_exit, signal) == 84, "");
_Static_assert(sizeof(struct jw_process_exit) == 88, "");

#define JW_ID_credential_change 4
#define JW_BULK_credential_change 0

struct jw_credential_change {
	struct jw_header h;
	__u64 old_capabilities;
	__u64 capabilities;
	__u32 old_uid;
	__u32 uid;
	__u32 old_euid;
	__u32 euid;
	__u32 old_gid;
	__u32 gid;
	__u32 old_egid;
	__u32 egid;
	__u32 old_user_namespace;
	__u32 user_namespace;
	__u32 call;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_capabilities) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, capabilities) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_uid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, uid) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_euid) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, euid) == 60, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_gid) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, gid) == 68, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_egid) == 72, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, egid) == 76, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, old_user_namespace) == 80, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, user_namespace) == 84, "");
_Static_assert(__builtin_offsetof(struct jw_credential_change, call) == 88, "");
_Static_assert(sizeof(struct jw_credential_change) == 96, "");

#define JW_ID_file_open 5
#define JW_BULK_file_open 1

struct jw_file_open {
	struct jw_header h;
	__u64 inode;
	__u32 device;
	__u32 open_flags;
	__u16 mode;
	__u16 access;
	__u16 created;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_open, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, device) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, open_flags) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, mode) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, access) == 50, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, created) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_file_open, path_length) == 56, "");
_Static_assert(sizeof(struct jw_file_open) == 64, "");

#define JW_ID_file_write 6
#define JW_BULK_file_write 1

struct jw_file_write {
	struct jw_header h;
	__u64 inode;
	__u32 device;
	__u16 mode;
	__u16 how;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_write, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_write, device) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_file_write, mode) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_file_write, how) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_file_write, path_length) == 48, "");
_Static_assert(sizeof(struct jw_file_write) == 56, "");

#define JW_ID_file_rename 7
#define JW_BULK_file_rename 1

struct jw_file_rename {
	struct jw_header h;
	__u32 rename_flags;
	__u32 path_length;
	__u32 new_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_rename, rename_flags) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_rename, path_length) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_file_rename, new_path_length) == 40, "");
_Static_assert(sizeof(struct jw_file_rename) == 48, "");

#define JW_ID_file_link 8
#define JW_BULK_file_link 1

struct jw_file_link {
	struct jw_header h;
	__u32 path_length;
	__u32 new_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_link, path_length) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_link, new_path_length) == 36, "");
_Static_assert(sizeof(struct jw_file_link) == 40, "");

#define JW_ID_file_symlink 9
#define JW_BULK_file_symlink 1

struct jw_file_symlink {
	struct jw_header h;
	__u32 path_length;
	__u32 target_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_symlink, path_length) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_symlink, target_length) == 36, "");
_Static_assert(sizeof(struct jw_file_symlink) == 40, "");

#define JW_ID_file_unlink 10
#define JW_BULK_file_unlink 1

struct jw_file_unlink {
	struct jw_header h;
	__u16 directory;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_unlink, directory) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_unlink, path_length) == 36, "");
_Static_assert(sizeof(struct jw_file_unlink) == 40, "");

#define JW_ID_file_chmod 11
#define JW_BULK_file_chmod 1

struct jw_file_chmod {
	struct jw_header h;
	__u32 mode;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_chmod, mode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_chmod, path_length) == 36, "");
_Static_assert(sizeof(struct jw_file_chmod) == 40, "");

#define JW_ID_file_truncate 12
#define JW_BULK_file_truncate 1

struct jw_file_truncate {
	struct jw_header h;
	__u64 length;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_file_truncate, length) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_file_truncate, path_length) == 40, "");
_Static_assert(sizeof(struct jw_file_truncate) == 48, "");

#define JW_ID_socket_connect 13
#define JW_BULK_socket_connect 0

struct jw_socket_connect {
	struct jw_header h;
	__u64 inode;
	__u32 descriptor;
	__u16 protocol;
	__u16 family;
	__u16 type;
	__u32 error;
	struct jw_endpoint local;
	struct jw_endpoint peer;
	__u32 peer_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_connect, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, protocol) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, family) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, type) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, error) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, local) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, peer) == 76, "");
_Static_assert(__builtin_offsetof(struct jw_socket_connect, peer_path_length) == 96, "");
_Static_assert(sizeof(struct jw_socket_connect) == 104, "");

#define JW_ID_socket_bind 14
#define JW_BULK_socket_bind 0

struct jw_socket_bind {
	struct jw_header h;
	__u64 inode;
	__u32 descriptor;
	__u16 protocol;
	__u16 family;
	__u16 type;
	struct jw_endpoint local;
	__u32 local_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_bind, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, protocol) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, family) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, type) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, local) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_socket_bind, local_path_length) == 72, "");
_Static_assert(sizeof(struct jw_socket_bind) == 80, "");

#define JW_ID_socket_listen 15
#define JW_BULK_socket_listen 0

struct jw_socket_listen {
	struct jw_header h;
	__u64 inode;
	__u32 descriptor;
	__u16 protocol;
	__u16 family;
	__u16 type;
	__u32 backlog;
	struct jw_endpoint local;
	__u32 local_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_listen, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, protocol) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, family) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, type) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, backlog) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, local) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_socket_listen, local_path_length) == 76, "");
_Static_assert(sizeof(struct jw_socket_listen) == 80, "");

#define JW_ID_socket_accept 16
#define JW_BULK_socket_accept 0

struct jw_socket_accept {
	struct jw_header h;
	__u64 inode;
	__u32 descriptor;
	__u16 protocol;
	__u16 family;
	__u16 type;
	struct jw_endpoint local;
	struct jw_endpoint peer;
	__u32 local_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_accept, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, protocol) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, family) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, type) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, local) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, peer) == 72, "");
_Static_assert(__builtin_offsetof(struct jw_socket_accept, local_path_length) == 92, "");
_Static_assert(sizeof(struct jw_socket_accept) == 96, "");

#define JW_ID_socket_send 17
#define JW_BULK_socket_send 0

struct jw_socket_send {
	struct jw_header h;
	__u16 protocol;
	__u16 family;
	__u16 type;
	struct jw_endpoint peer;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_send, protocol) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_send, family) == 34, "");
_Static_assert(__builtin_offsetof(struct jw_socket_send, type) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_socket_send, peer) == 40, "");
_Static_assert(sizeof(struct jw_socket_send) == 64, "");

#define JW_ID_descriptor_duplicate 18
#define JW_BULK_descriptor_duplicate 0

struct jw_descriptor_duplicate {
	struct jw_header h;
	__u64 inode;
	__u32 from_descriptor;
	__u32 descriptor;
	__u16 kind;
	struct jw_endpoint local;
	struct jw_endpoint peer;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, from_descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, descriptor) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, kind) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, local) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_descriptor_duplicate, peer) == 72, "");
_Static_assert(sizeof(struct jw_descriptor_duplicate) == 96, "");

#define JW_ID_cgroup_move 19
#define JW_BULK_cgroup_move 0

struct jw_cgroup_move {
	struct jw_header h;
	__u64 moved_key;
	__u64 cgroup_id;
	__u32 moved_pid;
	__u16 joined;
	__u32 cgroup_path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_cgroup_move, moved_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_cgroup_move, cgroup_id) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_cgroup_move, moved_pid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_cgroup_move, joined) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_cgroup_move, cgroup_path_length) == 56, "");
_Static_assert(sizeof(struct jw_cgroup_move) == 64, "");

#define JW_ID_process_access 20
#define JW_BULK_process_access 0

struct jw_process_access {
	struct jw_header h;
	__u64 target_key;
	__u64 target_started_us;
	__u32 target_pid;
	__u32 target_uid;
	__u32 request;
	__u32 error;
	__u16 way;
	__u16 access;
	__u16 relation;
	__u16 target_role;
	__u16 registered;
	__u16 traced;
	__u16 other_mounts;
	__u32 target_path_length;
	__u32 target_comm_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_process_access, target_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_started_us) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_pid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_uid) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, request) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, error) == 60, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, way) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, access) == 66, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, relation) == 68, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_role) == 70, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, registered) == 72, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, traced) == 74, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, other_mounts) == 76, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_path_length) == 80, "");
_Static_assert(__builtin_offsetof(struct jw_process_access, target_comm_length) == 84, "");
_Static_assert(sizeof(struct jw_process_access) == 88, "");

#define JW_ID_socket_create 30
#define JW_BULK_socket_create 0

struct jw_socket_create {
	struct jw_header h;
	__u64 inode;
	__u32 descriptor;
	__u32 error;
	__u16 family;
	__u16 type;
	__u16 family_number;
	__u16 protocol;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_socket_create, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, descriptor) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, error) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, family) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, type) == 50, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, family_number) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_socket_create, protocol) == 54, "");
_Static_assert(sizeof(struct jw_socket_create) == 56, "");

#define JW_ID_dns_query 31
#define JW_BULK_dns_query 0

struct jw_dns_query {
	struct jw_header h;
	__u16 protocol;
	__u16 type;
	struct jw_endpoint server;
	__u32 name_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_dns_query, protocol) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_dns_query, type) == 34, "");
_Static_assert(__builtin_offsetof(struct jw_dns_query, server) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_dns_query, name_length) == 56, "");
_Static_assert(sizeof(struct jw_dns_query) == 64, "");

#define JW_ID_memory_protect 40
#define JW_BULK_memory_protect 0

struct jw_memory_protect {
	struct jw_header h;
	__u16 how;
	__u16 call;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_memory_protect, how) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_memory_protect, call) == 34, "");
_Static_assert(sizeof(struct jw_memory_protect) == 40, "");

#define JW_ID_code_mapping 41
#define JW_BULK_code_mapping 0

struct jw_code_mapping {
	struct jw_header h;
	__u64 inode;
	__u32 device;
	__u32 links;
	__u16 shared;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_code_mapping, inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_code_mapping, device) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_code_mapping, links) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_code_mapping, shared) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_code_mapping, path_length) == 52, "");
_Static_assert(sizeof(struct jw_code_mapping) == 56, "");

#define JW_ID_exec_environment 42
#define JW_BULK_exec_environment 0

struct jw_exec_environment {
	struct jw_header h;
	__u16 variable;
	__u32 value_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_exec_environment, variable) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_exec_environment, value_length) == 36, "");
_Static_assert(sizeof(struct jw_exec_environment) == 40, "");

#define JW_ID_kernel_call 45
#define JW_BULK_kernel_call 0

struct jw_kernel_call {
	struct jw_header h;
	__u16 action;
	__u32 error;
	__u32 command;
	__u32 type;
	__u32 target_pid;
	__u32 name_length;
	__u32 file_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_kernel_call, action) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, error) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, command) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, type) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, target_pid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, name_length) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_kernel_call, file_length) == 56, "");
_Static_assert(sizeof(struct jw_kernel_call) == 64, "");

#define JW_ID_namespace_change 46
#define JW_BULK_namespace_change 0

struct jw_namespace_change {
	struct jw_header h;
	__u16 how;
	__u32 error;
	__u32 kinds;
	__u32 target_pid;
	__u64 target_inode;
	__u32 mount_namespace;
	__u32 pid_namespace;
	__u32 network_namespace;
	__u32 user_namespace;
	__u32 root_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_namespace_change, how) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, error) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, kinds) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, target_pid) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, target_inode) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, mount_namespace) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, pid_namespace) == 60, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, network_namespace) == 64, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, user_namespace) == 68, "");
_Static_assert(__builtin_offsetof(struct jw_namespace_change, root_length) == 72, "");
_Static_assert(sizeof(struct jw_namespace_change) == 80, "");

#define JW_ID_mount_change 47
#define JW_BULK_mount_change 0

struct jw_mount_change {
	struct jw_header h;
	__u16 how;
	__u32 error;
	__u32 mount_flags;
	__u32 mount_namespace;
	__u32 type_length;
	__u32 target_length;
	__u32 source_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_mount_change, how) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, error) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, mount_flags) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, mount_namespace) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, type_length) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, target_length) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_mount_change, source_length) == 56, "");
_Static_assert(sizeof(struct jw_mount_change) == 64, "");

#define JW_ID_signal_sent 48
#define JW_BULK_signal_sent 0

struct jw_signal_sent {
	struct jw_header h;
	__u32 target_pid;
	__u32 target_job;
	__u32 error;
	__u16 signal;
	__u16 target;
	__u16 reach;
	__u32 comm_length;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_signal_sent, target_pid) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, target_job) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, error) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, signal) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, target) == 46, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, reach) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, comm_length) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_signal_sent, path_length) == 56, "");
_Static_assert(sizeof(struct jw_signal_sent) == 64, "");

#define JW_ID_io_uring_setup 49
#define JW_BULK_io_uring_setup 0

struct jw_io_uring_setup {
	struct jw_header h;
	__u32 error;
	__u32 entries;
	__u32 setup_flags;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_io_uring_setup, error) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_io_uring_setup, entries) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_io_uring_setup, setup_flags) == 40, "");
_Static_assert(sizeof(struct jw_io_uring_setup) == 48, "");

#define JW_ID_io_uring_operation 50
#define JW_BULK_io_uring_operation 0

struct jw_io_uring_operation {
	struct jw_header h;
	__u16 operation;
	__u32 opcode;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_io_uring_operation, operation) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_io_uring_operation, opcode) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_io_uring_operation, path_length) == 40, "");
_Static_assert(sizeof(struct jw_io_uring_operation) == 48, "");

#define JW_ID_job_start 1001
#define JW_BULK_job_start 0

struct jw_job_start {
	struct jw_header h;
	__u64 root_inode;
	__u32 root_device;
	__u32 runner;
	__u32 pid;
	__u32 listener_pid;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_job_start, root_inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_job_start, root_device) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_job_start, runner) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_job_start, pid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_job_start, listener_pid) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_job_start, path_length) == 56, "");
_Static_assert(sizeof(struct jw_job_start) == 64, "");

#define JW_ID_runner_program 1002
#define JW_BULK_runner_program 0

struct jw_runner_program {
	struct jw_header h;
	__u64 root_inode;
	__u32 root_device;
	__u32 pid;
	__u32 parent_pid;
	__u16 kind;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_runner_program, root_inode) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_runner_program, root_device) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_runner_program, pid) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_runner_program, parent_pid) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_runner_program, kind) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_runner_program, path_length) == 56, "");
_Static_assert(sizeof(struct jw_runner_program) == 64, "");

#define JW_ID_step_environment 1003
#define JW_BULK_step_environment 0

struct jw_step_environment {
	struct jw_header h;
	__u32 total_bytes;
	__u32 offset;
	__u32 block_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_step_environment, total_bytes) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_step_environment, offset) == 36, "");
_Static_assert(__builtin_offsetof(struct jw_step_environment, block_length) == 40, "");
_Static_assert(sizeof(struct jw_step_environment) == 48, "");

#define JW_ID_container_cgroup 1004
#define JW_BULK_container_cgroup 0

struct jw_container_cgroup {
	struct jw_header h;
	__u64 cgroup_id;
	__u64 step_key;
	__u16 how;
	__u32 name_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_container_cgroup, cgroup_id) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_container_cgroup, step_key) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_container_cgroup, how) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_container_cgroup, name_length) == 52, "");
_Static_assert(sizeof(struct jw_container_cgroup) == 56, "");

#define JW_ID_container_exec 1005
#define JW_BULK_container_exec 0

struct jw_container_exec {
	struct jw_header h;
	__u64 step_key;
	__u32 container_job;
	__u32 pid;
	__u16 known;
	__u32 exec_length;
	__u32 container_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_container_exec, step_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_container_exec, container_job) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_container_exec, pid) == 44, "");
_Static_assert(__builtin_offsetof(struct jw_container_exec, known) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_container_exec, exec_length) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_container_exec, container_length) == 56, "");
_Static_assert(sizeof(struct jw_container_exec) == 64, "");

#define JW_ID_container_end 1006
#define JW_BULK_container_end 0

struct jw_container_end {
	struct jw_header h;
	__u64 cgroup_id;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_container_end, cgroup_id) == 32, "");
_Static_assert(sizeof(struct jw_container_end) == 40, "");

#define JW_ID_process_found 1007
#define JW_BULK_process_found 0

struct jw_process_found {
	struct jw_header h;
	__u64 parent_key;
	__u64 started_us;
	__u32 runner;
	__u32 pid;
	__u16 role;
	__u32 path_length;
} __attribute__((aligned(8)));
_Static_assert(__builtin_offsetof(struct jw_process_found, parent_key) == 32, "");
_Static_assert(__builtin_offsetof(struct jw_process_found, started_us) == 40, "");
_Static_assert(__builtin_offsetof(struct jw_process_found, runner) == 48, "");
_Static_assert(__builtin_offsetof(struct jw_process_found, pid) == 52, "");
_Static_assert(__builtin_offsetof(struct jw_process_found, role) == 56, "");
_Static_assert(__builtin_offsetof(struct jw_process_found, path_length) == 60, "");
_Static_assert(sizeof(struct jw_process_found) == 64, "");

