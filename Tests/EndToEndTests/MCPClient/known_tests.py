"""A client that takes a value out by a call that does not get it: what one call leaves, another one reads."""

import contextlib
import json
import os
import sqlite3
import time
import unittest

from workplace import Workplace, wait_until

# The clock that changes are stamped with, which the time module does not name.
CLOCK_REALTIME_COARSE = 5
TOKEN = "9tq4Wz7eKq81LmPx02"
LATER = "Vn3rB6yHd0sTj5uXc7"


class Known(unittest.TestCase):
    """Whatever reaches the client has every value of the app replaced, whoever got it."""

    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)
        self.place.store("TOK", TOKEN)

    def path(self, name):
        return os.path.join(self.place.project, name)

    def without(self, pipe, *command, values=(TOKEN,), **more):
        """The result of a run that gets no secret, in which no value may stand."""
        result = pipe.tool("vault_run", command=list(command), secrets=[], **more)["result"]
        for value in values:
            self.assertNotIn(value, json.dumps(result))
        return result["structuredContent"]

    def leave(self, pipe, text='printenv TOK > leak'):
        """A run that gets the secret and leaves it somewhere."""
        result = pipe.tool("vault_run", command=self.place.script("leave", text), secrets=["TOK"])["result"]
        self.assertFalse(result["isError"], result)
        self.assertNotIn(TOKEN, json.dumps(result))
        return result["structuredContent"]

    def test_a_run_that_gets_the_secret_is_redacted(self):
        with self.place.pipe() as pipe:
            self.assertEqual(self.leave(pipe, "printenv TOK")["stdout"], "[redacted:TOK]\n")

    def test_the_content_of_a_file(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
            content = self.without(pipe, "cat", "leak")
            self.assertEqual(content["stdout"], "[redacted:TOK]\n")
            self.assertEqual(content["redactions"], {"TOK": 1})
            self.assertEqual((content["secrets_injected"], content["not_redacted"]), ([], []))
            other = pipe.tool("vault_run", command=["base64", "leak"], secrets=["DATABASE_URL"])["result"]
            self.assertEqual(other["structuredContent"]["redaction_forms"], {"TOK": {"base64": 1}})
            self.assertEqual(other["structuredContent"]["secrets_injected"], ["DATABASE_URL"])

    def test_what_an_earlier_session_or_a_command_in_a_shell_left(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
        with self.place.pipe() as pipe:
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], "[redacted:TOK]\n")

    def test_the_name_of_a_file(self):
        with self.place.pipe() as pipe:
            self.leave(pipe, 'mkdir d; touch "d/F$TOK"')
            self.assertEqual(self.without(pipe, "ls", "d")["stdout"], "F[redacted:TOK]\n")

    def test_files_are_told_of_that_a_run_without_the_secret_wrote_it_to(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
            # What changed in the tick of the file system's clock in which a run starts counts as the run's, too.
            changed = os.stat(self.path("leak")).st_ctime_ns
            self.assertTrue(wait_until(lambda: time.clock_gettime_ns(CLOCK_REALTIME_COARSE) > changed))
            content = self.without(pipe, "cp", "leak", "copy")
            self.assertEqual([(file["path"], file["secret"]) for file in content["written_secrets"]], [("copy", "TOK")])

    def side_by_side(self, pipe, between):
        """A run without the secret that reads what a run beside it leaves, the whole time."""
        reader = self.place.script("read", "echo up > up; until test -e leak; do sleep 0.05; done; cat leak; ls d")
        number = pipe.start("vault_run", command=reader, secrets=[])
        self.assertTrue(wait_until(lambda: os.path.exists(self.path("up"))))
        between()
        writer = self.place.script("leave", 'mkdir d; touch "d/F$TOK"; printenv TOK > part; mv part leak')
        other = pipe.start("vault_run", command=writer, secrets=["TOK"])
        answers = {answer["id"]: answer for answer in [pipe.next(), pipe.next()]}
        self.assertEqual(answers[other]["result"]["isError"], False)
        for value in [TOKEN, LATER]:
            self.assertNotIn(value, json.dumps(answers))
        content = answers[number]["result"]["structuredContent"]
        self.assertEqual(content["stdout"], "[redacted:TOK]\nF[redacted:TOK]\n")
        self.assertEqual(content["redactions"], {"TOK": 2})

    def test_two_runs_side_by_side(self):
        with self.place.pipe() as pipe:
            self.side_by_side(pipe, lambda: None)

    def test_two_runs_side_by_side_and_a_new_value_between(self):
        with self.place.pipe() as pipe:
            self.side_by_side(pipe, lambda: self.place.store("TOK", LATER))

    def test_two_runs_side_by_side_and_the_vault_unlocked_between(self):
        os.rename(self.place.key, self.place.key + ".aside")
        with self.place.pipe() as pipe:
            self.side_by_side(pipe, lambda: os.rename(self.place.key + ".aside", self.place.key))

    def test_errors_name_what_the_caller_wrote_and_not_what_it_means(self):
        for number, make in enumerate([
            'ln -s "F$TOK" l0', 'touch "F$TOK"; ln -s "F$TOK" l1', 'mkdir -p "G$TOK/.vscode"; ln -s "G$TOK/.vscode" l2',
            'mkdir "H$TOK"; chmod 777 "H$TOK"; chmod +t "H$TOK"; ln -s "H$TOK" l3',
            'p="I$TOK"; for n in $(seq 66); do p=$p/d; done; mkdir -p "$p"; ln -s "$p" l4',
            'p="J$TOK"; mkdir -p "$p/refs" "$p/objects"; touch "$p/HEAD"; ln -s "$p" l5',
        ]):
            with self.place.pipe() as pipe:
                self.leave(pipe, make)
            # Even a server that cannot know the value does not show it.
            for unlocked in [True, False]:
                if not unlocked:
                    os.rename(self.place.key, self.place.key + ".aside")
                with self.place.pipe() as pipe:
                    for name in [f"l{number}", f"l{number}/missing"]:
                        error = self.without(pipe, "true", work_dir=name)["error"]
                        self.assertEqual(error["code"], "work_dir_refused", make)
                        self.assertIn(self.path(name), error["message"])
                if not unlocked:
                    os.rename(self.place.key + ".aside", self.place.key)

    def test_errors_that_name_what_a_run_made(self):
        with self.place.pipe() as pipe:
            self.leave(pipe, 'printf "#!/F$TOK\\n" > s; chmod +x s; mkdir "K$TOK"; ln -s "K$TOK" k; echo x > "k/F$TOK"')
            self.without(pipe, "./s")
            self.without(pipe, "./missing/s")
            self.without(pipe, "cat", "k/.", work_dir="k")
            self.without(pipe, "pwd", work_dir="k")
            error = self.without(pipe, "./none", work_dir="k")["error"]
            self.assertEqual(error["code"], "command_not_found")

    def test_a_value_in_a_path_that_the_caller_names_is_replaced(self):
        with self.place.pipe() as pipe:
            error = self.without(pipe, "true", work_dir="x-" + TOKEN)["error"]
            self.assertIn("x-[redacted:TOK]", error["message"])

    def test_a_new_value_and_the_one_before(self):
        with self.place.pipe() as pipe:
            self.leave(pipe, "printenv TOK > first")
            self.place.store("TOK", LATER)
            self.leave(pipe, "printenv TOK > second")
            content = self.without(pipe, "cat", "first", "second", values=(TOKEN, LATER))
            self.assertEqual(content["stdout"], "[redacted:TOK]\n[redacted:TOK]\n")
        with self.place.pipe() as pipe:
            self.without(pipe, "cat", "first", "second", values=(TOKEN, LATER))

    def test_no_tool_takes_a_value_out_of_what_is_known(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
        with self.place.pipe() as pipe:
            pipe.tool("vault_update_secret", name="TOK", value=LATER)
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], "[redacted:TOK]\n")
            pipe.tool("vault_delete_secret", name="TOK")
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], "[redacted:TOK]\n")

    def test_without_a_key_what_was_delivered_is_still_known(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
            self.place.store("TOK", LATER)
            os.rename(self.place.key, self.place.key + ".aside")
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], "[redacted:TOK]\n")
            error = self.without(pipe, "true", work_dir="x-" + TOKEN)["error"]
            self.assertIn("x-[redacted:TOK]", error["message"])
        with self.place.pipe() as pipe:
            content = pipe.tool("vault_run", command=["echo", "as ever"], secrets=[])["result"]["structuredContent"]
            self.assertEqual(content["stdout"], "as ever\n")

    def test_a_key_that_does_not_fit_is_as_none(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
            other = Workplace()
            self.addCleanup(other.close)
            os.replace(other.key, self.place.key)
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], "[redacted:TOK]\n")

    def test_a_vault_in_which_a_value_was_altered_is_no_reason_to_show_it(self):
        with self.place.pipe() as pipe:
            self.leave(pipe)
        self.place.store("TOK", LATER)
        path = next(os.path.join(folder, "vault.db") for folder, _, files in os.walk(self.place.home)
                    if "vault.db" in files)
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE secret_version SET box = zeroblob(length(box)) WHERE number = 1")
        with self.place.pipe() as pipe:
            for more in [{}, {"work_dir": "x-" + TOKEN}]:
                self.assertEqual(self.without(pipe, "cat", "leak", **more)["error"]["code"], "decryption_failed")

    def pin(self, text):
        policy = os.path.join(self.place.home, "pinned.toml")
        with open(policy, "w") as file:
            file.write('version = 1\nextends = ["default"]\n\n[redaction]\n' + text)
        self.place.call("app", "policy", "default", policy)

    def test_the_policys_options_hold(self):
        self.place.store("TINY", "q7z!")
        with open(self.path("leak"), "w") as file:
            file.write(f"q7z! {TOKEN[:15]}\n")
        with self.place.pipe() as pipe:
            content = self.without(pipe, "cat", "leak", values=())
            self.assertEqual((content["stdout"][:5], content["not_redacted"]), ("q7z! ", []))
            self.pin("minimum_length = 4\nwindows = false\n")
            self.assertEqual(self.without(pipe, "cat", "leak")["stdout"], f"[redacted:TINY] {TOKEN[:15]}\n")
            error = self.without(pipe, "true", work_dir="x-q7z!", values=("q7z!",))["error"]
            self.assertIn("[redacted:TINY]", error["message"])

    def test_a_decoy_is_told_from_a_secret_of_its_name(self):
        self.pin('decoys = ["TOK"]\non_decoy = "end"\n')
        with open(self.path("leak"), "w") as file:
            file.write(TOKEN + "\n")
        with self.place.pipe() as pipe:
            content = self.without(pipe, "cat", "leak")
            self.assertEqual((content["stdout"], content["decoys"]), ("[redacted:vault TOK]\n", {}))
            content = self.without(pipe, *self.place.script("show", "printenv TOK; cat leak; sleep 9"))
            self.assertEqual((content["error"]["code"], content["decoys"]), ("decoy_touched", {"TOK": 1}))

    def test_a_secret_of_another_app_is_its_own(self):
        self.place.call("app", "create", "other", "--key-file", self.place.key)
        with self.place.pipe() as pipe, self.place.pipe("--app", "other") as other:
            self.leave(pipe)
            content = other.tool("vault_run", command=["cat", "leak"], secrets=[])["result"]["structuredContent"]
            self.assertEqual(content["stdout"], TOKEN + "\n")


if __name__ == "__main__":
    unittest.main()
