import Metadata
import Reporting
import Testing
import TestSupport

@Suite struct SignalSpectrumFileTests {
    private func read(_ rows: String) throws -> [Double] {
        let folder = try TemporaryFolder()
        let text = "data_\n\nloop_\n_rlnSpectralIndex #1\n_rlnReferenceTau2 #2\n" + rows
        return try SignalSpectrumFile.read(try folder.write(text, to: "tau.star"))
    }

    @Test func shellsWithoutARowHaveNoSignal() throws {
        #expect(try read("1 0.5\n0 2\n3 0.25\n") == [2, 0.5, 0, 0.25])
    }

    @Test(arguments: ["1 -0.5\n", "-1 1\n", "99999999 1\n", "1 nan\n", "1 x\n", ""])
    func damage(rows: String) {
        let error = #expect(throws: InputError.self) { try read(rows) }
        #expect(error?.description.contains("tau.star") == true)
    }
}
