/// What the look at everything that one run wrote may still cost, and whether it is wanted at all.
///
/// What a file takes to read is in proportion to what the run took to write it, and is not counted. Packed bytes are: a
/// few hundred KiB of them unpack to hundreds of MiB.
internal final class ScanBudget {
    /// The most bytes that the files of one run are unpacked to, all together.
    ///
    /// A processor unpacks and searches as much in some eight seconds, and what a build packs anew is rarely so much.
    static let mostUnpacked = 1 << 30
    /// After so many bytes somebody may have asked for the end.
    private static let attention = 64 << 10

    private let most: Int
    private var left: Int
    private let isUnwanted: () -> Bool
    private var unheeded = 0
    /// Whether the look was ended before it came to everything.
    private(set) var isStopped = false

    /// Makes a budget for one run.
    ///
    /// - Parameter isUnwanted: Whether the look is to end; asked often.
    init(mostUnpacked: Int = mostUnpacked, isUnwanted: @escaping () -> Bool = { false }) {
        most = mostUnpacked
        left = mostUnpacked
        self.isUnwanted = isUnwanted
    }

    /// How much was spent.
    var spent: Int { most - left }

    /// Whether the look goes on; asked only where something is left to be looked at.
    func goesOn() -> Bool {
        if !isStopped { isStopped = isUnwanted() }
        return !isStopped
    }

    /// Counts work that takes as long as to unpack and search so many bytes; says why there is no more of it.
    func spend(_ bytes: Int) -> Refusal? {
        unheeded += bytes
        if unheeded >= Self.attention {
            unheeded = 0
            _ = goesOn()
        }
        guard !isStopped else { return .stopped }
        left = max(-1, left - bytes)
        return left < 0 ? .spent(most) : nil
    }

    /// Why no more is unpacked.
    enum Refusal {
        /// The look is not wanted any more.
        case stopped
        /// The files of the run unpack to more than this many bytes.
        case spent(Int)
    }
}
