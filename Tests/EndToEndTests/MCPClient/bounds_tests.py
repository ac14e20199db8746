"""A command that would fill the client's memory by what it leaves."""

import json
import subprocess
import unittest

from workplace import Workplace

FLOOD = """
import os
for i in range(60):
    os.mkdir("r%d" % i)
    os.symlink("../elsewhere", "r%d/.git" % i)
for i in range(1500):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
for i in range(50):
    open("f%d" % i, "w").write(os.environ["DATABASE_URL"])
"""


class Bounds(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)
        # No path reaches so deep; rm walks there.
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", "d" * 200], cwd=self.place.project, check=True))

    def flood(self, then=""):
        self.place.script("flood.py", FLOOD + then)
        return ["python3", "flood.py"]

    def test_a_flood_of_deep_files_leaves_a_small_answer(self):
        with self.place.pipe() as pipe:
            answer = pipe.tool("vault_run", command=self.flood())
        content = answer["result"]["structuredContent"]
        self.assertEqual(content["exit_code"], 0, content["stderr"])
        self.assertLess(len(json.dumps(answer)), 200_000)
        self.assertEqual(len(content["written_secrets"]), 50)
        self.assertEqual(len(content["written_traps"]), 50)
        self.assertEqual(content["written_omitted"], 10)
        self.assertIn("ddd…ddd", content["written_secrets"][0]["path"])

    def test_an_error_over_it_stays_short_enough_for_a_client(self):
        with self.place.pipe() as pipe:
            command = self.flood("os.execlp('sleep', 'sleep', '60')")
            answer = pipe.tool("vault_run", command=command, timeout_seconds=5)
        self.assertTrue(answer["result"]["isError"])
        text = answer["result"]["content"][0]["text"]
        self.assertTrue(text.startswith("command_timeout: "), text[:100])
        self.assertLessEqual(len(text), 10_000)


if __name__ == "__main__":
    unittest.main()
