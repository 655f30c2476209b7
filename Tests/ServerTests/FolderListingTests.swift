import Foundation
import Pipeline
import Testing
import TestSupport

@testable import Server

/// Choosing files.
@Suite struct FolderListingTests {
    @Test(arguments: [
        ("MRC files (*.{mrc,mrcs})", ["a.mrc", "b.mrcs"]), ("*.star", ["c.star", "run_it025_optimiser.star"]), ("STAR Files (run_it*_optimiser.star)", ["run_it025_optimiser.star"]),
        ("STAR files (*.star) \t Image stacks (not recommended, read help!) (*.{spi,mrcs})", ["b.mrcs", "c.star", "run_it025_optimiser.star"]),
        ("", ["a.mrc", "b.mrcs", "c.star", "run_it025_optimiser.star", "{x"]), ("*", ["a.mrc", "b.mrcs", "c.star", "run_it025_optimiser.star", "{x"]), ("{x*", ["{x"]),
        ("Movie (*.{mrc,tif,mrc.bz2})", ["a.mrc"]),
    ])
    func patterns(text: String, fitting: [String]) {
        let pattern = FilePattern(text)
        let names = ["a.mrc", "b.mrcs", "c.star", "run_it025_optimiser.star", "{x"]
        #expect(names.filter(pattern.fits) == fitting)
    }

    @Test func foldersComeFirstAndHiddenFilesDoNot() throws {
        let folder = try TemporaryFolder()
        for name in ["b.star", "a.star", ".hidden.star", "z/x.star", "c.mrc"] { try folder.write("12345", to: name) }
        try FileManager.default.createSymbolicLink(atPath: folder.file("in.star"), withDestinationPath: "a.star")
        try FileManager.default.createSymbolicLink(atPath: folder.file("out.star"), withDestinationPath: "/etc/hostname")
        try FileManager.default.createSymbolicLink(atPath: folder.file("nowhere.star"), withDestinationPath: "nothing")
        let paths = ProjectPaths(project: Project(root: folder.path))
        let listing = try FolderListing(path: "", pattern: FilePattern("*.star"), paths: paths)
        #expect(listing.entries.map(\.name) == ["z", "a.star", "b.star", "in.star"] && listing.total == 4)
        #expect(listing.entries[0].isFolder && listing.entries[1].bytes == 5 && abs(listing.entries[1].modified - Date().timeIntervalSince1970) < 100)
        #expect(throws: HTTPFailure.self) { try FolderListing(path: "a.star", pattern: FilePattern(""), paths: paths) }
        #expect(throws: HTTPFailure.self) { try FolderListing(path: "nothing", pattern: FilePattern(""), paths: paths) }
    }
}
