"""The server at the end of two pipes: what is sent and what is not, byte for byte."""

import ctypes
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

from workplace import VALUE, Workplace, processes_with, wait_until

MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {},
}


class Wire(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)

    def test_a_revision_is_agreed_on(self):
        for asked, agreed in [
            ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("1900-01-01", "2025-11-25"),
        ]:
            with self.place.pipe(initialize=asked) as pipe:
                self.assertEqual(pipe.initialized["result"]["protocolVersion"], agreed)
                self.assertEqual(pipe.initialized["result"]["capabilities"], {"tools": {}})

    def test_before_a_handshake_unknown_methods_are_answered_at_once(self):
        with self.place.pipe(initialize=None) as pipe:
            for method, code in [
                ("server/discover", -32602), ("tools/list", -32602), ("tools/call", -32602),
                ("prompts/list", -32601), ("nonsense", -32601),
            ]:
                start = time.monotonic()
                self.assertEqual(pipe.ask(method)["error"]["code"], code, method)
                self.assertLess(time.monotonic() - start, 2)
            self.assertEqual(pipe.ask("ping")["result"], {})

    def test_stateless_requests_name_their_revision(self):
        with self.place.pipe(initialize=None) as pipe:
            found = pipe.ask("server/discover", _meta=MODERN)["result"]
            self.assertEqual(found["supportedVersions"], ["2026-07-28"])
            old = MODERN | {"io.modelcontextprotocol/protocolVersion": "2025-11-25"}
            error = pipe.ask("tools/list", _meta=old)["error"]
            self.assertEqual((error["code"], error["data"]["requested"]), (-32022, "2025-11-25"))
            lacking = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
            self.assertEqual(pipe.ask("tools/list", _meta=lacking)["error"]["code"], -32602)
            self.assertEqual(pipe.ask("ping", _meta=MODERN)["error"]["code"], -32601)
            self.assertEqual(pipe.ask("tools/list", _meta=MODERN, cursor="x")["error"]["code"], -32602)

    def test_what_is_no_message_gets_the_protocols_error_and_the_server_lives_on(self):
        long = b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * (8 << 20) + b'"}'
        cases = [
            (b"nonsense", -32700), (b"{", -32700), (b'{"a":\xff}', -32700), (b"\xff\xfe\x00", -32700),
            (b"[" * 100_000, -32700), (b'{"a":' * 100_000, -32700), (b"[]", -32600), (b"1", -32600), (b"null", -32600),
            (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600), (b'{"id":1,"method":"ping"}', -32600),
            (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
            (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
            (b'{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600),
            (b'{"jsonrpc":"2.0","id":5,"method":7}', -32600), (b'{"jsonrpc":"2.0","id":5}', -32600),
            (b'{"jsonrpc":"2.0","id":5,"method":"ping","params":[1]}', -32602), (long, -32600),
            (b'[{"jsonrpc":"2.0","id":5,"method":"ping"}]', -32600),
            (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":7}}', -32602),
            (b'{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"vault_status","arguments":[]}}', -32602),
            (b'{"jsonrpc":"2.0","id":5,"method":"resources/list"}', -32601),
        ]
        with self.place.pipe() as pipe:
            for line, code in cases:
                pipe.write(line + b"\n")
                answer = pipe.next()
                self.assertEqual(answer["error"]["code"], code, line[:80])
                self.assertNotIn("null", json.dumps(answer.get("id", "")), "newer revisions omit an unreadable id")
                self.assertEqual(pipe.ask("ping")["result"], {})

    def test_blank_lines_carriage_returns_and_notifications_are_passed_over(self):
        with self.place.pipe() as pipe:
            pipe.write(b"\n  \n\r\n")
            pipe.notify("notifications/whatever")
            pipe.notify("notifications/cancelled", requestId=99)
            pipe.write(b'{"jsonrpc":"2.0","id":"text","result":{}}\n')
            pipe.write(b'{"jsonrpc":"2.0","id":"a","method":"ping"}\r\n')
            self.assertEqual(pipe.next(), {"jsonrpc": "2.0", "id": "a", "result": {}})

    def test_batches_belong_to_one_revision(self):
        with self.place.pipe(initialize="2025-03-26") as pipe:
            pipe.send([
                {"jsonrpc": "2.0", "id": 11, "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/x"},
                {"jsonrpc": "2.0", "id": 12, "method": "tools/call",
                 "params": {"name": "vault_run", "arguments": {"command": ["true"]}}},
                {"jsonrpc": "2.0", "id": 13, "method": "nonsense"}, 7,
            ])
            answers = pipe.next()
            self.assertEqual(len(answers), 4)
            found = {answer.get("id"): answer for answer in answers}
            self.assertEqual(found[11]["result"], {})
            self.assertEqual(found[12]["result"]["isError"], False)
            self.assertEqual(found[13]["error"]["code"], -32601)
            self.assertEqual(found[None]["error"]["code"], -32600)

    def test_a_request_may_come_in_pieces_and_many_at_once(self):
        with self.place.pipe() as pipe:
            for byte in b'{"jsonrpc":"2.0","id":"slow","method":"ping"}\n':
                pipe.write(bytes([byte]))
            self.assertEqual(pipe.next()["id"], "slow")
            pipe.write(b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"ping"}\n' % n for n in range(1000)))
            self.assertEqual([pipe.next()["id"] for _ in range(1000)], list(range(1000)))

    def test_output_is_always_utf8_whatever_a_program_prints(self):
        with self.place.pipe() as pipe:
            result = pipe.tool("vault_run", command=["printf", r"a\377\xed\xa0\x80\000b\342\200\250\n"])["result"]
            self.assertEqual(result["structuredContent"]["stdout"], "a\ufffd\ufffd\ufffd\ufffd\0b\u2028\n")
            pipe.write(
                b'{"jsonrpc":"2.0","id":"s","method":"tools/call","params":{"name":"vault_run","arguments":'
                b'{"command":["printf","%s","\\ud800|\\ud83d\\ude00"]}}}\n')
            answer = pipe.next()
            self.assertEqual(answer["result"]["structuredContent"]["stdout"], "\ufffd|\U0001f600")

    def test_large_output_is_cut_in_the_middle(self):
        with self.place.pipe() as pipe:
            script = "yes 'a line of output' | head -c 10485760; echo end; echo $DATABASE_URL"
            command = self.place.script("much", script)
            result = pipe.tool("vault_run", command=command)["result"]["structuredContent"]
            self.assertTrue(result["truncated"])
            self.assertTrue(result["stdout"].startswith("a line of output\n"))
            self.assertTrue(result["stdout"].endswith("end\n[redacted:DATABASE_URL]\n"))
            self.assertLess(len(result["stdout"]), 8192 + 200)
            self.assertIn("bytes are left out here", result["stdout"])

    def test_an_errors_text_stays_short_with_the_output_so_far(self):
        with self.place.pipe() as pipe:
            script = r"yes '\"\\' | head -c 100000; yes x | head -c 100000 >&2; sleep 30"
            result = pipe.tool("vault_run", command=["sh", "-c", script], timeout_seconds=1)["result"]
            self.assertTrue(result["isError"])
            self.assertLessEqual(len(result["content"][0]["text"]), 10_000)
            self.assertTrue(result["content"][0]["text"].startswith("command_timeout"))
            self.assertGreater(len(result["structuredContent"]["stdout"]), 8000)

    def test_no_answer_ever_repeats_a_value(self):
        with self.place.pipe() as pipe:
            value = "do-not-repeat-4711"
            for arguments in [
                {"name": "A", "value": value, "extra": value}, {"name": "A b", "value": value},
                {"name": ["A"], "value": value}, {"name": "A", "value": [value]}, {"value": value},
                {"name": "PATH", "value": value}, {"name": "A", "value": value}, {"name": "A", "value": value},
                {value: value},
            ]:
                for tool in ["vault_create_secret", "vault_update_secret"]:
                    number = pipe.request("tools/call", name=tool, arguments=arguments)
                    answer = pipe.next()
                    self.assertEqual(answer["id"], number)
                    self.assertNotIn(value, json.dumps(answer))

    def test_programs_find_an_empty_input_and_their_noise_stays_off_the_wire(self):
        with self.place.pipe() as pipe:
            result = pipe.tool("vault_run", command=["sh", "-c", "cat; ls /proc/self/fd | tr '\\n' ' '"])["result"]
            self.assertEqual(result["structuredContent"]["stdout"], "0 1 2 3 ")
            self.assertEqual(pipe.ask("ping")["result"], {})

    def test_a_run_does_not_hold_anything_up(self):
        with self.place.pipe() as pipe:
            slow = pipe.start("vault_run", command=["sleep", "30"])
            start = time.monotonic()
            self.assertEqual(pipe.ask("ping")["result"], {})
            self.assertFalse(pipe.tool("vault_status")["result"]["isError"])
            self.assertEqual(pipe.tool("vault_run", command=["true"])["result"]["structuredContent"]["exit_code"], 0)
            self.assertLess(time.monotonic() - start, 5)
            pipe.notify("notifications/cancelled", requestId=slow)

    def test_forty_runs_at_once_all_come_back_each_with_its_own_output(self):
        for number in range(4):
            self.place.store(f"KEY_{number}", f"value-of-number-{number}-xyz")
        show = self.place.script(
            "show", "sleep 0.2; env | grep -c '^KEY_'; printenv $1 | cut -c 1-16; echo $2; exit $2")
        with self.place.pipe() as pipe:
            for number in range(40):
                name = f"KEY_{number % 4}"
                pipe.send({"jsonrpc": "2.0", "id": f"r{number}", "method": "tools/call", "params": {
                    "name": "vault_run", "arguments": {
                        "command": [*show, name, str(number)], "secrets": [name]}}})
            found = {}
            for _ in range(40):
                answer = pipe.next(60)
                found[answer["id"]] = answer["result"]["structuredContent"]
            for number in range(40):
                content = found[f"r{number}"]
                self.assertEqual(content["exit_code"], number)
                self.assertEqual(content["stdout"], f"1\nvalue-of-number-\n{number}\n")
                self.assertEqual(content["secrets_injected"], [f"KEY_{number % 4}"])

    def test_a_second_request_with_the_id_of_one_under_way_is_refused(self):
        with self.place.pipe() as pipe:
            message = {"jsonrpc": "2.0", "id": "same", "method": "tools/call", "params": {
                "name": "vault_run", "arguments": {"command": ["sleep", "0.5"]}}}
            pipe.send(message)
            pipe.send(message)
            self.assertEqual(pipe.next()["error"]["code"], -32600)
            self.assertEqual(pipe.next()["result"]["isError"], False)

    def test_a_ticket_counts_for_its_call_once(self):
        os.rename(self.place.key, self.place.key + ".aside")
        able = MODERN | {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {}}}
        with self.place.pipe(initialize=None) as pipe:
            def call(arguments, **more):
                return pipe.ask("tools/call", name="vault_run", arguments=arguments, _meta=able, **more)
            asked = call({"command": ["true"]})["result"]
            self.assertEqual(asked["resultType"], "input_required")
            self.assertEqual(list(asked["inputRequests"]), ["unlocked"])
            yes = {"unlocked": {"action": "accept", "content": {"unlocked": True}}}
            state = asked["requestState"]
            for arguments, changed in [
                ({"command": ["false"]}, state), ({"command": ["true"]}, state[:-1] + ("0" if state[-1] != "0" else "1")),
                ({"command": ["true"]}, "x"), ({"command": ["true"]}, 7),
            ]:
                answer = call(arguments, inputResponses=yes, requestState=changed)
                self.assertEqual(answer["error"]["code"], -32602)
            os.rename(self.place.key + ".aside", self.place.key)
            answer = call({"command": ["true"]}, inputResponses=yes, requestState=state)
            self.assertEqual(answer["result"]["structuredContent"]["exit_code"], 0)
            answer = call({"command": ["true"]}, inputResponses=yes, requestState=state)
            self.assertEqual(answer["error"]["code"], -32602)

    def test_a_directory_that_is_swapped_for_a_link_never_leads_outside(self):
        outside = os.path.join(self.place.home, "outside")
        inside, link = (os.path.join(self.place.project, name) for name in ["inside", "link"])
        os.mkdir(outside)
        os.mkdir(inside)
        os.symlink(outside, link)
        libc = ctypes.CDLL(None)
        done = threading.Event()

        def swap():
            while not done.is_set():
                libc.renameat2(-100, inside.encode(), -100, link.encode(), 2)  # RENAME_EXCHANGE

        swapper = threading.Thread(target=swap)
        swapper.start()
        self.addCleanup(swapper.join)
        self.addCleanup(done.set)
        ends = set()
        with self.place.pipe() as pipe:
            for _ in range(80):
                result = pipe.tool("vault_run", command=["touch", "stolen"], work_dir="inside", secrets=[])["result"]
                ends.add(result["structuredContent"].get("error", {}).get("code", "ran"))
        self.assertFalse(os.path.exists(os.path.join(outside, "stolen")))
        self.assertTrue({"ran", "work_dir_refused"} <= ends, ends)

    def test_the_server_has_no_root_where_it_was_started_in_a_home(self):
        self.place.project = self.place.home
        with self.place.pipe() as pipe:
            result = pipe.tool("vault_run", command=["true"])["result"]["structuredContent"]
            self.assertEqual(result["error"]["code"], "work_dir_refused")
            self.assertIn("--root", result["error"]["hint"])
        os.mkdir(os.path.join(self.place.home, "other"))
        with self.place.pipe("--root", os.path.join(self.place.home, "other")) as pipe:
            result = pipe.tool("vault_run", command=["pwd"], work_dir="other")["result"]["structuredContent"]
            self.assertEqual(result["stdout"], os.path.join(self.place.home, "other") + "\n")

    def test_a_configuration_that_cannot_work_is_refused_at_the_start(self):
        for options, code in [
            (["--app", "nope"], "app_not_found"), (["--root", "/nope"], "work_dir_refused"),
            (["--nope"], "argument_invalid"), (["extra"], "argument_invalid"),
        ]:
            done = subprocess.run(
                self.place.command(*options), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                env=self.place.environment, cwd=self.place.project)
            self.assertEqual((done.returncode, done.stdout), (125, ""))
            self.assertIn(code, done.stderr)

    def test_random_bytes_never_end_it(self):
        generator = random.Random(20261125)
        seeds = [
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": "vault_secret_exists", "arguments": {"name": "A", "value": "x"}, "_meta": MODERN}}).encode(),
            b'{"jsonrpc":"2.0","id":"\\u00e9\\ud800","method":"ping","params":{"a":[1,-2.5e3,true,null]}}',
            b'[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}]',
        ]
        with self.place.pipe() as pipe:
            for round in range(40):
                lines = []
                for _ in range(50):
                    line = bytearray(generator.choice(seeds))
                    for _ in range(generator.randint(1, 6)):
                        position = generator.randrange(len(line))
                        match generator.randrange(3):
                            case 0: line[position] = generator.randrange(256)
                            case 1: del line[position:position + generator.randint(1, 8)]
                            case 2: line[position:position] = bytes(
                                generator.choice(b'{}[]",:\\u0123456789') for _ in range(3))
                        if not line:
                            line = bytearray(b"{")
                    lines.append(bytes(line).replace(b"\n", b" "))
                pipe.write(b"\n".join(lines) + b"\n")
                mark = f"mark-{round}"
                pipe.send({"jsonrpc": "2.0", "id": mark, "method": "ping"})
                while True:
                    answer = pipe.next()
                    self.assertIsNotNone(answer)
                    if isinstance(answer, dict) and answer.get("id") == mark:
                        break


class Life(unittest.TestCase):
    """How runs end: by the client's word, and with the client."""

    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)
        self.marker = f"{random.randrange(10**9, 10**10)}"

    def stubborn(self):
        """A command that ignores SIGTERM, has a child in a session of its own, and is found by its marker."""
        return ["sh", "-c", f"trap '' TERM; setsid sleep {self.marker} & sleep {self.marker} & echo up > up; wait; wait; "
                f"sleep {self.marker}"]

    def wait_for_start(self):
        self.assertTrue(wait_until(lambda: os.path.exists(os.path.join(self.place.project, "up"))))
        self.assertTrue(processes_with(self.marker))

    def expect_nothing_left(self, seconds):
        self.assertTrue(wait_until(lambda: not processes_with(self.marker), seconds), processes_with(self.marker))

    def test_a_cancelled_run_ends_without_an_answer(self):
        with self.place.pipe() as pipe:
            number = pipe.start("vault_run", {"progressToken": "t"}, command=self.stubborn())
            self.wait_for_start()
            pipe.notify("notifications/cancelled", requestId=number, reason="because")
            self.expect_nothing_left(3)
            self.assertEqual(pipe.next()["method"], "notifications/progress")
            self.assertEqual(pipe.ask("ping")["result"], {})
            self.assertIsNone(pipe.next(0.5))

    def test_a_cancelled_program_may_tidy_up_first(self):
        with self.place.pipe() as pipe:
            number = pipe.start("vault_run", command=["sh", "-c", "trap 'echo tidy > tidied; exit' TERM; echo up > up; "
                                                      "sleep 30 & wait"])
            self.assertTrue(wait_until(lambda: os.path.exists(os.path.join(self.place.project, "up"))))
            pipe.notify("notifications/cancelled", requestId=number)
            self.assertTrue(wait_until(lambda: os.path.exists(os.path.join(self.place.project, "tidied"))))

    def test_a_run_that_waits_for_its_turn_can_be_cancelled(self):
        with self.place.pipe() as pipe:
            numbers = [pipe.start("vault_run", command=["sleep", self.marker]) for _ in range(16)]
            self.assertTrue(wait_until(lambda: len(processes_with(self.marker)) >= 16))
            waiting = pipe.start("vault_run", command=["touch", "was-run"])
            pipe.notify("notifications/cancelled", requestId=waiting)
            for number in numbers:
                pipe.notify("notifications/cancelled", requestId=number)
            self.expect_nothing_left(5)
            self.assertEqual(pipe.tool("vault_run", command=["true"])["result"]["isError"], False)
            self.assertFalse(os.path.exists(os.path.join(self.place.project, "was-run")))

    def test_progress_comes_at_once_grows_and_stops_with_the_answer(self):
        with self.place.pipe() as pipe:
            number = pipe.start("vault_run", {"progressToken": 77}, command=["sh", "-c", "echo secretly; sleep 6"])
            first = pipe.next(1)
            self.assertEqual(first["method"], "notifications/progress")
            reports = [first]
            while (message := pipe.next())["method" if "method" in message else "id"] == "notifications/progress":
                reports.append(message)
            self.assertEqual(message["id"], number)
            self.assertGreaterEqual(len(reports), 2)
            values = [report["params"]["progress"] for report in reports]
            self.assertEqual(values, sorted(set(values)))
            self.assertTrue(all(report["params"]["progressToken"] == 77 for report in reports))
            self.assertNotIn("secretly", json.dumps(reports))
            self.assertIsNone(pipe.next(5.5))

    def test_no_progress_without_a_token(self):
        with self.place.pipe() as pipe:
            number = pipe.start("vault_run", command=["sleep", "5.5"])
            self.assertEqual(pipe.next()["id"], number)

    def end(self, how):
        with self.place.pipe() as pipe:
            pipe.start("vault_run", command=self.stubborn())
            self.wait_for_start()
            start = time.monotonic()
            how(pipe.process)
            status = pipe.process.wait(5)
            self.assertLess(time.monotonic() - start, 1)
            self.expect_nothing_left(2)
            return status

    def test_the_end_of_input_ends_every_run_and_the_server(self):
        self.assertEqual(self.end(lambda process: process.stdin.close()), 0)

    def test_signals_end_every_run_and_the_server(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            self.assertEqual(self.end(lambda process: process.send_signal(number)), 128 + number)
            os.remove(os.path.join(self.place.project, "up"))

    def test_a_killed_server_leaves_nothing_behind(self):
        self.assertEqual(self.end(lambda process: process.kill()), -signal.SIGKILL)

    def test_a_client_that_dies_mid_run_leaves_nothing_behind(self):
        script = (
            "import subprocess, sys, time, json\n"
            "p = subprocess.Popen(sys.argv[1:4], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
            "for line in sys.argv[5:]: p.stdin.write(line.encode() + b'\\n')\n"
            "p.stdin.flush(); time.sleep(60)\n")
        messages = [
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
                "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}},
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": "vault_run", "arguments": {"command": self.stubborn()}}},
        ]
        client = subprocess.Popen(
            [sys.executable, "-c", script, *self.place.command()[:2], "--key-file=" + self.place.key, "--",
             *map(json.dumps, messages)], env=self.place.environment, cwd=self.place.project)
        self.wait_for_start()
        client.kill()
        client.wait()
        self.expect_nothing_left(3)
        self.assertTrue(wait_until(lambda: not processes_with(self.place.key), 3))

    def test_a_client_that_does_not_read_does_not_stop_the_end(self):
        with self.place.pipe() as pipe:
            for _ in range(100):
                pipe.request("tools/list")
            time.sleep(0.5)
            start = time.monotonic()
            pipe.process.send_signal(signal.SIGTERM)
            pipe.process.wait(5)
            self.assertLess(time.monotonic() - start, 1.2)

    def test_finished_answers_come_out_before_the_end(self):
        with self.place.pipe() as pipe:
            number = pipe.start("vault_status")
            pipe.process.stdin.close()
            self.assertEqual(pipe.next()["id"], number)
            self.assertEqual(pipe.process.wait(5), 0)


class Endurance(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)

    @staticmethod
    def resident(process):
        with open(f"/proc/{process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    @staticmethod
    def descriptors(process):
        return len(os.listdir(f"/proc/{process.pid}/fd"))

    def test_ten_thousand_calls_leave_memory_and_descriptors_flat(self):
        calls = [
            ("vault_secret_exists", {"name": "DATABASE_URL"}), ("vault_list_secrets", {}),
            ("vault_run", {"command": []}), ("vault_secret_exists", {"nam": 1}), ("vault_status", {}),
        ]
        with self.place.pipe() as pipe:
            def some(count):
                for number in range(count):
                    name, arguments = calls[number % len(calls)]
                    pipe.tool(name, None, **arguments) if "name" not in arguments else pipe.ask(
                        "tools/call", name=name, arguments=arguments)
            def runs(count):
                for _ in range(count):
                    self.assertFalse(pipe.tool("vault_run", command=["true"])["result"]["isError"])
            some(1000)
            runs(50)
            memory, open_files = self.resident(pipe.process), self.descriptors(pipe.process)
            some(9000)
            runs(300)
            self.assertLess(self.resident(pipe.process), memory + 4096)
            # The last call lets go of its own after its answer.
            self.assertTrue(wait_until(lambda: self.descriptors(pipe.process) <= open_files))

    def test_listing_ten_thousand_costs_at_most_three_times_listing_a_hundred(self):
        for app, count in [("small", 100), ("large", 10_000)]:
            self.place.call("app", "create", app, "--key-file", self.place.key)
            lines = "".join(f"SECRET_{number:05}=value-{number:08}\n" for number in range(count))
            self.place.call("secret", "import", "--app", app, "-", input=lines)
        with self.place.pipe("--app", "small") as small, self.place.pipe("--app", "large") as large:
            times = {id(small): [], id(large): []}
            for _ in range(60):
                for pipe, total in [(small, 100), (large, 10_000)]:
                    start = time.perf_counter()
                    content = pipe.tool("vault_list_secrets")["result"]["structuredContent"]
                    times[id(pipe)].append(time.perf_counter() - start)
                    self.assertEqual((content["total"], len(content["secrets"])), (total, 100))
            median = lambda values: sorted(values)[len(values) // 2]
            self.assertLessEqual(median(times[id(large)]), 3 * median(times[id(small)]))


if __name__ == "__main__":
    unittest.main()
