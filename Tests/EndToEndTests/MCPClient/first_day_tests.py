"""The three calls of a user's first day, as they stand in the manual, against a project with a real database."""

import glob
import http.server
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest

from workplace import MODES, Workplace

MIGRATE = """
package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/url"
	"os"
)

// message is one of PostgreSQL's, version 3 of its protocol.
func message(kind byte, body []byte) []byte {
	out := []byte{}
	if kind != 0 {
		out = append(out, kind)
	}
	return append(binary.BigEndian.AppendUint32(out, uint32(len(body)+4)), body...)
}

func main() {
	address, err := url.Parse(os.Getenv("DATABASE_URL"))
	if err != nil || address.Host == "" {
		fmt.Fprintln(os.Stderr, "no database")
		os.Exit(1)
	}
	connection, err := net.Dial("tcp", address.Host)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "connecting to", os.Getenv("DATABASE_URL"))
	start := binary.BigEndian.AppendUint32(nil, 196608)
	start = append(start, "user\\x00"+address.User.Username()+"\\x00database\\x00"+address.Path[1:]+"\\x00\\x00"...)
	connection.Write(message(0, start))
	applied := 0
	header := make([]byte, 5)
	read := func() byte {
		if _, err := readFull(connection, header); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		body := make([]byte, binary.BigEndian.Uint32(header[1:])-4)
		readFull(connection, body)
		if header[0] == 'E' {
			fmt.Fprintln(os.Stderr, string(body))
			os.Exit(1)
		}
		return header[0]
	}
	for read() != 'Z' {
	}
	for _, statement := range []string{"create table shop (id int)", "create table orders (id int)", "insert into shop values (1)"} {
		connection.Write(message('Q', []byte(statement+"\\x00")))
		for read() != 'Z' {
		}
		applied++
	}
	fmt.Printf("migrations: %d applied\\n", applied)
}

func readFull(connection net.Conn, buffer []byte) (int, error) {
	done := 0
	for done < len(buffer) {
		count, err := connection.Read(buffer[done:])
		if err != nil {
			return done, err
		}
		done += count
	}
	return done, nil
}
"""

TEST = """
const test = require("node:test");
const assert = require("node:assert");
test("the three secrets are there", () => {
  for (const name of ["DATABASE_URL", "STRIPE_SECRET_KEY", "OPENAI_API_KEY"]) {
    console.log(name, process.env[name]);
    assert.ok(process.env[name].length > 10);
  }
});
"""

DEPLOY = """
fetch(process.argv[2], { method: "POST", headers: { authorization: "Bearer " + process.env.DEPLOY_TOKEN } })
  .then(async (answer) => { console.log(answer.status, await answer.text()); process.exit(answer.ok ? 0 : 1); })
  .catch((error) => { console.error(error); process.exit(1); });
"""

SECRETS = {
    "STRIPE_SECRET_KEY": "stripe-9f8e7d6c5b4a39281706", "OPENAI_API_KEY": "openai-1a2b3c4d5e6f7a8b9c0d",
    "DEPLOY_TOKEN": "deploy-0011223344556677",
}


class Postgres:
    """A PostgreSQL server on loopback; it refuses to run as root, so the account that its package made does it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="vault-sandbox-postgres-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.become = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.become = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        self.call("initdb", "-D", "data", "-U", "app", "-A", "trust")
        self.call(
            "pg_ctl", "-D", "data", "-w", "-l", "log", "-o",
            f"-p {self.port} -k {self.folder} -h 127.0.0.1", "start")
        self.url = f"postgres://app:pw-9tq4-Wz7e@127.0.0.1:{self.port}/postgres"

    def call(self, name, *arguments):
        subprocess.run(
            [*self.become, f"{self.programs}/{name}", *arguments], check=True, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def close(self):
        self.call("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class FirstDay(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)
        self.database = Postgres()
        self.addCleanup(self.database.close)
        self.place.call("app", "create", "shop")
        self.place.call("app", "use", "shop")
        for name, value in (SECRETS | {"DATABASE_URL": self.database.url}).items():
            self.place.store(name, value)
        # The network that its programs need, and room for a compiler.
        self.place.call("app", "policy", "shop", "host-network", "make")

    def write(self, name, text):
        path = os.path.join(self.place.project, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    async def test_migrate_test_and_deploy(self):
        received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                received.append(self.headers["authorization"])
                self.send_response(200)
                self.end_headers()
                # A service that repeats what it was sent must not give the value to the caller.
                self.wfile.write(f"deployed with {self.headers['authorization']}".encode())

            def log_message(self, *_):
                pass

        service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=service.serve_forever, daemon=True).start()
        self.addCleanup(service.shutdown)
        self.write("go.mod", "module example.test/shop\n\ngo 1.19\n")
        self.write("cmd/migrate/main.go", MIGRATE)
        self.write("shop.test.js", TEST)
        self.write("deploy.js", DEPLOY)
        self.write(
            "package.json",
            '{"name": "shop", "version": "1.0.0", "scripts": {"test": "node --test", '
            f'"deploy": "node deploy.js http://127.0.0.1:{service.server_port}/"}}}}')
        async with self.place.client("auto") as client:
            migrate = await client.call_tool(
                "vault_run", {"command": ["go", "run", "./cmd/migrate"], "secrets": ["DATABASE_URL"]})
            test = await client.call_tool(
                "vault_run",
                {"command": ["npm", "test"], "secrets": ["DATABASE_URL", "STRIPE_SECRET_KEY", "OPENAI_API_KEY"]})
            deploy = await client.call_tool("vault_run", {"command": ["npm", "run", "deploy"]})
        content = migrate.structured_content
        self.assertEqual((content["exit_code"], content["stdout"]), (0, "migrations: 3 applied\n"), content)
        self.assertEqual(content["secrets_injected"], ["DATABASE_URL"])
        self.assertIn("connecting to [redacted:DATABASE_URL]", content["stderr"])
        content = test.structured_content
        self.assertEqual(content["exit_code"], 0, content)
        self.assertEqual(content["secrets_injected"], ["DATABASE_URL", "OPENAI_API_KEY", "STRIPE_SECRET_KEY"])
        for name in content["secrets_injected"]:
            self.assertIn(f"{name} [redacted:{name}]", content["stdout"])
        content = deploy.structured_content
        self.assertEqual(content["exit_code"], 0, content)
        self.assertEqual(
            content["secrets_injected"], ["DATABASE_URL", "DEPLOY_TOKEN", "OPENAI_API_KEY", "STRIPE_SECRET_KEY"])
        self.assertIn("200 deployed with Bearer [redacted:DEPLOY_TOKEN]", content["stdout"])
        self.assertEqual(received, ["Bearer " + SECRETS["DEPLOY_TOKEN"]])
        everything = str([migrate, test, deploy])
        for value in ["pw-9tq4", *SECRETS.values()]:
            self.assertNotIn(value, everything)


if __name__ == "__main__":
    unittest.main()
