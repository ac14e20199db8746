internal import Sandbox

extension Runner {
    /// Whether the kernel gives a process the namespaces of a sandbox; one is made, and ended before anything runs in it.
    public static var makesNamespaces: Bool {
        guard let beginning = try? Beginning() else { return false }
        return (try? RunningSandbox.start(beginning.streams.separated)) != nil
    }
}
