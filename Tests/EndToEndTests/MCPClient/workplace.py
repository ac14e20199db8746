"""A home with a vault and a project, and the server in it, for the tests with real clients."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

from mcp import Client
from mcp.client.stdio import StdioServerParameters

BINARY = os.environ["VAULT_SANDBOX_BINARY"]
MODES = ["auto", "legacy", "2026-07-28"]
VALUE = "postgres://shop:9tq4-Wz7e@db/shop"


class Workplace:
    """A temporary home; close it to remove it."""

    def __init__(self, vault=True):
        self.home = tempfile.mkdtemp(prefix="vault-sandbox-mcp-")
        self.project = os.path.join(self.home, "project")
        os.mkdir(self.project)
        self.key = os.path.join(self.home, ".vault-key")
        # Little more than clients pass on.
        self.environment = {"HOME": self.home, "PATH": os.environ["PATH"], "USER": "somebody", "TERM": "dumb"}
        if vault:
            self.call("init", "--key-file", self.key)
            self.store("DATABASE_URL", VALUE)

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def call(self, *arguments, input=""):
        """Runs the binary as a person would."""
        environment = self.environment | {"VAULT_SANDBOX_KEY_FILE": self.key}
        done = subprocess.run(
            [BINARY, *arguments], input=input, capture_output=True, text=True, env=environment, cwd=self.project)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def store(self, name, value):
        self.call("secret", "set", name, input=value)

    def script(self, name, text):
        """A command that runs a script of the project: what a script prints, no rule about commands foresees."""
        with open(os.path.join(self.project, name), "w") as file:
            file.write(text)
        return ["sh", name]

    def command(self, *options):
        return [BINARY, "mcp", "--key-file", self.key, *options]

    @contextlib.asynccontextmanager
    async def client(self, mode="auto", options=(), **more):
        # The client library starts the server in its own directory.
        program, *arguments = self.command(*options)
        parameters = StdioServerParameters(
            command=program, args=arguments, env=self.environment, cwd=self.project)
        async with Client(parameters, mode=mode, **more) as client:
            yield client

    def pipe(self, *options, **more):
        return Pipe(self, *options, **more)


class Pipe:
    """The server at the other end of two pipes, spoken to line by line."""

    def __init__(self, place, *options, initialize="2025-11-25", capabilities=None):
        self.process = subprocess.Popen(
            place.command(*options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=place.environment, cwd=place.project, start_new_session=True, bufsize=0)
        self.buffer = b""
        self.last = 0
        if initialize:
            self.initialized = self.ask(
                "initialize", protocolVersion=initialize, capabilities=capabilities or {},
                clientInfo={"name": "test", "version": "1"})
            self.notify("notifications/initialized")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        for stream in [self.process.stdin, self.process.stdout, self.process.stderr]:
            with contextlib.suppress(OSError):
                stream.close()

    def write(self, data):
        while data:
            data = data[self.process.stdin.write(data):]

    def send(self, message):
        self.write(json.dumps(message).encode() + b"\n")

    def notify(self, method, **parameters):
        self.send({"jsonrpc": "2.0", "method": method, "params": parameters})

    def request(self, method, **parameters):
        self.last += 1
        self.send({"jsonrpc": "2.0", "id": self.last, "method": method, "params": parameters})
        return self.last

    def ask(self, method, **parameters):
        """Sends a request and returns its answer; nothing else may come before it."""
        number = self.request(method, **parameters)
        answer = self.next()
        assert answer.get("id") == number, answer
        return answer

    def tool(self, name, meta=None, /, **arguments):
        parameters = {"name": name, "arguments": arguments}
        if meta:
            parameters["_meta"] = meta
        return self.ask("tools/call", **parameters)

    def start(self, name, meta=None, /, **arguments):
        parameters = {"name": name, "arguments": arguments}
        if meta:
            parameters["_meta"] = meta
        return self.request("tools/call", **parameters)

    def next(self, seconds=20):
        """The next message, or None where none comes in time."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            data = self.process.stdout.read(1 << 20)
            if not data:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line.decode())


def processes_with(marker):
    """The processes of this machine whose command line holds a text, as long as they are no zombies."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                if marker.encode() not in file.read():
                    continue
            with open(f"/proc/{entry}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] != "Z":
                    found.append(int(entry))
    return found


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return condition()
