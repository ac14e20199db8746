internal import WrittenFiles

/// What a run left of a secret in a file, as results have it.
internal struct WrittenSecretRecord: Encodable {
    let path: String
    let secret: String
    let form: String
    let place: String
    let action: String
    let reason: String?

    init(_ written: WrittenSecret) {
        path = ShownBounds.shown(written.path)
        secret = written.secret
        form = written.form
        place = written.place.rawValue
        action = written.action.rawValue
        reason = written.reason
    }
}

/// What was changed and not looked at, as results have it.
internal struct UnscannedRecord: Encodable {
    let path: String
    let reason: String

    init(_ file: UnscannedFile) {
        path = ShownBounds.shown(file.path)
        reason = file.reason
    }
}
