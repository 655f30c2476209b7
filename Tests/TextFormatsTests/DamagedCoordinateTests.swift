import Foundation
import Reporting
import TestSupport
import Testing
import TextFormats

/// 10,000 damaged coordinate files of each format are read or refused with an `InputError`: never a crash, never a hang.
@Suite(.timeLimit(.minutes(1))) struct DamagedCoordinateTests {
    @Test(arguments: [
        ("a.box", "102\t300\t256\t256\t-3\n-20\t40\t256\t256\t-3\n1200\t17\t256\t256\t-3\n"),
        ("a.pos", "# <X position> <Y position>\n  1203   402\n  88    91\n  17   2000\n"),
        ("a.coords", "    x         y      density\n 102.4 90.1 114\n 88 91 3\n 5 2000 7\n"),
    ])
    func damaged(name: String, text: String) throws {
        let folder = try TemporaryFolder(inMemory: true)
        var (refused, read) = (0, 0)
        for seed in 0..<10_000 {
            let path = folder.file(name)
            try Data(Damage.damaged(Array(text.utf8), seed: seed)).write(to: URL(fileURLWithPath: path))
            do {
                let coordinates = try CoordinateFile.read(path)
                read += 1
                if !coordinates.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) { Issue.record("seed \(seed)") }
            } catch let error as InputError {
                refused += 1
                if error.description.isEmpty { Issue.record("seed \(seed)") }
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        #expect(refused > 200 && read > 1000, "\(refused) \(read)")
    }
}
