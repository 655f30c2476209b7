import Reporting
import Testing

@Suite struct TimingTableTests {
    @Test func partsStandUnderTheirStageWithTheirRate() {
        let reporter = Reporter(verbosity: .silent)
        reporter.addTime(1, to: "reading")
        reporter.addTime(2, to: "expectation")
        for _ in 0..<2 { reporter.addThreadTime(0.5, operations: 20e9, to: "products", within: "expectation") }
        reporter.addThreadTime(0.25, operations: 0, to: "sorting", within: "expectation")
        reporter.addTime(3, to: "writing")
        #expect(reporter.timingTable() == """
              reading           1.00 s
              expectation       2.00 s
                products        1.00 s of threads, 40 GFLOP/s a thread
                sorting         0.25 s of threads
              writing           3.00 s
            """)
    }
}
