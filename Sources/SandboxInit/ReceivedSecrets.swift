internal import Linux
internal import SandboxPlan
internal import Secrets

/// The values as they came from the supervisor, in guarded memory.
internal struct ReceivedSecrets: ~Copyable {
    /// Which value is whose.
    let manifest: SecretManifest
    /// The values, one behind the other.
    let values: SecretBytes

    /// Waits for the manifest and the values.
    init(from control: BorrowedDescriptor) throws(LaunchFailure) {
        let message = try during(.receiveSecrets) { () throws(SystemCallError) in
            try ControlChannel.receive(on: control)
        }
        guard let manifest = try? SecretManifest(message: message) else {
            throw LaunchFailure(step: .receiveSecrets, errno: .invalidArgument)
        }
        let values = try during(.receiveSecrets) { () throws(SystemCallError) in
            try SecretBytes(count: manifest.totalLength) { span throws(SystemCallError) in
                try control.readExactly(into: &span)
            }
        }
        self.manifest = manifest
        self.values = values
    }
}
