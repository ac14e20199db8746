public import Diagnostics
public import Linux

/// Why the vault refuses or fails.
public enum VaultError: Error, Equatable, Sendable {
    /// There is no vault in this directory.
    case notInitialized(directory: String)
    /// What should be made is there already: `a vault`, `app x`.
    case existsAlready(String)
    /// The vault is locked and the action needs its key.
    case locked
    /// The key fits no slot.
    case wrongKey
    /// A sealed thing, named here, does not open: it was altered, moved, renamed or rolled back.
    case altered(String)
    /// The file is not a vault or its structure is broken.
    case corrupt(String)
    /// Another program writes to the vault and does not finish.
    case busy
    /// A newer version of this program wrote the file.
    case tooNew(format: Int, known: Int)
    /// Nothing more can be written; what was there is kept.
    case storageFull(String)
    /// A place that others can read or write, or own.
    case permissionsUnsafe(path: String, why: String, remedy: String)
    /// A key file that cannot be trusted, and why.
    case keyFileRefused(path: String, why: String, remedy: String)
    /// A name of a secret or an app that may not be used, and what to use instead.
    case nameInvalid(String, why: String, remedy: String)
    /// A name of a secret or an app that breaks their rules; it may be a value in the wrong place, and is not shown.
    case nameMalformed(of: String, why: String, remedy: String)
    /// A value that cannot be delivered.
    case valueInvalid(name: String, why: String, remedy: String)
    /// Names that are not there, and the nearest one that is.
    case secretNotFound([String], app: String, nearest: String?)
    /// An app that is not there, and the nearest one that is.
    case appNotFound(String, nearest: String?)
    /// A version that the secret never had.
    case versionNotFound(name: String, version: Int)
    /// Secrets that an import would replace.
    case secretsExist([String])
    /// An app that cannot be removed as it is.
    case appInUse(String, why: String, remedy: String)
    /// A line of an import file that cannot be read; the line itself may hold a value and is not shown.
    case importInvalid(line: Int, why: String)
    /// A passphrase without a byte in it.
    case emptyPassphrase
    /// There is too little memory to derive the key.
    case notEnoughMemory
    /// A system call failed.
    case system(SystemCallError, during: String)
    /// SQLite refused what this module asked of it: a defect of ours.
    case database(code: Int32, during: String)
}

extension VaultError: ReportableError {
    /// What the person is told.
    public var report: ErrorReport {
        switch self {
        case .notInitialized(let directory):
            ErrorReport(.vaultNotInitialized, "there is no vault in \(directory)", hint: "run `vault-sandbox init`")
        case .existsAlready(let what):
            ErrorReport(.existsAlready, "\(what) exists already", hint: "choose another name, or use the one there")
        case .locked:
            ErrorReport(
                .vaultLocked, "the vault is locked", hint: "pass --key-file FILE, or set VAULT_SANDBOX_KEY_FILE")
        case .wrongKey:
            ErrorReport(
                .decryptionFailed, "the passphrase or key file does not fit this vault",
                hint: "authenticate again with the right passphrase or key file")
        case .altered(let what):
            ErrorReport(
                .decryptionFailed, "\(what) does not open: it was altered, moved or rolled back outside vault-sandbox",
                hint: "restore the vault from a backup, or set the secret again and rotate it where it is used")
        case .corrupt(let what):
            ErrorReport(
                .vaultCorrupt, "the vault's file is damaged: \(what)",
                hint: "put the file back from a backup; one of an older format may lie beside it")
        case .busy:
            ErrorReport(
                .vaultBusy, "another program is writing to the vault", hint: "nothing was changed; try again shortly")
        case .tooNew(let format, let known):
            ErrorReport(
                .vaultTooNew, "the vault has format \(format), and this program knows formats up to \(known)",
                hint: "install a newer vault-sandbox")
        case .storageFull(let why):
            ErrorReport(
                .storageFull, "the vault cannot be written: \(why)",
                hint: "the vault keeps what it had; free some space there, or make the disk writable, and try again")
        default: detailReport
        }
    }

    /// The reports of errors about one named thing.
    private var detailReport: ErrorReport {
        switch self {
        case .permissionsUnsafe(let path, let why, let remedy):
            ErrorReport(.permissionsUnsafe, "\(path): \(why)", hint: remedy)
        case .keyFileRefused(let path, let why, let remedy):
            ErrorReport(.keyFileRefused, "\(path): \(why)", hint: remedy)
        case .nameInvalid(let name, let why, let remedy):
            ErrorReport(.nameInvalid, "\(Self.quoted(name)): \(why)", hint: remedy)
        case .nameMalformed(let owner, let why, let remedy):
            ErrorReport(.nameInvalid, "the name of \(owner) \(why)", hint: remedy)
        case .valueInvalid(let name, let why, let remedy):
            ErrorReport(.secretValueInvalid, "the value of \(Self.quoted(name)) \(why)", hint: remedy)
        case .secretNotFound(let names, let app, let nearest):
            ErrorReport(
                .secretNotFound,
                "no secret \(names.map(Self.quoted).joined(separator: ", ")) in app \(Self.quoted(app))",
                hint: Self.suggestion(nearest) + "list them with `vault-sandbox secret list`, or vault_list_secrets")
        case .appNotFound(let name, let nearest):
            ErrorReport(
                .appNotFound, "no app \(Self.quoted(name))",
                hint: Self.suggestion(nearest) + "list them with `vault-sandbox app list`")
        case .versionNotFound(let name, let version):
            ErrorReport(
                .secretNotFound, "\(Self.quoted(name)) has no version \(version)",
                hint: "see `vault-sandbox secret history \(name)`")
        case .secretsExist(let names):
            ErrorReport(
                .existsAlready, "secrets of these names are there: \(names.map(Self.quoted).joined(separator: ", "))",
                hint: "nothing was imported; add --replace to give them new versions")
        case .appInUse(let name, let why, let remedy):
            ErrorReport(.argumentInvalid, "app \(Self.quoted(name)) \(why)", hint: remedy)
        case .importInvalid(let line, let why):
            ErrorReport(
                .argumentInvalid, "line \(line) of the import: \(why)",
                hint: "nothing was imported; write NAME=VALUE lines, or one JSON object of strings")
        case .emptyPassphrase:
            ErrorReport(.argumentInvalid, "the passphrase is empty", hint: "give one of several words")
        case .notEnoughMemory:
            ErrorReport(
                .internalError, "there is too little free memory to derive the key from the passphrase",
                hint: "free some memory or raise the memory limit, then try again")
        case .system(let error, let action):
            ErrorReport(.internalError, "could not \(action): \(error)", hint: "run `vault-sandbox doctor`")
        case .database(let code, let action):
            ErrorReport(
                .internalError, "SQLite refused to \(action) (result \(code))", hint: "run `vault-sandbox doctor`")
        default: ErrorReport(.internalError, "the vault failed")
        }
    }

    /// A name as shown to a person: without what could move a cursor, and not longer than a line.
    private static func quoted(_ name: String) -> String {
        printable(String(name.unicodeScalars.prefix(64))) + (name.unicodeScalars.count > 64 ? "…" : "")
    }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "did you mean \(quoted($0))? " } ?? ""
    }
}
