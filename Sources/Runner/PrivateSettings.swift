internal import Linux
internal import Sandbox

/// What only root may read in /etc: a root run would show it to its program, although an ordinary user's cannot.
///
/// The files and folders directly in /etc are looked at one by one. To look at all of /etc takes two milliseconds of
/// each launch, so deeper places are masked by name, where the packages of common services keep what they authenticate
/// with.
internal enum PrivateSettings {
    /// Places below /etc that hold secrets of services although everybody may enter their folders.
    private static let known = [
        "letsencrypt", "mysql/debian.cnf", "ppp", "openvpn", "wpa_supplicant", "rancher",
        "postfix/sasl", "postfix/sasl_passwd", "postfix/sasl_passwd.db", "pki/tls/private", "exim4/passwd",
        "exim4/passwd.client", "dovecot/private", "sssd", "ldap/ldap.secret", "samba/private", "bind",
        "postgresql", "redis", "rabbitmq", "grafana", "prometheus", "consul.d", "nomad.d", "vault.d", "cloud",
        "gitlab", "gitlab-runner", "swanctl", "strongswan", "tor", "cups/ssl", "apt/auth.conf", "apt/auth.conf.d",
        "containers/auth.json", "crio", "ipa", "squid/passwd", "nginx/ssl", "apache2/ssl", "haproxy/certs",
    ]

    /// Masks for what not everybody may read directly in a folder, and for the known places below it.
    static func masks(in folder: String = "/etc") -> [Grant] {
        let found = ((try? Files.statuses(in: folder)) ?? []).filter { _, status in
            // A folder is used by reading and by entering it.
            let everybodys: UInt32 = status.kind == .directory ? 0o005 : 0o004
            return status.permissions & everybodys != everybodys
        }
        return (found.map(\.name) + known).map {
            Grant(path: folder + "/" + $0, access: .mask, isOptional: true, origin: "readable by root only")
        }
    }
}
