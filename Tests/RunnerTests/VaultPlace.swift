import TestSupport
import Vault

@testable import Runner

/// A vault with a key file, in a folder of its own.
struct VaultPlace: ~Copyable {
    let folder: TemporaryDirectory
    let access: VaultAccess

    init() throws {
        let folder = try TemporaryDirectory()
        let places = Places(
            home: folder.path, user: nil, data: folder.path("data"), policies: folder.path("policies"), runtime: nil)
        let key = folder.path("key")
        try KeyFile.create(key)
        try Vault.create(in: places.data, key: .keyFile(try KeyFile.read(key)))
        access = VaultAccess(places: places, app: "default", key: KeyChoice(file: key, mayAsk: false))
        self.folder = folder
    }
}
