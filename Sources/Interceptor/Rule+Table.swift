extension Rule {
    /// Every rule, in the order of the manual page, which is made from this table.
    public static let table: [Rule] = [
        Rule(
            id: .printEnvironment, title: "printing the environment",
            reason: "it prints the environment, and with it every injected secret",
            scope: """
                Programs, shell built-ins and inline code that print the whole environment, or an injected variable by \
                name: env, printenv, export -p, set, declare -x, os.environ, process.env and their like. \
                Printing a variable that is not injected passes, as does env in front of a command, and asking which \
                names are set: env | cut -d= -f1, env | grep PATH, os.environ.keys().
                """,
            example: ["sh", "-c", "env | sort"],
            advice: "print only variables that hold no secret, by name",
            alternative: ["printenv", "NODE_ENV"]),
        Rule(
            id: .echoVariable, title: "printing an injected variable",
            reason: "it prints the value of an injected variable",
            scope: """
                echo, printf, cat with a here-document or here-string, and inline code that prints an injected \
                variable or a copy of it; cat of the file that holds a secret, of their folder or a pattern in it, too. What another program reads through \
                a pipe is not printed and passes.
                """,
            example: ["sh", "-c", "echo \"$DATABASE_URL\""],
            advice: "to learn whether it is set, test it without printing it; give it to the program that needs it",
            alternative: ["sh", "-c", "test -n \"$DATABASE_URL\" && echo set"]),
        Rule(
            id: .transformVariable, title: "printing an injected variable in another form",
            reason: "it prints an injected variable in a form that is made to be turned back, or a part of it",
            scope: """
                base64, xxd, od, hexdump, rev, tr, cut, sed, gzip, openssl enc, checksums and their like by pipe, \
                here-string or argument; substrings, lengths and other expansions of the shell; the same in inline \
                code. Encoding inside a substitution passes where what is made of it is not printed.
                """,
            example: ["sh", "-c", "printf %s \"$API_TOKEN\" | base64"],
            advice: "let the program that needs the encoded form make it from its own environment",
            alternative: [
                "sh", "-c",
                "curl -H \"Authorization: Basic $(printf %s \"$API_TOKEN:\" | base64)\" https://api.example.org/v1/me",
            ]),
        Rule(
            id: .readProcEnviron, title: "reading a process's environment from /proc",
            reason: "it reads /proc/…/environ, which holds every injected secret",
            scope: """
                Any argument or redirection that can name such a file, also by a pattern, by quotes put together, \
                after cd, or in the text of inline code.
                """,
            example: ["cat", "/proc/self/environ"],
            advice: "print only variables that hold no secret, by name",
            alternative: ["printenv", "PATH"]),
        Rule(
            id: .sendVariable, title: "sending an injected variable over the network",
            reason: "it puts an injected variable where the other side stores, logs or resolves it",
            scope: """
                In the path, the query or the body of a request, in a name to be resolved, or through nc, socat, ssh, \
                mail or /dev/tcp. Where credentials belong it passes: headers, user and password of curl, wget and \
                httpie, a URL's user part, a URL that is the variable itself, and over https the fields password, \
                client_secret, api_key, key, token, access_token and refresh_token of a form or of JSON.
                """,
            example: ["sh", "-c", "curl \"https://example.org/?token=$API_TOKEN\""],
            advice: "send credentials in a header, or with the program's option for users",
            alternative: ["sh", "-c", "curl -H \"Authorization: Bearer $API_TOKEN\" https://api.example.org/v1/me"]),
        Rule(
            id: .writeVariable, title: "writing an injected variable into a file",
            reason: "it writes an injected variable into a file, where it stays after the run",
            scope: """
                Redirections, tee, dd, sed -i and messages of git commits; /tmp is no exception. A program that needs \
                a file gets one with `secret set NAME --deliver file`, in memory and gone after the run.
                """,
            example: ["sh", "-c", "echo \"DATABASE_URL=$DATABASE_URL\" > .env"],
            advice: "let the program read its environment, or write the variable's name and not its value",
            alternative: ["sh", "-c", "echo 'DATABASE_URL=${DATABASE_URL}' > .env.example"]),
        Rule(
            id: .traceShell, title: "tracing a shell",
            reason: "the shell would print each command with its variables expanded",
            scope:
                "set -x, set -v, their long names, the same options of a shell, and a PS4 with an injected variable.",
            example: ["sh", "-c", "set -x; ./deploy.sh"],
            advice: "say what is going on with echo, and stop at errors with set -e",
            alternative: ["sh", "-c", "set -e; echo deploying; ./deploy.sh"]),
        Rule(
            id: .literalSecret, title: "a stored value in the arguments",
            reason: "an argument holds the value of a stored secret, which is then in logs and lists of processes",
            scope: "The values of the run's own secrets, byte by byte, from the length that redaction begins at.",
            example: ["mysql", "--password=\(exampleValue)", "-e", "select 1"],
            advice: "name the variable in a shell, or let the program read its environment",
            alternative: ["sh", "-c", "mysql --password=\"$API_TOKEN\" -e 'select 1'"]),
        Rule(
            id: .tokenPattern, title: "something that looks like a credential in the arguments",
            reason: "an argument holds what looks like a credential, which is then in logs and lists of processes",
            scope: """
                Well-known tokens by their prefixes, private keys, JSON web tokens, URLs with a password, and random \
                text, which only warns. Placeholders such as user:password pass, and so do passwords of loopback hosts \
                and of names without a dot, checksums, commit ids and UUIDs.
                """,
            example: [
                "curl", "-H", "Authorization: Bearer ghp_\(String(repeating: "aB3dE5fG7hJ9", count: 3))",
                "https://api.github.com/user",
            ],
            advice: "store it with `vault-sandbox secret set NAME` and name the variable",
            alternative: ["sh", "-c", "curl -H \"Authorization: Bearer $API_TOKEN\" https://api.github.com/user"]),
        Rule(
            id: .unparsableShell, title: "a script that cannot be read",
            reason: "the script names an injected variable and cannot be read: it is malformed, or nested too deeply",
            scope: "A script that names no injected variable passes: the shell itself says what is wrong with it.",
            example: ["sh", "-c", "echo \"$DATABASE_URL"],
            advice: "close every quote and bracket, or put the script into a file of the project",
            alternative: ["sh", "-c", "test -n \"$DATABASE_URL\""]),
    ]
}
