"""Tries attacks outside, where each must succeed, and inside, and prints what came of both.

Read from standard input: {"binary", "folder", "attacks"}; each attack has "id", "setup", "payload", "script", "control",
"check", "cleanup", "alone" and "arguments". Written to standard output: a line "phase<TAB>id<TAB>outcome" for each.
Every phase starts in the project folder, with each attack's setup carried out anew on the host.
"""
import json, os, re, shutil, signal, subprocess, sys, threading
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import inside


def report(phase, attack, word):
    sys.stdout.write("\t".join((phase, attack["id"], word.replace("\n", " ").replace("\t", " "))) + "\n")
    sys.stdout.flush()


class Phase:
    """One phase of some attacks: their setup is done on entry, their effects are looked at, and undone at the end."""

    def __init__(self, attacks, plan):
        self.attacks = attacks
        self.names = {}
        for attack in attacks:
            names = dict(vars(inside), binary=plan["binary"], home=plan["folder"], threading=threading, shutil=shutil)
            exec(attack["setup"], names)
            self.names[attack["id"]] = names

    def judge(self, attack, word):
        """The host's own look at what the attack did decides, where there is one."""
        if not attack["check"]:
            return word
        try:
            happened = eval(attack["check"], self.names[attack["id"]])
        except OSError:
            happened = False
        if happened:
            return "worked"
        return "no effect" if word == "worked" else word

    def end(self):
        for attack in self.attacks:
            exec(attack["cleanup"], self.names[attack["id"]])


def launch(plan, attacks, arguments):
    """Runs payloads in one sandbox and returns the outcomes by id."""
    code = open(os.path.join(HERE, "inside.py")).read()
    line = [plan["binary"], "exec", "--no-secrets"] + arguments + ["--", "/usr/bin/python3", "-c", code]
    text = json.dumps([{"id": a["id"], "payload": a["payload"]} for a in attacks])
    run = subprocess.run(line, input=text.encode(), capture_output=True, close_fds=False, timeout=50)
    words = dict(l.split("\t", 1) for l in run.stdout.decode(errors="replace").splitlines() if "\t" in l)
    for attack in attacks:
        if attack["id"] not in words:
            end = "ended" if run.returncode != 125 else "was not launched"
            words[attack["id"]] = f"{end} with {run.returncode}: {run.stderr.decode(errors='replace')[-300:]}"
    return words


def script(plan, attack, is_inside):
    """Runs a script of the host's around $RUN in a folder of its own and returns its output.

    Where the launcher refused something, the codes of its errors follow.
    """
    phase = "-inside" if is_inside else "-outside"
    folder = os.path.join(plan["folder"], "scripts", str(plan["attacks"].index(attack)) + phase)
    project = os.path.join(folder, "project")
    os.makedirs(project)
    arguments = " ".join(attack["arguments"])
    prefix = f"{plan['binary']} exec --no-secrets --work-dir {project} {arguments} --" if is_inside else ""
    environment = dict(os.environ, RUN=prefix, VS=plan["binary"], HOME=folder, PWD=folder)
    text = os.path.join(folder, ".script")
    with open(text, "w") as file:
        file.write(attack["setup"] + "\n" + attack["script"])
    program = subprocess.Popen(
        ["/bin/sh", text], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        output, error = program.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        output, error = program.communicate()
        return "hung"
    codes = re.findall(r"^vault-sandbox: ([a-z_]+):", error.decode(errors="replace"), re.MULTILINE)
    if codes:
        print(f"{attack['id']}: {error.decode(errors='replace')}", file=sys.stderr)
    return " ".join([output.decode(errors="replace").strip()] * bool(output.strip()) + codes)


def run_scripts(plan, attacks, controls):
    def both(attack):
        if controls:
            report("control", attack, script(plan, attack, False))
        report("inside", attack, script(plan, attack, True))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both, attacks))


def run_payloads(plan, attacks, controls):
    if controls:
        for attack in attacks:
            phase = Phase([attack], plan)
            # A harmless twin shows inside what the attack shows outside.
            twin = attack["control"]
            word = (
                launch(plan, [dict(attack, payload=twin)], attack["arguments"])[attack["id"]]
                if twin else phase.judge(attack, inside.outcome(attack["payload"], phase.names[attack["id"]])))
            report("control", attack, word)
            phase.end()
    batches = {}
    for attack in attacks:
        key = attack["id"] if attack["alone"] else ""
        batches.setdefault((key, tuple(attack["arguments"])), []).append(attack)
    for (_, arguments), batch in batches.items():
        phase = Phase(batch, plan)
        words = launch(plan, batch, list(arguments))
        for attack in batch:
            report("inside", attack, phase.judge(attack, words[attack["id"]]))
        phase.end()


def main():
    plan = json.load(sys.stdin)
    project = os.path.join(plan["folder"], "project")
    os.makedirs(project, exist_ok=True)
    os.chdir(project)
    os.environ["HOME"] = plan["folder"]
    run_payloads(plan, [a for a in plan["attacks"] if not a["script"]], plan["controls"])
    run_scripts(plan, [a for a in plan["attacks"] if a["script"]], plan["controls"])


if __name__ == "__main__":
    main()
