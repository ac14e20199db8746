/// The names that matter in inline code.
internal enum CodeNames {
    /// Calls that print what is given to them.
    static let printing: Set = [
        "print", "println", "puts", "p", "pp", "pprint", "print_r", "var_dump", "var_export", "echo", "printf", "say",
        "die", "warn",
        "dump", "exit", "input", "printenv", "display", "output", "Write",
    ]
    /// Calls that print where they are those of a console or a logger.
    static let logging: Set = [
        "log", "info", "warn", "error", "debug", "dir", "table", "trace", "warning", "critical", "exception",
    ]
    /// Names of consoles and loggers.
    static let loggers: Set = ["console", "logging", "logger", "log"]
    /// Calls that write into a file, or to a stream.
    static let writing: Set = [
        "write", "writelines", "writeFileSync", "writeFile", "appendFileSync", "appendFile", "file_put_contents",
        "write_text",
        "write_bytes", "fwrite", "fputs", "end", "writeSync", "outputFile",
    ]
    /// Calls that send over the network, whatever stands in front of them.
    static let sending: Set = [
        "fetch", "urlopen", "sendall", "sendto", "gethostbyname", "getaddrinfo", "axios", "create_connection",
        "curl_exec", "urlretrieve", "resolve4",
        "fsockopen", "IO_Socket_INET",
    ]
    /// Calls that send where they are those of one of `clients`.
    static let requesting: Set = [
        "get", "post", "put", "patch", "request", "send", "Request", "lookup", "resolve", "get_response", "delete",
        "head",
    ]
    /// Names of clients of the network.
    static let clients: Set = [
        "requests", "httpx", "urllib", "axios", "http", "https", "net", "dns", "socket", "HTTP", "Net", "request",
        "got", "session", "aiohttp",
    ]
    /// Calls that give a value back in another form, or a part of it.
    static let changing: Set = [
        "b64encode", "b32encode", "b16encode", "urlsafe_b64encode", "standard_b64encode", "hex", "hexlify", "reversed",
        "reverse", "len", "length", "size",
        "btoa", "sha256", "sha1", "md5", "sha512", "hexdigest", "digest", "base64", "base64_encode", "encode64",
        "strict_encode64",
        "urlsafe_encode64", "strrev", "bin2hex", "pack", "unpack", "unpack1", "ord", "chars", "bytes", "each_char",
        "each_byte", "substr",
        "substring", "slice", "charAt", "charCodeAt", "codePointAt", "rot13", "str_rot13", "compress", "encode_base64",
        "strlen", "crc32", "rev", "toupper",
        "tolower", "hash", "update", "createHash", "encode", "split", "swapcase", "upper", "lower", "toUpperCase",
        "toLowerCase", "translate", "tr", "getsizeof",
    ]
    /// Calls that give back what they are given.
    static let passing: Set<String> = changing.union([
        "str", "repr", "list", "dict", "set", "tuple", "sorted", "join", "format", "dumps", "stringify", "from", "keys",
        "values",
        "entries", "items", "map", "filter", "zip", "enumerate", "String", "Array", "Object", "Buffer", "ascii",
        "bytearray", "implode",
        "json_encode", "inspect", "to_s", "uc", "lc", "chr", "tostring", "quote", "quote_plus", "urlencode",
        "encodeURIComponent", "escape",
        "concat", "trim", "strip", "replace", "copy", "to_h", "to_a", "fromEntries", "toString", "sprintf", "decode",
        "next", "iter", "sort", "foreach", "for",
        "each", "pformat", "vars", "JSON", "grep", "assign", "freeze", "flat", "fspath", "Map", "tap", "then", "reduce",
        "forEach", "serialize", "async", "await",
    ])
    /// Calls that carry out a command.
    static let running: Set = [
        "system", "popen", "execSync", "exec", "spawn", "spawnSync", "execFileSync", "execFile", "run", "call",
        "check_call", "check_output", "Popen",
        "shell_exec", "passthru", "getoutput", "getstatusoutput", "capture2", "capture3", "execute",
    ]
    /// Words in front of a value of which only its truth matters.
    static let testing: Set = [
        "!", "not", "typeof", "if", "unless", "defined", "exists", "elsif", "elif", "while", "assert", "defined?",
    ]
    /// Symbols and words behind such a value.
    static let comparing: Set = [
        "==", "!=", "===", "!==", "is", "?", "&&", "and", "=~", "eq", "ne", "~", "instanceof", "if",
    ]
}
