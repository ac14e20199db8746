// What Swift cannot reach in glibc and the kernel's headers. Each part names its reason:
//
//   hidden     glibc declares it only under _GNU_SOURCE, which Swift's Glibc module is built without;
//   variadic   Swift cannot call variadic C functions;
//   missing    glibc 2.36 (Debian 12) has no wrapper, or Debian's kernel headers (6.1) lack the constant;
//   unsafe     must run between clone and exec in the child of a threaded parent, where Swift may not run.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

// hidden: plain declarations of functions that glibc exports.
int pipe2(int descriptors[_Nonnull 2], int flags);
int dup3(int from, int to, int flags);
int close_range(unsigned int first, unsigned int last, int flags);
int memfd_create(const char *name, unsigned int flags);
int pidfd_open(pid_t process, unsigned int flags);
int eventfd(unsigned int count, int flags);
int pidfd_send_signal(int pidfd, int signal, void *_Nullable info, unsigned int flags);
int open_tree(int directory, const char *path, unsigned int flags);
int move_mount(int from, const char *from_path, int to, const char *to_path, unsigned int flags);
int fsopen(const char *file_system, unsigned int flags);
int fsconfig(int context, unsigned int command, const char *_Nullable key, const void *_Nullable value, int auxiliary);
int fsmount(int context, unsigned int flags, unsigned int attributes);
ssize_t splice(int from, int64_t *_Nullable from_offset, int to, int64_t *_Nullable to_offset, size_t count,
               unsigned int flags);
ssize_t tee(int from, int to, size_t count, unsigned int flags);
struct itimerspec;
int timerfd_gettime(int descriptor, struct itimerspec *left);
ssize_t flistxattr(int descriptor, char *_Nullable names, size_t size);
ssize_t fgetxattr(int descriptor, const char *name, void *_Nullable value, size_t size);
const char *_Nullable strerrorname_np(int error);
const char *_Nullable strerrordesc_np(int error);

/// Mirrors `struct mount_attr` of linux/mount.h.
struct vs_mount_attributes {
    uint64_t set;
    uint64_t clear;
    uint64_t propagation;
    uint64_t user_namespace;
};
int mount_setattr(int directory, const char *path, unsigned int flags, struct vs_mount_attributes *attributes,
                  size_t size);

/// Mirrors `struct open_how` of linux/openat2.h.
struct vs_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

/// Mirrors `struct signalfd_siginfo` as far as it is read.
struct vs_signal_information {
    uint32_t signal;
    int32_t error;
    int32_t code;
    uint32_t process;
    uint8_t rest[112];
};

// variadic, or missing from glibc: thin calls of syscall(2), prctl(2), fcntl(2) and ioctl(2) with fixed arguments.
int vs_openat2(int directory, const char *path, const struct vs_open_how *how);
int vs_unshare(int flags);
int vs_setns(int descriptor, int kind);
int vs_pivot_root(const char *new_root, const char *put_old);
int vs_prctl(int option, unsigned long two, unsigned long three, unsigned long four, unsigned long five);
int vs_fcntl(int descriptor, int command, long argument);
int vs_ioctl(int descriptor, unsigned long request, void *_Nullable argument);
int vs_seccomp_install(const void *instructions, unsigned short count);
long vs_join_new_session_keyring(void);
long vs_kcmp_file(pid_t process, int first, int second);

/// Mirrors `struct landlock_ruleset_attr` of Linux 6.12; Debian's header ends at `handled_access_fs`.
struct vs_landlock_ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scoped;
};

// missing from glibc: Landlock's three calls. Without a ruleset, the first answers the ABI's version.
int vs_landlock_create(const struct vs_landlock_ruleset *_Nullable ruleset, size_t size, unsigned int flags);
int vs_landlock_add_path(int ruleset, uint64_t allowed, int path);
int vs_landlock_restrict(int ruleset);

// hidden: signalfd and timerfd take structures whose headers collide with the Glibc module.
int vs_signalfd(const uint64_t *mask);
int vs_signal_mask(int how, const uint64_t *_Nullable mask, uint64_t *_Nullable previous);
int vs_timerfd(void);
int vs_timerfd_arm(int descriptor, int64_t seconds, int64_t nanoseconds);

// hidden: the loopback interface's flags travel in `struct ifreq`, a union that Swift imports without its members.
int vs_loopback_up(void);

/// What the child of `vs_clone_exec` does before it becomes the program.
struct vs_clone_exec {
    int namespaces;
    /// The program, opened with O_PATH.
    int executable;
    /// `standard[i]` becomes descriptor i; -1 leaves descriptor i closed. Each is 16 or more.
    const int *standard;
    unsigned int standard_count;
    char *const _Nullable *_Nonnull arguments;
    char *const _Nullable *_Nonnull environment;
    /// Where nonzero: raise every capability of the new user namespace to ambient, so that exec keeps it.
    int keep_capabilities;
};

/// Clones into new namespaces and executes; returns the child's pid and sets `pidfd`, or returns -1 with errno.
/// unsafe: the child runs in memory that it shares with its suspended parent (CLONE_VM | CLONE_VFORK). That saves the
/// copy of the parent's page tables, and lets the child start at once: a child of a plain clone may wait for its
/// parent's time slice to end while another processor idles (measured: 2 ms).
pid_t vs_clone_exec(const struct vs_clone_exec *request, int *pidfd);

/// What the child of `vs_spawn` does before it becomes the program.
struct vs_spawn {
    /// `standard[i]` becomes descriptor i; -1 leaves descriptor i closed. Each is `standard_count` or more.
    const int *standard;
    unsigned int standard_count;
    uint64_t signal_mask;
    /// The controlling terminal, in whose foreground the program starts, or -1; SIGTTOU must be blocked.
    int terminal;
    /// The Landlock ruleset that binds the program and not its parent, or -1; no_new_privs must be set.
    int ruleset;
    /// The seccomp program, installed last; no filter where `filter_count` is 0.
    const void *_Nullable filter;
    unsigned short filter_count;
    /// Paths to try, in order, ended by NULL.
    char *const _Nullable *_Nonnull candidates;
    char *const _Nullable *_Nonnull arguments;
    char *const _Nullable *_Nonnull environment;
    /// `arguments` behind "/bin/sh" and the path, for a script without a shebang.
    char *_Nullable *_Nonnull shell_arguments;
};

/// Which step of `vs_spawn` failed, and how.
struct vs_spawn_failure {
    int step;
    int error;
};

/// Starts the program as the leader of its own process group; returns its pid, or -1 with `failure` filled.
/// unsafe: runs in memory that it shares with its suspended parent (CLONE_VM | CLONE_VFORK), so that the parent's
/// pages are not copied and a failure needs no pipe.
pid_t vs_spawn(const struct vs_spawn *request, struct vs_spawn_failure *failure);

/// The values of `vs_spawn_failure.step`.
enum vs_spawn_step { vs_spawn_clone = 1, vs_spawn_group, vs_spawn_descriptors, vs_spawn_filter, vs_spawn_execute };

// missing or hidden constants.
enum : uint64_t {
    vs_clone_newtime = 0x80,
    vs_clone_newns = 0x20000,
    vs_clone_newcgroup = 0x2000000,
    vs_clone_newuts = 0x4000000,
    vs_clone_newipc = 0x8000000,
    vs_clone_newuser = 0x10000000,
    vs_clone_newpid = 0x20000000,
    vs_clone_newnet = 0x40000000,
};

#pragma clang assume_nonnull end
