/// Variables that make a loader, shell or interpreter carry something out, or find other programs.
///
/// The vault refuses more names than these, among them KUBECONFIG and NETRC: a policy may well deliver a secret as the
/// file that such a variable names.
internal enum SteeringVariables {
    private static let prefixes = [
        "LD_", "DYLD_", "GLIBC_", "MALLOC_", "BASH_FUNC_", "PYTHON", "PERL", "RUBY", "LUA_", "NODE_", "JAVA_", "GIT_",
    ]
    private static let names: Set<String> = [
        "PATH", "HOME", "SHELL", "USER", "LOGNAME", "PWD", "OLDPWD", "TMPDIR", "IFS", "ENV", "BASH_ENV", "SHELLOPTS",
        "BASHOPTS", "PS4", "PROMPT_COMMAND", "ZDOTDIR", "CDPATH", "GCONV_PATH", "CLASSPATH", "_JAVA_OPTIONS",
        "JDK_JAVA_OPTIONS", "EDITOR", "VISUAL", "PAGER", "MAKEFLAGS", "MAKEFILES", "LESSOPEN", "LESSCLOSE",
    ]
    /// Names of such a family that only say where data lies.
    private static let harmless: Set<String> = ["NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "GIT_SSL_CERT", "GIT_SSL_KEY"]

    /// Whether a name is one of them.
    static func contains(_ name: String) -> Bool {
        names.contains(name) || (prefixes.contains { name.hasPrefix($0) } && !harmless.contains(name))
    }
}
