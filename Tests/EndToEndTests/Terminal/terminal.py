"""Sits at a pseudo-terminal as a person does: starts a program on it, waits for what it shows, and types.

Standard input has one JSON object: argv, rows, columns, and steps. A step is [what to wait for, an action]; an action is
{"type": text}, with "raw": true once the terminal gives each key at once and with "pause" so many seconds later,
{"size": [rows, columns]}, or {"signal": number} to the program. What was shown and how the program ended is printed as
JSON. Nothing depends on how fast the machine is but the limit of the whole.
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

plan = json.load(sys.stdin)
shown = b""
position = 0


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def act(action):
    while action.get("raw") and termios.tcgetattr(line)[3] & termios.ICANON and time.monotonic() < limit:
        time.sleep(0.01)
    if "pause" in action:
        time.sleep(action["pause"])
    if "type" in action:
        os.write(terminal, action["type"].encode())
    if "size" in action:
        resize(terminal, *action["size"])
    if "signal" in action:
        os.kill(program, action["signal"])


terminal, line = pty.openpty()
resize(terminal, plan.get("rows", 24), plan.get("columns", 80))
before = termios.tcgetattr(line)
told, telling = os.pipe()
kept, keeping = os.pipe()
leader = os.fork()
if leader == 0:
    # The leader of the session outlives the program: with it the kernel throws away what was not read.
    os.close(terminal)
    os.close(keeping)
    os.setsid()
    fcntl.ioctl(line, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    program = os.fork()
    if program == 0:
        for number in [signal.SIGPIPE, signal.SIGTTOU]:
            signal.pthread_sigmask(signal.SIG_BLOCK, [number])
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)
        os.tcsetpgrp(line, os.getpid())
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for number in range(3):
            os.dup2(line, number)
        os.closerange(3, 64)
        os.execv(plan["argv"][0], plan["argv"])
    os.write(telling, struct.pack("i", program))
    status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    os.write(telling, struct.pack("i", status))
    os.read(kept, 1)
    os._exit(0)
program = struct.unpack("i", os.read(told, 4))[0]
os.close(telling)
os.close(kept)

steps = plan["steps"]
limit = time.monotonic() + 60
status = None
while time.monotonic() < limit:
    while steps:
        found = shown.find(steps[0][0].encode(), position)
        if found < 0:
            break
        position = found + len(steps[0][0].encode())
        act(steps.pop(0)[1])
    ready = select.select([terminal, told] if status is None else [terminal], [], [], 0.05)[0]
    if terminal in ready:
        shown += os.read(terminal, 65536)
    elif status is not None:
        break
    if told in ready:
        status = struct.unpack("i", os.read(told, 4))[0]
if status is None:
    os.kill(program, signal.SIGKILL)
result = json.dumps(
    {
        "status": status,
        "shown": shown.decode(errors="replace"),
        "left": [step[0] for step in steps],
        "restored": termios.tcgetattr(line) == before,
    }
)
os.close(keeping)
os.waitpid(leader, 0)
print(result)
