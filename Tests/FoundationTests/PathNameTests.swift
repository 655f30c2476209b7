import Foundation
import Reporting
import Testing

@Suite struct PathNameTests {
    @Test("parts of a path", arguments: [
        ("p", "", "p", "", "p"),
        ("p.mrc", "", "p.mrc", "mrc", "p"),
        ("a/b", "a", "b", "", "a/b"),
        ("a/p.mrc", "a", "p.mrc", "mrc", "a/p"),
        ("a//p.mrc", "a", "p.mrc", "mrc", "a//p"),
        ("a/b/", "a", "b", "", "a/b"),
        ("./p", ".", "p", "", "./p"),
        ("/p", "/", "p", "", "/p"),
        ("/", "/", "/", "", "/"),
        ("", "", "", "", ""),
        (".", "", ".", "", "."),
        (".star", "", ".star", "", ".star"),
        ("run.1/half", "run.1", "half", "", "run.1/half"),
        ("run_it001.model.star", "", "run_it001.model.star", "star", "run_it001.model"),
        ("map.spc:mrc", "", "map.spc:mrc", "spc:mrc", "map"),
        ("é/ü.mrcs", "é", "ü.mrcs", "mrcs", "é/ü"),
    ])
    func parts(path: String, folder: String, name: String, pathExtension: String, stem: String) {
        let parts = PathName(path)
        #expect(parts.folder == folder)
        #expect(parts.name == name)
        #expect(parts.pathExtension == pathExtension)
        #expect(parts.stem == stem)
    }

    @Test("names beside a file stay in the current folder, in the root, in a folder")
    func siblings() {
        #expect(PathName("p").sibling("q.mrc") == "q.mrc")
        #expect(PathName("/p").sibling("q.mrc") == "/q.mrc")
        #expect(PathName("a/p").sibling("q.mrc") == "a/q.mrc")
        #expect(PathName.joined("a/", "q") == "a/q")
    }

    @Test("a name of one character in the current folder can be written")
    func oneCharacter() {
        #expect(OutputFolder.obstacle(to: "p") == nil || access(".", W_OK) != 0)
        #expect(OutputFolder.obstacle(to: "q/p") == nil || access(".", W_OK) != 0)
        OutputFolder.make(for: "p")
    }
}
