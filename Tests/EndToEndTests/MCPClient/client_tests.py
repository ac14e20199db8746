"""The server with the reference client: each tool, each error, all modes."""

import asyncio
import json
import os
import unittest

import jsonschema
from mcp.shared.exceptions import MCPError
from mcp_types import methods

from workplace import MODES, VALUE, Workplace

FIRST_FIVE = {"exit_code", "stdout", "stderr", "secrets_injected", "timed_out"}


class Tools(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.close)

    async def each_mode(self, body, **more):
        for mode in MODES:
            with self.subTest(mode=mode):
                async with self.place.client(mode, **more) as client:
                    await body(client)

    async def test_the_modes_reach_both_eras(self):
        versions = []
        for mode in MODES:
            async with self.place.client(mode) as client:
                versions.append(client.protocol_version)
        self.assertEqual(versions, ["2026-07-28", "2025-11-25", "2026-07-28"])

    async def test_there_are_seven_tools_in_order_each_fully_described(self):
        async def body(client):
            tools = (await client.list_tools()).tools
            self.assertEqual([tool.name for tool in tools], [
                "vault_run", "vault_list_secrets", "vault_secret_exists", "vault_create_secret",
                "vault_update_secret", "vault_delete_secret", "vault_status"])
            for tool in tools:
                self.assertTrue(tool.title and tool.description and tool.annotations)
                self.assertLessEqual(len(tool.description.encode()), 2048)
                self.assertIs(tool.input_schema["additionalProperties"], False)
                self.assertEqual(tool.output_schema["type"], "object")
                jsonschema.Draft202012Validator.check_schema(tool.input_schema)
                jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            self.assertEqual(tools[0].input_schema["properties"]["timeout_seconds"]["maximum"], 3600)
        await self.each_mode(body)

    async def test_a_command_gets_its_secret_and_its_output_is_redacted(self):
        show = self.place.script("show", "echo $DATABASE_URL; echo $DATABASE_URL | base64; exit 3")
        async def body(client):
            result = await client.call_tool("vault_run", {"command": show, "secrets": ["DATABASE_URL"]})
            content = result.structured_content
            self.assertFalse(result.is_error)
            self.assertTrue(FIRST_FIVE <= set(content))
            self.assertEqual(content["exit_code"], 3)
            self.assertEqual(content["stdout"], "[redacted:DATABASE_URL]\n[redacted:DATABASE_URL]\n")
            self.assertEqual(content["secrets_injected"], ["DATABASE_URL"])
            self.assertIn("network is off", content["note"])
            self.assertEqual(json.loads(result.content[0].text), content)
            self.assertNotIn("9tq4", str(result))
        await self.each_mode(body)

    async def test_secrets_left_out_are_all_and_an_empty_list_is_none(self):
        self.place.store("OTHER", "another-long-value")
        show = self.place.script("show", "env")
        async def body(client):
            result = await client.call_tool("vault_run", {"command": ["true"]})
            self.assertEqual(result.structured_content["secrets_injected"], ["DATABASE_URL", "OTHER"])
            result = await client.call_tool("vault_run", {"command": show, "secrets": []})
            self.assertEqual(result.structured_content["secrets_injected"], [])
            self.assertNotIn("DATABASE_URL", result.structured_content["stdout"])
        await self.each_mode(body)

    async def test_a_secret_lives_from_its_creation_to_its_end(self):
        measure = self.place.script("measure", "printf %s $MADE | wc -c")
        async def body(client):
            call = client.call_tool
            created = await call("vault_create_secret", {"name": "MADE", "value": "made-up-value-1\n"})
            self.assertEqual(created.structured_content["name"], "MADE")
            self.assertNotIn("made-up", str(created))
            taken = await call("vault_create_secret", {"name": "MADE", "value": "made-up-value-2"})
            self.assertEqual(taken.structured_content["error"]["code"], "exists_already")
            updated = await call("vault_update_secret", {"name": "MADE", "value": "made-up-value-3"})
            self.assertEqual(updated.structured_content["version"], created.structured_content["version"] + 1)
            self.assertTrue((await call("vault_secret_exists", {"name": "MADE"})).structured_content["exists"])
            length = await call("vault_run", {"command": measure, "secrets": ["MADE"]})
            self.assertEqual(length.structured_content["stdout"].strip(), "15")
            self.assertEqual((await call("vault_delete_secret", {"name": "MADE"})).structured_content, {"deleted": True})
            self.assertFalse((await call("vault_secret_exists", {"name": "MADE"})).structured_content["exists"])
            gone = await call("vault_update_secret", {"name": "MADE", "value": "made-up-value-4"})
            self.assertEqual(gone.structured_content["error"]["code"], "secret_not_found")
        await self.each_mode(body)

    async def test_a_listing_has_names_and_metadata_only_a_page_at_a_time(self):
        for number in range(5):
            self.place.store(f"LISTED_{number}", f"listed-value-{number}")
        async def body(client):
            result = await client.call_tool("vault_list_secrets", {"prefix": "LISTED_", "limit": 2})
            self.assertEqual([s["name"] for s in result.structured_content["secrets"]], ["LISTED_0", "LISTED_1"])
            self.assertEqual(result.structured_content["total"], 5)
            self.assertEqual(
                set(result.structured_content["secrets"][0]), {"name", "deliver", "version", "updated_at"})
            self.assertNotIn("listed-value", str(result))
        await self.each_mode(body)

    async def test_the_status_names_everything_that_an_assistant_must_know(self):
        async def body(client):
            status = (await client.call_tool("vault_status", {})).structured_content
            self.assertEqual(status["unlocked"], True)
            self.assertEqual(status["app"], "default")
            self.assertEqual(status["policy"], "default")
            self.assertEqual(status["timeout_max_seconds"], 3600)
            self.assertEqual(status["roots"], [self.place.project])
        await self.each_mode(body)

    async def expect(self, client, code, tool, arguments, *, says=()):
        result = await client.call_tool(tool, arguments)
        self.assertTrue(result.is_error, result)
        error = result.structured_content["error"]
        self.assertEqual(error["code"], code)
        self.assertTrue(result.content[0].text.startswith(code))
        self.assertLessEqual(len(result.content[0].text), 10_000)
        for text in says:
            self.assertIn(text, error["message"] + " " + (error.get("hint") or ""))
        return result

    async def test_a_command_that_would_let_a_secret_out_is_blocked_unless_a_person_allows_it(self):
        from mcp_types import ElicitResult
        leak = {"command": ["sh", "-c", "echo $DATABASE_URL"], "secrets": ["DATABASE_URL"]}
        async def body(client):
            result = await self.expect(client, "command_blocked", "vault_run", leak)
            self.assertIn("vault_run blocked: ", result.content[0].text)
            status = (await client.call_tool("vault_status", {})).structured_content
            self.assertEqual((status["intercept_mode"], status["intercepted_count"]), ("block", 1))
        await self.each_mode(body)
        async def allow(_context, parameters):
            self.assertEqual(list(parameters.requested_schema["properties"]), ["allow_once"])
            return ElicitResult(action="accept", content={"allow_once": True})
        async def allowed(client):
            result = await client.call_tool("vault_run", leak)
            self.assertEqual(result.structured_content["stdout"], "[redacted:DATABASE_URL]\n")
            self.assertTrue(result.structured_content["warnings"])
        await self.each_mode(allowed, elicitation_callback=allow)

    async def test_every_mistake_is_named_with_its_remedy(self):
        inside = os.path.join(self.place.project, "inside")
        os.mkdir(inside)
        os.symlink("/usr/share", os.path.join(self.place.project, "outward"))
        async def body(client):
            run = lambda code, says=(), **more: self.expect(
                client, code, "vault_run", {"command": ["true"]} | more, says=says)
            await run("argument_invalid", ["command is empty"], command=[])
            await run("argument_invalid", ["list of strings"], command="true")
            await run("argument_invalid", ["list of strings"], command=["true", 1])
            await run("argument_invalid", ["did you mean secrets"], secret=["X"])
            await run("argument_invalid", ["NUL"], command=["true\0"])
            await run("argument_invalid", ["3600"], timeout_seconds=3601)
            await run("argument_invalid", ["above 0"], timeout_seconds=0)
            await run("argument_invalid", ["number"], timeout_seconds="5")
            await run("argument_invalid", ["twice"], secrets=["DATABASE_URL", "DATABASE_URL"])
            await run(
                "secret_not_found", ["NOPE", "NADA", "vault_list_secrets"], secrets=["NOPE", "NADA", "DATABASE_URL"])
            await run("secret_not_found", ["did you mean DATABASE_URL"], secrets=["DATABASE_URI"])
            await run("command_not_found", ["searched"], command=["no-such-program"])
            await run("command_not_executable", command=["/etc/passwd"])
            await run("work_dir_refused", [self.place.project], work_dir="/usr/share")
            await run("work_dir_refused", work_dir="outward")
            await run("work_dir_refused", work_dir="../..")
            await run("work_dir_refused", work_dir="missing")
            for directory in ["inside", inside, "./inside/../inside"]:
                result = await client.call_tool("vault_run", {"command": ["pwd"], "work_dir": directory})
                self.assertEqual(result.structured_content["stdout"], inside + "\n")
            late = await self.expect(
                client, "command_timeout", "vault_run",
                {"command": ["sh", "-c", "echo early; sleep 30"], "timeout_seconds": 0.5}, says=["timeout_seconds"])
            self.assertEqual(late.structured_content["exit_code"], 124)
            self.assertEqual(late.structured_content["stdout"], "early\n")
            self.assertTrue(late.structured_content["timed_out"])
            await self.expect(client, "name_invalid", "vault_create_secret", {"name": "LD_PRELOAD", "value": "v" * 9})
            await self.expect(client, "name_invalid", "vault_create_secret", {"name": "a b", "value": "v" * 9})
            wrong = await self.expect(client, "argument_invalid", "vault_create_secret", {"name": "A", "value": 91827364})
            self.assertNotIn("91827364", str(wrong))
            await self.expect(
                client, "secret_value_invalid", "vault_create_secret", {"name": "A", "value": "v" * 70_000})
            await self.expect(client, "argument_invalid", "vault_list_secrets", {"limit": 0})
            await self.expect(client, "argument_invalid", "vault_status", {"verbose": True})
            with self.assertRaises(MCPError) as caught:
                await client.call_tool("vault_rum", {})
            self.assertEqual(caught.exception.error.code, -32602)
        await self.each_mode(body)

    async def test_the_policy_bounds_secrets_and_time(self):
        policy = os.path.join(self.place.home, "narrow.toml")
        with open(policy, "w") as file:
            file.write(
                'version = 1\nextends = ["default"]\n[secrets]\nallow = ["OTHER"]\n[limits]\ntimeout_max = "10s"\n'
                'mcp_output = "1KiB"\n')
        self.place.store("OTHER", "another-long-value")
        self.place.call("app", "policy", "default", policy)
        async def body(client):
            await self.expect(
                client, "secret_not_allowed", "vault_run", {"command": ["true"], "secrets": ["DATABASE_URL"]})
            await self.expect(
                client, "argument_invalid", "vault_run", {"command": ["true"], "timeout_seconds": 11}, says=["10"])
            result = await client.call_tool("vault_run", {"command": ["sh", "-c", "head -c 4000 /dev/zero | tr '\\0' x"]})
            self.assertEqual(result.structured_content["secrets_injected"], ["OTHER"])
            self.assertLess(len(result.structured_content["stdout"]), 1200)
            tools = (await client.list_tools()).tools
            self.assertEqual(tools[0].input_schema["properties"]["timeout_seconds"]["maximum"], 10)
            status = (await client.call_tool("vault_status", {})).structured_content
            self.assertEqual(status["timeout_max_seconds"], 10)
        await self.each_mode(body)

    async def test_a_locked_vault_says_so_and_works_again_without_a_restart(self):
        aside = self.place.key + ".aside"
        async def body(client):
            os.rename(self.place.key, aside)
            try:
                await self.expect(client, "vault_locked", "vault_run", {"command": ["true"]}, says=["--key-file"])
                await self.expect(client, "vault_locked", "vault_create_secret", {"name": "L", "value": "long-enough"})
                status = (await client.call_tool("vault_status", {})).structured_content
                self.assertEqual(status["unlocked"], False)
                self.assertEqual(status["obstacle"]["code"], "vault_locked")
                listed = await client.call_tool("vault_list_secrets", {})
                self.assertEqual(listed.structured_content["total"], 1)
                self.assertEqual(len((await client.list_tools()).tools), 7)
                free = await client.call_tool("vault_run", {"command": ["true"], "secrets": []})
                self.assertEqual(free.structured_content["exit_code"], 0)
            finally:
                os.rename(aside, self.place.key)
            again = await client.call_tool("vault_run", {"command": ["true"]})
            self.assertEqual(again.structured_content["exit_code"], 0)
        await self.each_mode(body)

    async def test_a_form_asks_only_whether_the_vault_was_unlocked(self):
        from mcp_types import ElicitResult
        aside = self.place.key + ".aside"
        asked = []
        for mode in MODES:
            for accepts in [True, False]:
                with self.subTest(mode=mode, accepts=accepts):
                    os.rename(self.place.key, aside)
                    async def answer(_context, parameters):
                        asked.append(parameters)
                        os.rename(aside, self.place.key)
                        return ElicitResult(action="accept", content={"unlocked": True}) if accepts else ElicitResult(
                            action="decline")
                    async with self.place.client(mode, elicitation_callback=answer) as client:
                        result = await client.call_tool("vault_run", {"command": ["true"], "secrets": ["DATABASE_URL"]})
                    if accepts:
                        self.assertEqual(result.structured_content["exit_code"], 0)
                    elif mode == "legacy":
                        self.assertEqual(result.structured_content["error"]["code"], "vault_locked")
        self.assertEqual(len(asked), 6)
        for parameters in asked:
            self.assertEqual(list(parameters.requested_schema["properties"]), ["unlocked"])
            self.assertEqual(parameters.requested_schema["properties"]["unlocked"]["type"], "boolean")

    async def test_without_a_vault_the_tools_say_what_a_person_must_do(self):
        place = Workplace(vault=False)
        self.addCleanup(place.close)
        async with place.client() as client:
            listed = await client.call_tool("vault_list_secrets", {})
            self.assertEqual(listed.structured_content["error"]["code"], "vault_not_initialized")
            free = await client.call_tool("vault_run", {"command": ["true"]})
            self.assertEqual(free.structured_content["exit_code"], 0)
            place.call("init", "--key-file", place.key)
            place.store("LATER", "a-later-value")
            listed = await client.call_tool("vault_list_secrets", {})
            self.assertEqual(listed.structured_content["total"], 1)

    async def test_every_result_is_valid_in_every_revision(self):
        calls = [
            ("vault_run", {"command": ["true"]}), ("vault_run", {"command": ["nope"]}), ("vault_status", {}),
            ("vault_list_secrets", {}), ("vault_secret_exists", {"name": "A"}), ("vault_run", {}),
            ("vault_run", {"command": ["sleep", "9"], "timeout_seconds": 0.2}),
            ("vault_create_secret", {"name": "A", "value": "long-enough"}),
            ("vault_update_secret", {"name": "A", "value": "long-enough"}), ("vault_delete_secret", {"name": "A"}),
        ]
        for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]:
            modern = revision == "2026-07-28"
            meta = {
                "io.modelcontextprotocol/protocolVersion": revision,
                "io.modelcontextprotocol/clientCapabilities": {},
            } if modern else None
            with self.subTest(revision=revision), self.place.pipe(initialize=None if modern else revision) as pipe:
                parameters = {"_meta": meta} if modern else {}
                if modern:
                    answer = pipe.ask("server/discover", **parameters)
                    methods.validate_server_result("server/discover", revision, answer["result"])
                else:
                    methods.validate_server_result("initialize", revision, pipe.initialized["result"])
                    self.assertEqual(pipe.initialized["result"]["protocolVersion"], revision)
                    self.assertEqual(pipe.ask("ping")["result"], {})
                listing = pipe.ask("tools/list", **parameters)["result"]
                methods.validate_server_result("tools/list", revision, listing)
                schemas = {tool["name"]: tool.get("outputSchema") for tool in listing["tools"]}
                for name, arguments in calls:
                    result = pipe.tool(name, meta, **arguments)["result"]
                    methods.validate_server_result("tools/call", revision, result)
                    if schemas[name]:
                        jsonschema.validate(result["structuredContent"], schemas[name])
                    self.assertEqual(revision >= "2025-06-18", "structuredContent" in result)
                    self.assertEqual(modern, "resultType" in result)


if __name__ == "__main__":
    unittest.main()
