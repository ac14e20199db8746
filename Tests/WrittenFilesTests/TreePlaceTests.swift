internal import Testing
@testable internal import WrittenFiles

/// Paths as chains of names, which a run may make as long as it likes.
struct TreePlaceTests {
    private static func chain(_ root: String, _ names: [String]) -> TreePlace {
        names.reduce(TreePlace(root: Array(root.utf8))) { TreePlace(Array($1.utf8), in: $0) }
    }

    @Test func `a place is told by its whole path, however it was reached`() {
        let place = Self.chain("/tree", ["a", "b"])
        #expect(place.path() == Array("/tree/a/b".utf8))
        #expect(place.path(of: Array("c".utf8)) == Array("/tree/a/b/c".utf8))
        #expect(place.key == TreePlace.Key(Array("/tree/a/b".utf8)))
        #expect(place.key == Self.chain("/", ["tree", "a", "b"]).key)
        #expect(place.key.appending(Array("c/d".utf8)) == TreePlace.Key(Array("/tree/a/b/c/d".utf8)))
        #expect(place.key != Self.chain("/tree", ["ab"]).key)
        #expect(place.key != Self.chain("/tree", ["b", "a"]).key)
        #expect(TreePlace(root: []).path(of: Array("file".utf8)) == Array("/file".utf8))
    }

    @Test func `what is above comes before what is in it`() {
        let place = Self.chain("/tree", ["z"])
        #expect(place.key < TreePlace(Array("a".utf8), in: place).key)
    }

    @Test func `a tree may be deeper than a stack is`() {
        var place = TreePlace(root: Array("/tree".utf8))
        for _ in 0..<1_000_000 { place = TreePlace(Array("d".utf8), in: place) }
        let path = place.path(of: Array("end".utf8))
        #expect(path.starts(with: "/tree/d/".utf8))
        #expect(path.suffix(6) == Array("/d/end".utf8)[...])
        #expect(path.count < 400 << 10)
        place = TreePlace(root: [])
        #expect(place.path() == [])
    }
}
