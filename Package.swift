// swift-tools-version: 6.3
import PackageDescription

/// The settings every Swift target of this package builds with; see ARCHITECTURE.md, "House rules".
let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The settings of the one target with C code of our own.
let houseCSettings: [CSetting] = [.treatAllWarnings(as: .error)]

/// A module of the house: a folder under `Sources` with the house settings.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: houseSettings)
}

/// The tests of one module: a folder under `Tests` with the house settings.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: houseSettings)
}

/// A module map over a system library that `pkg-config` finds.
func systemLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

/// Whether the matcher's benchmark is built with Hyperscan, which nothing else needs.
let measuresHyperscan = Context.environment["VAULT_SANDBOX_HYPERSCAN"] != nil

let package = Package(
    name: "vault-sandbox",
    products: [
        .executable(name: "vault-sandbox", targets: ["vault-sandbox"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .target(name: "CLinux", cSettings: houseCSettings),
        systemLibrary("CSeccomp", pkgConfig: "libseccomp", debian: "libseccomp-dev"),
        systemLibrary("CCapability", pkgConfig: "libcap", debian: "libcap-dev"),
        systemLibrary("CSodium", pkgConfig: "libsodium", debian: "libsodium-dev"),
        systemLibrary("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),

        room("Diagnostics"),
        room("Linux", ["CLinux", "CSeccomp", "CCapability", "Diagnostics"]),
        room("Secrets", ["CSodium", "Diagnostics"]),
        room("JSON", ["Secrets"]),
        room("Redaction", ["Diagnostics", "Secrets"]),
        room("ControlSequences", ["Secrets"]),
        room("Interceptor", ["Diagnostics"]),
        room("Policy", ["Diagnostics", "Interceptor", "JSON", "Linux", tomlKit], resources: [.embedInCode("Bundled")]),
        room("Vault", ["Diagnostics", "Linux", "Secrets", "CSQLite"]),
        room("SandboxPlan", ["Linux", "Secrets"]),
        room("SandboxInit", ["Linux", "SandboxPlan", "Secrets"]),
        room(
            "Sandbox",
            ["CLinux", "ControlSequences", "Diagnostics", "Linux", "Redaction", "SandboxPlan", "Secrets"]),
        room("WrittenFiles", ["Linux", "Redaction"]),
        room(
            "Runner",
            [
                "Diagnostics", "Interceptor", "Linux", "Policy", "Redaction", "Sandbox", "SandboxPlan", "Secrets",
                "Vault", "WrittenFiles",
            ]),
        room("MCPServer", ["Diagnostics", "Interceptor", "JSON", "Linux", "Runner", "Sandbox", "Secrets"]),
        room(
            "Commands",
            [
                "Diagnostics", "Interceptor", "JSON", "Linux", "MCPServer", "Policy", "Redaction", "Runner", "Sandbox",
                "Secrets", "Vault", "WrittenFiles",
                argumentParser,
            ]),
        .executableTarget(
            name: "vault-sandbox",
            dependencies: ["Commands", "SandboxInit", "Sandbox", "SandboxPlan", "Linux", "Redaction", "Secrets"],
            swiftSettings: houseSettings
        ),

        .executableTarget(
            name: "matcher-bench",
            dependencies: ["Disguises", "Redaction", "Secrets"] + (measuresHyperscan ? ["CHyperscan"] : []),
            path: "Benchmarks/Matcher", exclude: measuresHyperscan ? [] : ["Hyperscan.swift"],
            swiftSettings: houseSettings + (measuresHyperscan ? [.define("HYPERSCAN")] : [])),
        .executableTarget(
            name: "disguise-check", dependencies: ["Disguises"], path: "Benchmarks/Disguises",
            swiftSettings: houseSettings),
        .executableTarget(
            name: "fuzz",
            dependencies: ["ControlSequences", "JSON", "Policy", "Redaction", "SandboxPlan", "Secrets", "Vault"],
            path: "Fuzz",
            swiftSettings: houseSettings),
        .target(
            name: "TestSupport", dependencies: ["Linux", "Secrets"], path: "Tests/TestSupport",
            swiftSettings: houseSettings),
        .target(
            name: "Disguises", dependencies: ["Redaction", "Secrets"], path: "Tests/Disguises",
            swiftSettings: houseSettings),
        tests("HouseTests", ["TestSupport"]),
        tests("DiagnosticsTests", ["Diagnostics"]),
        tests("LinuxTests", ["Linux", "CLinux", "TestSupport"]),
        tests("SecretsTests", ["Secrets", "TestSupport"]),
        tests("JSONTests", ["JSON", "Secrets", "TestSupport"]),
        tests(
            "MCPServerTests",
            ["MCPServer", "Diagnostics", "Interceptor", "JSON", "Linux", "Runner", "Secrets", "TestSupport"]),
        tests("RedactionTests", ["Disguises", "Redaction", "Secrets", "TestSupport"], exclude: ["Corpus"]),
        tests("ControlSequencesTests", ["ControlSequences", "Redaction", "Secrets", "TestSupport"]),
        tests("WrittenFilesTests", ["Linux", "Redaction", "Secrets", "TestSupport", "WrittenFiles"]),
        tests("InterceptorTests", ["Interceptor", "Diagnostics", "Linux", "TestSupport"], exclude: ["Corpus"]),
        tests("PolicyTests", ["Policy", "Interceptor", "Linux", "TestSupport"]),
        tests("VaultTests", ["Vault", "Linux", "Secrets", "TestSupport"]),
        tests(
            "SandboxTests",
            [
                "ControlSequences", "Linux", "Redaction", "Sandbox", "SandboxInit", "SandboxPlan", "Secrets",
                "TestSupport",
            ]),
        tests(
            "RunnerTests",
            [
                "Runner", "Diagnostics", "Interceptor", "JSON", "Linux", "Policy", "Redaction", "Sandbox",
                "SandboxPlan",
                "Secrets", "TestSupport", "Vault", "WrittenFiles",
            ]),
        tests("CommandsTests", ["Commands", "Runner", "TestSupport"]),
        tests("EndToEndTests", ["TestSupport", "Linux"], exclude: ["Lack", "MCPClient", "Terminal"]),
        tests("EscapeTests", ["TestSupport", "Linux"], exclude: ["Harness"]),
    ]
)

if measuresHyperscan {
    package.targets.append(
        .systemLibrary(
            name: "CHyperscan", path: "Benchmarks/CHyperscan", pkgConfig: "libhs",
            providers: [.apt(["libhyperscan-dev"])]
        ))
}
