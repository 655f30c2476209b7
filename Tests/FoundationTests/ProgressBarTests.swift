import Reporting
import Testing

@Suite struct ProgressBarTests {
    @Test func finishedWorkIsDone() {
        let reporter = Reporter.recording(verbosity: .normal)
        let bar = reporter.progress("Picking", total: 4)
        bar.advance(by: 4)
        bar.finish()
        #expect(reporter.recordedText.hasPrefix("Picking: done in "))
        #expect(!reporter.recordedText.contains("stopped"))
    }

    /// A bar that an error leaves behind must not say that the work was done.
    @Test func workThatEndsEarlyIsStopped() {
        struct Stop: Error {}
        let reporter = Reporter.recording(verbosity: .normal)
        func work() throws {
            let bar = reporter.progress("Picking", total: 4)
            for item in 0..<4 {
                if item == 3 { throw Stop() }
                bar.advance()
            }
            bar.finish()
        }
        #expect(throws: Stop.self) { try work() }
        #expect(reporter.recordedText.hasPrefix("Picking: stopped after "))
        #expect(reporter.recordedText.hasSuffix(", 3 of 4 done\n"))
    }

    @Test func silentReportersHearNothing() {
        let reporter = Reporter.recording(verbosity: .silent)
        _ = reporter.progress("Picking", total: 4)
        #expect(reporter.recordedText.isEmpty)
    }
}
