internal import JSON

extension Tool {
    /// The tools in their fixed order.
    ///
    /// - Parameter maximumTimeout: The longest time limit in seconds, where it is known.
    static func catalog(maximumTimeout: Int64?) -> [Tool] {
        [run(maximumTimeout), list, exists, create, update, delete, status]
    }

    private static let neverAsk =
        "Never ask the user for a secret's value, and never put one into a command: use its name."

    private static func run(_ maximumTimeout: Int64?) -> Tool {
        Tool(
            name: .run, title: "Run a command with secrets",
            description: """
                Run a command that needs secrets (database URLs, API keys, tokens) without seeing them. Use it instead \
                of a shell whenever a command needs a credential: migrations, tests, deployments, API calls. The \
                secrets are environment variables of their own names for this one command, in a sandbox: the system \
                is read-only, work_dir is writable, the network is as the policy says. In the output every known form \
                of a secret is replaced by [redacted:NAME].

                command is the program and its arguments, not a shell line. For pipes or variables use \
                ["sh", "-c", "psql \\"$DATABASE_URL\\" -f x.sql"]. Standard input is empty. \
                vault_list_secrets tells which names there are. A non-zero exit_code is the command's own failure: \
                read stderr. Output beyond a few KiB is cut in the middle; write it to a file in work_dir and read \
                parts of it. \(neverAsk)
                """,
            parameters: [
                ToolParameter(
                    "command", .texts, isRequired: true,
                    "The program and its arguments, one each: [\"go\", \"run\", \"./cmd/migrate\"]."),
                ToolParameter(
                    "secrets", .texts,
                    "Names of the secrets that the command needs. Left out: all that the policy allows. []: none."),
                ToolParameter(
                    "work_dir", .text,
                    "The directory to start in; relative to, and at or below, the server's own or another of its roots."
                ),
                ToolParameter(
                    "timeout_seconds", .number(above: 0, atMost: maximumTimeout.map(Double.init)),
                    "End the command after so many seconds; 300 where the policy says nothing else."),
            ],
            hints: Hints(readsOnly: false, destroys: true, isIdempotent: false, reachesOut: true),
            output: runOutput,
            requiredOutput: ["exit_code", "stdout", "stderr", "secrets_injected", "timed_out"])
    }

    private static let runOutput: [String: JSONValue] = [
        "exit_code": [
            "type": "integer",
            "description": "The command's own; 128 + N where signal N ended it; 124 at the time limit.",
        ],
        "stdout": ["type": "string"], "stderr": ["type": "string"],
        "secrets_injected": ["type": "array", "items": ["type": "string"]],
        "timed_out": ["type": "boolean"], "run_id": ["type": "string"], "duration_ms": ["type": "integer"],
        "signal": ["type": ["integer", "null"]],
        "truncated": ["type": "boolean", "description": "Whether output was left out."],
        "policy": ["type": "string"], "isolation": ["type": "object"],
        "redactions": [
            "type": "object", "additionalProperties": ["type": "integer"],
            "description": "How often each secret was replaced in the output.",
        ],
        "not_redacted": [
            "type": "array", "items": ["type": "string"],
            "description": "Secrets too short or too common to be replaced.",
        ],
        "redaction_forms": [
            "type": "object", "additionalProperties": ["type": "object"],
            "description": "The same by the form in which each secret stood.",
        ],
        "decoys": [
            "type": "object", "additionalProperties": ["type": "integer"],
            "description": "How often a made-up secret came out: something collects secrets.",
        ],
        "written_secrets": [
            "type": "array", "items": ["type": "object"],
            "description": "Files that the command left with a secret in them; quarantined ones were moved away.",
        ],
        "written_not_scanned": [
            "type": "array", "items": ["type": "object"],
            "description": "Files that were not looked at for secrets, and why.",
        ],
        "written_omitted": ["type": "integer"],
        "written_traps": [
            "type": "array", "items": ["type": "string"],
            "description": "What the command made or changed that other programs may carry out later.",
        ],
        "warnings": [
            "type": "array", "items": ["type": "object"],
            "description": "Where the command may have let a secret out, and how to do the same safely.",
        ],
        "warnings_omitted": ["type": "integer"], "note": ["type": "string"],
    ]

    private static let list = Tool(
        name: .list, title: "List secrets",
        description: """
            List the names of the secrets that vault_run can inject, with metadata and never a value. Use it to find \
            the name to pass to vault_run. total says how many names begin with prefix; where it is more than were \
            returned, narrow prefix. Works while the vault is locked. \(neverAsk)
            """,
        parameters: [
            ToolParameter("prefix", .text, "Only names that begin with this."),
            ToolParameter("limit", .integer(1...1000), "At most so many; \(defaultPage) where left out."),
        ],
        hints: Hints(readsOnly: true, destroys: false, isIdempotent: true, reachesOut: false),
        output: [
            "secrets": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "name": ["type": "string"],
                        "deliver": ["type": "string", "description": "How a command gets it: env, file or fd."],
                        "version": ["type": "integer"], "updated_at": ["type": "string"],
                    ],
                    "required": ["name", "deliver", "version", "updated_at"],
                ],
            ],
            "total": ["type": "integer"],
        ],
        requiredOutput: ["secrets", "total"])

    private static let nameParameter = ToolParameter(
        "name", .secretName, isRequired: true, "The secret's name, such as DATABASE_URL.")
    private static let valueParameter = ToolParameter(
        "value", .secretValue, isRequired: true,
        "The value. It passes through this conversation's logs: only for values that were made in it.")

    private static let exists = Tool(
        name: .exists, title: "Check for a secret",
        description: """
            Say whether a secret of this name is stored: returns exists, true or false. Use it before a command \
            that needs it; where it is missing, ask the person to store it with `vault-sandbox secret set NAME` in a terminal. \(neverAsk)
            """,
        parameters: [nameParameter],
        hints: Hints(readsOnly: true, destroys: false, isIdempotent: true, reachesOut: false),
        output: ["exists": ["type": "boolean"]], requiredOutput: ["exists"])

    private static let create = Tool(
        name: .create, title: "Create a secret",
        description: """
            Store a new secret; returns its name and version, never the value. This changes the vault for good. \
            Only for a value that you made yourself, such as a random password for a test database: what you pass here passes through your own logs. For a value that a person has, ask them to run \
            `vault-sandbox secret set NAME` in a terminal. Fails where the name is taken. \
            \(neverAsk)
            """,
        parameters: [nameParameter, valueParameter],
        hints: Hints(readsOnly: false, destroys: false, isIdempotent: false, reachesOut: false),
        output: storeOutput, requiredOutput: ["name", "version"])

    private static let update = Tool(
        name: .update, title: "Update a secret",
        description: """
            Store a new version of a secret that exists; returns its name and version. This changes what later \
            commands get. It is for the same values as vault_create_secret. Earlier \
            versions stay in its history. \(neverAsk)
            """,
        parameters: [nameParameter, valueParameter],
        hints: Hints(readsOnly: false, destroys: true, isIdempotent: false, reachesOut: false),
        output: storeOutput, requiredOutput: ["name", "version"])

    private static let storeOutput: [String: JSONValue] = [
        "name": ["type": "string"], "version": ["type": "integer"],
        "warning": ["type": "string", "description": "Why the value will not be replaced in output."],
    ]

    private static let delete = Tool(
        name: .delete, title: "Delete a secret",
        description: """
            Delete a secret, so that commands get it no more; returns deleted. Its versions are kept in the \
            vault. Only on the person's explicit wish.
            """,
        parameters: [nameParameter],
        hints: Hints(readsOnly: false, destroys: true, isIdempotent: false, reachesOut: false),
        output: ["deleted": ["type": "boolean"]], requiredOutput: ["deleted"])

    private static let status = Tool(
        name: .status, title: "Vault status",
        description: """
            Return whether the vault can be used now, for which app, under which policy and with which limits. Works \
            while it is locked; obstacle then says what the person should do.
            """,
        parameters: [],
        hints: Hints(readsOnly: true, destroys: false, isIdempotent: true, reachesOut: false),
        output: [
            "unlocked": ["type": "boolean"], "app": ["type": ["string", "null"]],
            "intercept_mode": ["enum": ["block", "warn", "off", nil]],
            "intercepted_count": ["type": "integer"], "session_age_seconds": ["type": ["integer", "null"]],
            "session_expires_in_seconds": ["type": ["integer", "null"]], "policy": ["type": ["string", "null"]],
            "timeout_max_seconds": ["type": ["integer", "null"]],
            "roots": [
                "type": "array", "items": ["type": "string"],
                "description": "work_dir lies at or below one of these.",
            ],
            "obstacle": ["type": "object", "description": "Why the vault cannot be used now, as an error has it."],
        ],
        requiredOutput: [
            "unlocked", "app", "intercept_mode", "intercepted_count", "session_age_seconds",
            "session_expires_in_seconds", "policy", "timeout_max_seconds", "roots",
        ])
}
