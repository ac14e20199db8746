#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int vs_openat2(int directory, const char *path, const struct vs_open_how *how) {
    return (int)syscall(SYS_openat2, directory, path, how, sizeof *how);
}

int vs_setns(int descriptor, int kind) { return (int)syscall(SYS_setns, descriptor, kind); }

int vs_unshare(int flags) { return (int)syscall(SYS_unshare, flags); }

int vs_pivot_root(const char *new_root, const char *put_old) { return (int)syscall(SYS_pivot_root, new_root, put_old); }

int vs_prctl(int option, unsigned long two, unsigned long three, unsigned long four, unsigned long five) {
    return prctl(option, two, three, four, five);
}

int vs_fcntl(int descriptor, int command, long argument) { return fcntl(descriptor, command, argument); }

int vs_ioctl(int descriptor, unsigned long request, void *argument) { return ioctl(descriptor, request, argument); }

static int install_filter(const void *instructions, unsigned short count) {
    struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

int vs_seccomp_install(const void *instructions, unsigned short count) { return install_filter(instructions, count); }

int vs_landlock_create(const struct vs_landlock_ruleset *ruleset, size_t size, unsigned int flags) {
    return (int)syscall(SYS_landlock_create_ruleset, ruleset, size, flags);
}

int vs_landlock_add_path(int ruleset, uint64_t allowed, int path) {
    struct landlock_path_beneath_attr rule = {.allowed_access = allowed, .parent_fd = path};
    return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

int vs_landlock_restrict(int ruleset) { return (int)syscall(SYS_landlock_restrict_self, ruleset, 0); }

long vs_join_new_session_keyring(void) { return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL); }

long vs_kcmp_file(pid_t process, int first, int second) {
    return syscall(SYS_kcmp, process, process, KCMP_FILE, first, second);
}

int vs_signalfd(const uint64_t *mask) {
    // The kernel's set is 64 bits; glibc's is 1024, so the call goes to the kernel directly.
    return (int)syscall(SYS_signalfd4, -1, mask, sizeof *mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

int vs_signal_mask(int how, const uint64_t *mask, uint64_t *previous) {
    return (int)syscall(SYS_rt_sigprocmask, how, mask, previous, sizeof(uint64_t));
}

int vs_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

int vs_timerfd_arm(int descriptor, int64_t seconds, int64_t nanoseconds) {
    struct itimerspec when = {.it_value = {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return timerfd_settime(descriptor, 0, &when, NULL);
}

int vs_loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    int result = ioctl(descriptor, SIOCGIFFLAGS, &request);
    if (result == 0) {
        request.ifr_flags |= IFF_UP | IFF_RUNNING;
        result = ioctl(descriptor, SIOCSIFFLAGS, &request);
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return result;
}

/// Makes every capability of the new user namespace inheritable and ambient.
static int keep_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return -1;
    for (int half = 0; half < 2; half++) sets[half].inheritable = sets[half].permitted;
    if (syscall(SYS_capset, &header, sets) != 0) return -1;
    for (unsigned long capability = 0; capability < 64; capability++)
        if (sets[capability / 32].permitted & (1u << (capability % 32)))
            if (syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) return -1;
    return 0;
}

/// Places `standard[i]` at descriptor i, or closes i.
static int place_descriptors(const int *standard, unsigned int count) {
    for (unsigned int index = 0; index < count; index++) {
        if (standard[index] < 0)
            syscall(SYS_close, index);
        else if (syscall(SYS_dup3, standard[index], index, 0) < 0)
            return -1;
    }
    return 0;
}

/// Runs in the child, on its own stack, in its suspended parent's memory: system calls only.
static int enter_cloned(void *argument) {
    const struct vs_clone_exec *request = argument;
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
        (!request->keep_capabilities || keep_capabilities() == 0) &&
        place_descriptors(request->standard, request->standard_count) == 0 &&
        // What the caller had open without close-on-exec must not stay open in the sandbox's first process.
        syscall(SYS_close_range, request->standard_count, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
        syscall(SYS_execveat, request->executable, "", request->arguments, request->environment, AT_EMPTY_PATH);
    // The exit status carries errno: the parent sees an init that ended before its first report.
    syscall(SYS_exit_group, errno);
    __builtin_unreachable();
}

int clone(int (*entry)(void *), void *stack, int flags, void *argument, ...);

pid_t vs_clone_exec(const struct vs_clone_exec *request, int *pidfd) {
    // A stack for each call: several threads may start sandboxes at once.
    const size_t size = 64 * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -1;
    int flags = request->namespaces | CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    pid_t child = clone(enter_cloned, stack + size, flags, (void *)request, pidfd);
    int error = errno;
    munmap(stack, size);
    errno = error;
    return child;
}

/// Puts every signal that is not ignored back to its default and unblocks what the caller had unblocked.
static void restore_signals(uint64_t mask) {
    struct {
        void (*handler)(int);
        unsigned long flags;
        void (*restorer)(void);
        uint64_t mask;
    } action = {0};
    for (int signal = 1; signal < 65; signal++)
        if (syscall(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) == 0 && action.handler != SIG_IGN &&
            action.handler != SIG_DFL) {
            memset(&action, 0, sizeof action);
            syscall(SYS_rt_sigaction, signal, &action, NULL, sizeof action.mask);
        }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

/// Runs in the child, on its own stack, in its parent's memory: system calls only, and no write but to `failure`.
static int run_spawned(const struct vs_spawn *request, struct vs_spawn_failure *failure) {
    int found = 0;
    failure->step = vs_spawn_group;
    if (syscall(SYS_setpgid, 0, 0) != 0) goto failed;
    // Before the program can read: from the background it would be stopped.
    pid_t group = (pid_t)syscall(SYS_getpid);
    if (request->terminal >= 0 && syscall(SYS_ioctl, request->terminal, TIOCSPGRP, &group) != 0) goto failed;
    failure->step = vs_spawn_filter;
    if (request->ruleset >= 0 && vs_landlock_restrict(request->ruleset) != 0) goto failed;
    failure->step = vs_spawn_descriptors;
    if (place_descriptors(request->standard, request->standard_count) != 0) goto failed;
    if (syscall(SYS_close_range, request->standard_count, ~0u, 0) != 0) goto failed;
    restore_signals(request->signal_mask);
    failure->step = vs_spawn_filter;
    if (request->filter_count && install_filter(request->filter, request->filter_count) != 0) goto failed;
    failure->step = vs_spawn_execute;
    for (char *const *path = request->candidates; *path; path++) {
        syscall(SYS_execve, *path, request->arguments, request->environment);
        if (errno == ENOEXEC) {
            request->shell_arguments[1] = *path;
            syscall(SYS_execve, request->shell_arguments[0], request->shell_arguments, request->environment);
        }
        // As execvp(3): a file that may not be executed is remembered, and the search goes on.
        if (errno == EACCES)
            found = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR)
            goto failed;
    }
    if (found) errno = found;
failed:
    failure->error = errno;
    syscall(SYS_exit_group, 127);
    __builtin_unreachable();
}

struct spawn_pair {
    const struct vs_spawn *request;
    struct vs_spawn_failure *failure;
};

static int enter_spawned(void *pair) { return run_spawned(((struct spawn_pair *)pair)->request, ((struct spawn_pair *)pair)->failure); }

pid_t vs_spawn(const struct vs_spawn *request, struct vs_spawn_failure *failure) {
    // Static, so that no allocation stands between the plan and the program; the parent is single-threaded.
    static char stack[64 * 1024] __attribute__((aligned(16)));
    struct spawn_pair pair = {request, failure};
    failure->step = vs_spawn_clone;
    failure->error = 0;
    pid_t child = clone(enter_spawned, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &pair);
    if (child < 0) failure->error = errno;
    return failure->error ? -1 : child;
}
