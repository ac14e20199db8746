"""Ends, stops, starves and disturbs launches, and looks at what is left of each.

Usage: faults.py BINARY FOLDER RUNS SEED KIND. Prints a line for each defect and ends with 1 where there was one; the last
line says how many runs were tried and how they ended.
"""
import collections, hashlib, os, random, re, resource, signal, subprocess, sys, threading, time

BINARY, FOLDER, RUNS, SEED, KIND = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
CHANCE = random.Random(SEED)
PROJECT = os.path.join(FOLDER, "project")
# Found in the arguments of everything that a run starts.
MARK = "fault-%d-%d" % (os.getpid(), SEED)
# A file system that can be filled, with a vault in it.
SMALL = os.path.join(FOLDER, "small")
LIMITED = os.path.join(FOLDER, "limited.toml")
CODES = set(
    "argument_invalid command_not_executable command_not_found command_timeout internal_error limit_exceeded "
    "policy_invalid redaction_failed sandbox_failed sandbox_unavailable storage_full vault_busy vault_corrupt "
    "vault_locked vault_not_initialized work_dir_refused permissions_unsafe".split()
)
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": FOLDER, "VAULT_SANDBOX_HOME": os.path.join(FOLDER, "data"), "TOKEN": "correct-horse-battery"}
ends = collections.Counter()
defects = []
makers = set()


def defect(run, text):
    defects.append("run %s: %s" % (run, text))
    print(defects[-1], flush=True)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def processes():
    """Every process that lives, with its parent's number."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = read("/proc/%s/stat" % name).rpartition(b")")[2].split()
            if fields and fields[0] not in b"ZX":
                found[int(name)] = int(fields[1])
    return found


def below(root):
    """The processes that descend from one."""
    parents, found, grew = processes(), set(), True
    while grew:
        new = {p for p, parent in parents.items() if parent in found | {root}} - found
        found |= new
        grew = bool(new)
    return found


def marked():
    return {p for p in processes() if p != os.getpid() and MARK.encode() in read("/proc/%d/cmdline" % p)}


def groups():
    """Control groups of runs that were made here."""
    found = set()
    for folder, names, _ in os.walk("/sys/fs/cgroup"):
        for name in names:
            match = re.match(r"vault-sandbox-(\d+)-", name)
            if match and int(match.group(1)) in makers:
                found.add(os.path.join(folder, name))
    return found


def state():
    """What must be the same after a run: the mounts of this process, and what lies in the project."""
    return read("/proc/self/mountinfo"), sorted(os.listdir(PROJECT)), sorted(os.listdir(FOLDER))


def start(command, options=(), limits=None, stdout=subprocess.PIPE):
    line = [BINARY, "exec", "--secret-from", "TOKEN=env", *options, "--", *command]
    run = subprocess.Popen(
        line, cwd=PROJECT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
        preexec_fn=limits)
    makers.add(run.pid)
    return run


def gone(run, numbers):
    """Waits until nothing of a run lives."""
    for _ in range(1500):
        left = (numbers & set(processes())) | marked()
        if not left:
            return
        time.sleep(0.02)
    defect(run, "left running: %s" % {p: read("/proc/%d/cmdline" % p) for p in left})
    for process in left:
        os.kill(process, signal.SIGKILL)


def judge(run, process, allowed, output=b"", error=b""):
    """Holds how a launcher ended against what it may end with; 125 needs a published code."""
    status = process.returncode
    ends[status] += 1
    if status == 125:
        match = re.search(rb"^vault-sandbox: ([a-z_]+): ", error, re.M)
        if not match or match.group(1).decode() not in CODES:
            defect(run, "ended with 125 and without a code: %r" % error[-300:])
            return
        ends[match.group(1).decode()] += 1
    if status not in allowed:
        defect(run, "ended with %s: %r" % (status, error[-300:]))
    if b"correct-horse-battery" in output + error:
        defect(run, "printed the value")


def finish(run, process):
    """Waits for a launcher's end; one that does not end is told where it hangs."""
    try:
        return process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        there = {process.pid} | below(process.pid)
        places = {p: (read("/proc/%d/comm" % p), read("/proc/%d/stat" % p).split()[2:3], read("/proc/%d/wchan" % p)) for p in there}
        defect(run, "does not end: %s" % places)
        process.kill()
        return process.communicate(timeout=60)


SLEEPER = ["sh", "-c", "sleep 300 & (setsid sleep 300 &) ; sleep 300; : " + MARK, MARK]


def kills(run):
    """Kills or stops one process of a launch at some moment of it, or of the time after it."""
    victim = CHANCE.choice(["supervisor", "init", "program"])
    way = CHANCE.choice(["kill", "kill", "stop"])
    options = ["--policy", LIMITED] if CHANCE.random() < 0.5 else []
    if way == "stop" and victim != "supervisor":
        options += ["--timeout", "1s"]
    process = start(SLEEPER, options)
    time.sleep(CHANCE.random() * CHANCE.choice([0.003, 0.012, 0.05]))
    inside = below(process.pid)
    init = {p for p, parent in processes().items() if parent == process.pid}
    if victim == "supervisor":
        targets = {process.pid}
    elif victim == "init":
        targets = init or {process.pid}
    else:
        targets = inside - init or init or {process.pid}
    for target in targets:
        try:
            os.kill(target, signal.SIGKILL if way == "kill" else signal.SIGSTOP)
        except ProcessLookupError:
            pass
    if way == "stop" and process.pid in targets:
        time.sleep(0.02)
        process.kill()
    elif way == "kill" and victim == "program" and targets.isdisjoint({process.pid}):
        # Killing some of what runs inside may leave the rest: the caller ends it.
        time.sleep(0.02)
        process.terminate()
    elif way == "stop":
        time.sleep(0.02)
        # Stopped before it is the first process, it holds the launcher in clone(2), as of vfork: only its end frees it.
        # It may not have asked yet to end with the launcher, and finds out by itself as soon as it goes on.
        if read("/proc/%d/wchan" % process.pid) == b"kernel_clone":
            process.kill()
            for target in targets:
                try:
                    os.kill(target, signal.SIGCONT)
                except ProcessLookupError:
                    pass
    output, error = finish(run, process)
    gone(run, inside)
    allowed = {125, -signal.SIGKILL, 137, 143, -signal.SIGTERM}
    if victim == "program":
        allowed.add(0)
    judge(run, process, allowed | {124} if way == "stop" else allowed, output, error)


def continued(run):
    """Stops a process of a launch for a moment and lets it go on: nothing may come of it."""
    process = start(["sh", "-c", "echo $TOKEN; exit 7; : " + MARK, MARK])
    time.sleep(CHANCE.random() * 0.012)
    targets = {process.pid} | (below(process.pid) if CHANCE.random() < 0.5 else set())
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for target in targets:
            try:
                os.kill(target, number)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
    output, error = finish(run, process)
    gone(run, set())
    judge(run, process, {7}, output, error)
    if process.returncode == 7 and output != b"[redacted:TOKEN]\n":
        defect(run, "printed %r" % output)


def limited(run, what, value):
    """Starts under a limit of the caller's: it works, or fails with a code."""
    def limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(what, (value, value))
    options = CHANCE.choice([[], ["--policy", LIMITED]])
    process = start(["sh", "-c", "echo $TOKEN; : " + MARK, MARK], options, limits)
    output, error = finish(run, process)
    gone(run, set())
    # Without memory the runtime of a language can do no more than abort, at once and before anything runs.
    aborts = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGSEGV, 127}
    allowed = {0, 125} if what == resource.RLIMIT_NOFILE else {0, 125, 137, 2} | aborts
    judge(run, process, allowed, output, error)
    if process.returncode == 0 and output != b"[redacted:TOKEN]\n":
        defect(run, "printed %r" % output)


def descriptors(run):
    limited(run, resource.RLIMIT_NOFILE, 3 + run % 38)


def memory(run):
    if run % 2:
        limited(run, resource.RLIMIT_AS, (4 << 20) + run * (80 << 20) // max(1, RUNS))
    else:
        limited(run, resource.RLIMIT_DATA, run * (8 << 20) // max(1, RUNS))


def full(run):
    """Prints to a device that is full."""
    with open("/dev/full", "wb") as device:
        process = start(["sh", "-c", "echo $TOKEN; sleep 1; : " + MARK, MARK], stdout=device)
        _, error = finish(run, process)
    gone(run, set())
    judge(run, process, {125}, b"", error)
    if b"storage_full" not in error:
        defect(run, "did not say that the device is full: %r" % error[-300:])


def vault(words, text=b""):
    return subprocess.run(
        [BINARY, *words], cwd=PROJECT, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**ENVIRONMENT, "VAULT_SANDBOX_HOME": SMALL, "VAULT_SANDBOX_KEY_FILE": SMALL + ".key"})


def filled(run):
    """Fills the vault's file system but for a few pages: what was kept stays, and what cannot be kept is said."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", SMALL], check=True)
    try:
        for words in [["init", "--key-file", SMALL + ".key"], ["app", "create", "filled"]]:
            vault(words)
        values = [b"kept-since-before-%d" % run, b"came-when-full-%d" % run * 500]
        vault(["secret", "set", "KEPT"], values[0])
        with open(os.path.join(SMALL, "filler"), "wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)) == 4096:
                    pass
            except OSError:
                pass
            filler.truncate(max(0, filler.tell() - 4096 * (run % 12)))
        changed = vault(["secret", "set", "KEPT"], values[1])
        judge(run, changed, {0, 125}, changed.stdout, changed.stderr)
        if changed.returncode == 125 and b"storage_full" not in changed.stderr:
            defect(run, "did not say that the vault's file system is full: %r" % changed.stderr[-300:])
        # Reading needs no room.
        used = vault(["exec", "--secret", "KEPT", "--", "sh", "-c", "printf %s \"$KEPT\" | md5sum; : " + MARK, MARK])
        expected = hashlib.md5(values[changed.returncode == 0]).hexdigest().encode()
        if used.returncode or not used.stdout.startswith(expected):
            defect(run, "lost the value: %r %r" % (used.stdout, used.stderr[-300:]))
        gone(run, set())
    finally:
        subprocess.run(["umount", SMALL], check=True)


def storms(run):
    """Interrupts supervisor and init a thousand times a second while much is printed."""
    process = start(["sh", "-c", "head -c 8000000 /dev/zero; echo $TOKEN; : " + MARK, MARK])
    over = threading.Event()
    def storm():
        while not over.is_set():
            for target in {process.pid} | {p for p, parent in processes().items() if parent == process.pid}:
                try:
                    if process.poll() is None:
                        os.kill(target, CHANCE.choice([signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT, signal.SIGURG]))
                except ProcessLookupError:
                    pass
            time.sleep(0.0005)
    thread = threading.Thread(target=storm)
    thread.start()
    output, error = finish(run, process)
    over.set()
    thread.join()
    gone(run, set())
    judge(run, process, {0}, output, error)
    if output != bytes(8000000) + b"[redacted:TOKEN]\n":
        defect(run, "lost output: %d bytes, ending in %r" % (len(output), output[-60:]))


def main():
    os.makedirs(PROJECT, exist_ok=True)
    with open(LIMITED, "w") as file:
        file.write('version = 1\nextends = ["default"]\n[limits]\nmemory = "512MiB"\n')
    if KIND == "filled":
        os.makedirs(SMALL, 0o700)
        vault(["init", "--key-file", SMALL + ".key"])
    before = state()
    for run in range(RUNS):
        globals()[KIND](run)
        if state() != before:
            defect(run, "changed what lies around it: %s" % [a for a, b in zip(state(), before) if a != b])
            before = state()
    # What a killed supervisor could not remove the next launch does.
    process = start(["true"], ["--policy", LIMITED])
    _, error = finish(run, process)
    if process.returncode != 0:
        defect("last", "a launch after all that failed: %r" % error)
    if groups():
        defect("last", "control groups are left: %s" % groups())
    print("%d runs of %s: %s" % (RUNS, KIND, dict(sorted(ends.items(), key=str))))
    sys.exit(1 if defects else 0)


main()
