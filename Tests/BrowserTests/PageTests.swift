import Foundation
import Pipeline
import Testing
import TestSupport

/// The page as a person uses it, in a real browser.
@Suite(.serialized, .enabled(if: Browser.isInstalled, Browser.hint)) struct PageTests {
    private let browser: Browser

    init() throws { browser = try Browser() }

    private static func oneJob(_ project: Project) throws {
        try project.change("job") { graph in graph.add(PipelineProcess(name: "Import/job001/", typeLabel: "relion.import", status: .succeeded)) }
    }

    /// How long the page takes until `condition` holds: the first that is below a second, since other tests run beside; else the best.
    private func fastestLoad(_ page: BrowserPage, _ served: ServedProject, until condition: String) throws -> Double {
        var best = Double.infinity
        let limit = Date(timeIntervalSinceNow: 60)
        repeat {
            let start = Date()
            try page.open(served.address)
            try page.wait(for: condition)
            best = min(best, Date().timeIntervalSince(start))
        } while best > 1 && Date() < limit
        return best
    }

    @Test func firstPageIsSmallAndFast() throws {
        let served = try ServedProject(Self.oneJob)
        let page = try browser.page()
        #expect(try fastestLoad(page, served, until: "document.querySelector('#jobs').innerText.includes('Import/job001/')") < 1)
        let bytes = try page.number("[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].reduce((sum, e) => sum + e.transferSize, 0)")
        #expect(bytes > 1000 && bytes < 1_000_000, "\(bytes) bytes")
        #expect(try page.evaluate("location.search") as? String == "", "the token must leave the address")
        try page.picture("home")
        try page.setColours(dark: true)
        try page.resize(width: 400, height: 800)
        try page.picture("home-dark-400")
        #expect(try page.number("document.documentElement.scrollWidth") <= 400)
        #expect(browser.pipe.problems == [])
    }

    @Test func thousandJobsOpenWithinASecond() throws {
        let served = try ServedProject(inMemory: true) { project in
            try project.change("jobs") { graph in
                for number in 1...1000 {
                    let name = String(format: "Class2D/job%03d/", number)
                    graph.add(PipelineProcess(name: name, typeLabel: "relion.class2d", status: .succeeded))
                    try graph.addOutput(PipelineNode(name: name + "particles.star", typeLabel: "ParticleGroupMetadata.star.relion"), of: name)
                    if number > 1 {
                        let earlier = String(format: "Class2D/job%03d/particles.star", number - 1)
                        try graph.addInput(PipelineNode(name: earlier, typeLabel: "ParticleGroupMetadata.star.relion"), to: name)
                    }
                }
            }
        }
        let page = try browser.page()
        #expect(try fastestLoad(page, served, until: "document.querySelectorAll('#jobs a').length === 1000") < 1)
        try page.picture("thousand-jobs")
    }

    @Test func diskUseIsShown() throws {
        let served = try ServedProject(Self.oneJob)
        try served.folder.write(String(repeating: "x", count: 123_456), to: "Import/job001/big.star")
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "What takes space")
        try page.wait(forText: "123 kB in all", in: "#page")
        try page.picture("disk")
        try page.click(text: "Import/job001/", in: "#page")
        try page.wait(forText: "relion.import", in: "#page")
        #expect(browser.pipe.problems == [])
    }

    @Test func formIsFilledAndScheduled() throws {
        let served = try ServedProject()
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "External", in: "#types")
        try page.type("true", into: "#field-fn_exe")
        // What was missing is there, and the page sees it without being asked.
        try page.wait(for: "!document.querySelector('.problems')", timeLimitInSeconds: 5)
        try page.type("mine", into: "[aria-label=Alias]")
        try page.picture("form")
        try page.click(text: "Schedule")
        try page.wait(forText: "Scheduled", in: "#page")
        #expect(try served.project.graph().find("mine")?.status == .scheduled)
        #expect(try JobSettingsFile(contentsOf: served.folder.path + "/External/job001").options().contains { $0 == ("fn_exe", "true") })
        try page.picture("scheduled")
        #expect(browser.pipe.problems == [])
    }

    @Test func runningJobIsAborted() throws {
        let served = try ServedProject()
        try served.folder.write("exec sleep 60", to: "sleep.sh")
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "External", in: "#types")
        try page.type("sh sleep.sh", into: "#field-fn_exe")
        try page.click(text: "Run")
        try page.wait(forText: "· Running", in: "#page")
        try page.picture("running")
        try page.click(text: "Stop now")
        try page.wait(forText: "Aborted", in: "#page")
        #expect(browser.pipe.dialogs == ["Stop its processes at once?"])
        #expect(try served.project.graph().processes.first?.status == .aborted)
        try page.picture("aborted")
    }

    @Test func errorsAreToldInPlainWords() throws {
        let served = try ServedProject()
        try served.folder.write("echo ERROR: the box is too small >&2; exit 1", to: "fail.sh")
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "External", in: "#types")
        try page.click(text: "Run")
        try page.wait(for: "document.querySelector('.problems')")
        let text = try page.text(".problems")
        #expect(!text.contains("undefined") && !text.contains("[object") && !text.contains("422") && text.count > 20, "\(text)")
        try page.picture("refused")
        // A job that fails says why.
        try page.type("sh fail.sh", into: "#field-fn_exe")
        try page.click(text: "Run")
        try page.wait(forText: "ERROR: the box is too small", in: "[role=alert]")
        try page.picture("failed")
        #expect(try served.project.graph().processes.first?.status == .failed)
    }

    @Test func pageComesBackWithTheServer() throws {
        let served = try ServedProject(Self.oneJob)
        let page = try browser.page()
        try page.open(served.address)
        try page.wait(forText: "Import/job001/", in: "#jobs")
        served.stop()
        try page.wait(forText: "connection lost", in: "#connection")
        try page.picture("connection-lost")
        try served.start(keepsToken: true)
        try page.wait(for: "document.querySelector('#connection').innerText === ''")
        // A change after that arrives.
        try served.project.change("job") { graph in graph.add(PipelineProcess(name: "Extract/job002/", typeLabel: "relion.extract", status: .succeeded)) }
        try page.wait(forText: "Extract/job002/", in: "#jobs")
    }

    /// Another start of the server has another token: the page says what to do, and goes on once the new address was opened.
    @Test func newTokenIsAskedFor() throws {
        let served = try ServedProject(Self.oneJob)
        let page = try browser.page()
        try page.open(served.address)
        try page.wait(forText: "Import/job001/", in: "#jobs")
        served.stop()
        try page.wait(forText: "connection lost", in: "#connection")
        try served.start()
        try page.wait(forText: "open the address", in: "#connection")
        try page.picture("new-token")
        let second = try browser.page()
        try second.open(served.address)
        try second.wait(forText: "Import/job001/", in: "#jobs")
        try page.wait(for: "document.querySelector('#connection').innerText === ''")
        try served.project.change("job") { graph in graph.add(PipelineProcess(name: "Extract/job002/", typeLabel: "relion.extract", status: .succeeded)) }
        try page.wait(forText: "Extract/job002/", in: "#jobs")
    }
}
