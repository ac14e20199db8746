"""A caller that chooses work_dir so that the policy's rules mean something else."""

import os
import unittest

from workplace import Workplace

POLICY = """version = 1
extends = ["default"]

[filesystem]
mask = ["$WORK_DIR/secrets", "$WORK_DIR/config/.env", "$WORK_DIR/*/token", "$WORK_DIR/vault-*"]
protect = ["$WORK_DIR/ci", "$WORK_DIR/config/later.sh"]
"""
KEPT = "kept-from-the-run"


class Ancestors(unittest.TestCase):
    """What holds in a root holds in each directory below it that a caller starts in."""

    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)

    def path(self, name):
        return os.path.join(self.place.project, name)

    def make(self, name, text=KEPT):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def text(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def pin(self, text=POLICY):
        policy = os.path.join(self.place.home, "narrow.toml")
        with open(policy, "w") as file:
            file.write(text)
        self.place.call("app", "policy", "default", policy)

    def run_in(self, work_dir, *command, options=()):
        with self.place.pipe(*options) as pipe:
            result = pipe.tool("vault_run", command=list(command), work_dir=work_dir, secrets=[])["result"]
        self.assertNotIn(KEPT, str(result))
        return result["structuredContent"]

    def expect_refused(self, work_dir, *says, options=()):
        """The directory is refused, and whoever asked is told by which rule and what to do."""
        content = self.run_in(work_dir, "sh", "-c", "cat k .env token; touch made", options=options)
        error = content.get("error", {})
        self.assertEqual(error.get("code"), "work_dir_refused", content)
        for text in says:
            self.assertIn(text, error["message"])
        self.assertIn("outside", error["hint"])
        self.assertIn("change the policy", error["hint"])
        self.assertFalse(os.path.exists(os.path.join(self.place.project, work_dir, "made")))

    def test_a_masked_directory_is_no_work_directory_by_whatever_name(self):
        self.pin()
        self.make("secrets/k")
        self.make("secrets/deep/k")
        self.make("vault-1/k")
        os.makedirs(self.path("plain"))
        os.symlink("../secrets", self.path("plain/link"))
        rule = ["mask", "$WORK_DIR/secrets", "narrow.toml:5:9"]
        for name in ["secrets", "secrets/deep", "./plain/../secrets/", self.path("secrets"), "plain/link"]:
            self.expect_refused(name, *rule)
        self.expect_refused("vault-1", "$WORK_DIR/vault-*", "narrow.toml:5:")

    def test_a_rule_that_names_a_link_holds_for_what_it_leads_to(self):
        self.pin()
        self.make("store/k")
        os.symlink("store", self.path("secrets"))
        self.expect_refused("store", "$WORK_DIR/secrets")

    def test_a_protected_directory_is_no_work_directory(self):
        self.pin()
        self.make("ci/run.sh")
        self.make("ci/steps/run.sh")
        for name in ["ci", "ci/steps"]:
            self.expect_refused(name, "protect", "$WORK_DIR/ci", "narrow.toml:6:12")

    def test_the_policy_that_is_built_in_holds_as_well(self):
        os.makedirs(self.path(".vscode/parts"))
        os.makedirs(self.path("sub/.idea"))
        self.expect_refused(".vscode", "$WORK_DIR/.vscode", "default:")
        self.expect_refused(".vscode/parts", "$WORK_DIR/.vscode")
        self.expect_refused("sub/.idea", "$WORK_DIR/.idea")

    def test_a_rule_holds_from_each_directory_on_the_way(self):
        self.pin()
        self.make("sub/secrets/k")
        self.make("sub/config/.env")
        self.expect_refused("sub/secrets", "$WORK_DIR/secrets", self.path("sub"))
        content = self.run_in("sub/config", "cat", ".env")
        self.assertEqual(content["stdout"], "")

    def test_a_path_that_is_spelled_out_holds_inside_the_root_too(self):
        self.pin(POLICY.replace("$WORK_DIR/secrets", self.path("secrets")))
        self.make("secrets/deep/k")
        for name in ["secrets", "secrets/deep"]:
            self.expect_refused(name, self.path("secrets"))

    def test_what_hides_the_folder_around_the_root_shows_the_root_as_before(self):
        self.pin(POLICY.replace("$WORK_DIR/secrets", self.place.home))
        self.make("plain/x", "seen")
        self.assertEqual(self.run_in("plain", "cat", "x")["stdout"], "seen")

    def test_what_is_masked_or_protected_inside_the_chosen_directory_stays_so(self):
        self.pin()
        self.make("config/.env")
        self.make("config/token")
        content = self.run_in("config", "sh", "-c", "cat .env token; echo x > .env; mv .env moved; echo end")
        self.assertEqual(content["stdout"], "end\n")
        self.assertEqual((self.text("config/.env"), self.text("config/token")), (KEPT, KEPT))
        self.make("config/later.sh")
        content = self.run_in("config", "sh", "-c", "echo x >> later.sh; rm -f later.sh; mv later.sh moved")
        self.assertNotEqual(content["exit_code"], 0)
        self.assertEqual(self.text("config/later.sh"), KEPT)

    def test_a_masked_file_with_another_name_is_refused_as_in_the_root(self):
        self.pin()
        self.make("config/.env")
        os.link(self.path("config/.env"), self.path("config/other"))
        codes = {name: self.run_in(name, "cat", "config/other", "other")["error"]["code"] for name in [".", "config"]}
        self.assertEqual(codes["."], codes["config"])

    def test_what_is_protected_and_missing_is_reported_when_the_run_makes_it(self):
        self.pin()
        os.makedirs(self.path("config"))
        content = self.run_in("config", "sh", "-c", "echo x > later.sh; echo x > plain.sh")
        self.assertEqual(content["written_traps"], ["later.sh"])

    def test_a_submodule_below_is_protected_as_in_the_root(self):
        os.makedirs(self.path(".git/hooks"))
        self.make(".gitmodules", '[submodule "m"]\n\tpath = deep/er/mod\n')
        os.makedirs(self.path("deep/er/mod/.git/hooks"))
        content = self.run_in("deep", "sh", "-c", "echo x > er/mod/.git/hooks/pre-commit")
        self.assertNotEqual(content["exit_code"], 0)
        self.assertEqual(os.listdir(self.path("deep/er/mod/.git/hooks")), [])

    def test_another_root_further_in_lifts_nothing(self):
        self.pin()
        self.make("secrets/k")
        self.make("config/.env")
        options = ["--root", self.path("secrets"), "--root", self.path("config")]
        self.expect_refused("secrets", "$WORK_DIR/secrets", options=options)
        self.assertEqual(self.run_in("config", "cat", ".env", options=options)["stdout"], "")

    def test_other_directories_are_worked_in_as_before(self):
        self.pin()
        self.make("secrets/k")
        self.make("secretsx/k", "seen")
        self.make("sub/ci2/x", "seen")
        for name, file in [("secretsx", "k"), ("sub", "ci2/x"), ("sub/ci2", "x")]:
            content = self.run_in(name, "sh", "-c", f"cat {file}; echo made > new")
            self.assertEqual((content["exit_code"], content["stdout"]), (0, "seen"))
            self.assertEqual(self.text(name + "/new"), "made\n")

    def test_a_directory_that_lies_too_deep_is_refused(self):
        self.pin()
        os.makedirs(self.path("/".join("d" * 70)))
        self.assertEqual(self.run_in("/".join("d" * 60), "pwd")["exit_code"], 0)
        error = self.run_in("/".join("d" * 70), "pwd")["error"]
        self.assertEqual(error["code"], "work_dir_refused")
        self.assertIn("64", error["message"])


if __name__ == "__main__":
    unittest.main()
