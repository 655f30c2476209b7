import Foundation
import Pipeline
import Testing
import TestSupport

/// Forms: choosing files, templates, names that are not harmless.
@Suite(.serialized, .enabled(if: Browser.isInstalled, Browser.hint)) struct FormTests {
    private let browser: Browser

    init() throws { browser = try Browser() }

    @Test func fileIsChosen() throws {
        let served = try ServedProject()
        for name in ["Masks/a.mrc", "Masks/b.mrc", "Masks/notes.txt", "model.mrc"] { try served.folder.write("x", to: name) }
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "External", in: "#types")
        try page.click("[data-key=in_mask] .browse-files")
        try page.wait(forText: "model.mrc", in: "dialog")
        try page.picture("browse")
        try page.click("dialog li:first-child button")
        try page.wait(forText: "b.mrc", in: "dialog")
        #expect(try !page.text("dialog").contains("notes.txt"))
        try page.click("dialog li:nth-child(2) button")
        try page.click(text: "Choose", in: "dialog")
        try page.wait(for: "document.querySelector('#field-in_mask').value === 'Masks/b.mrc' && !document.querySelector('dialog')")
        // Again from there, this time by keys.
        try page.click("[data-key=in_mask] .browse-files")
        try page.wait(forText: "b.mrc", in: "dialog")
        try page.setColours(dark: true)
        try page.resize(width: 400, height: 800)
        try page.picture("browse-dark-400")
        try page.type("*.mrc", into: "dialog input[type=text]")
        try page.press("Enter", code: 13)
        try page.wait(for: "document.querySelector('#field-in_mask').value === 'Masks/*.mrc'")
        #expect(browser.pipe.problems == [])
    }

    @Test func templatesAreSavedLoadedAndDeleted() throws {
        let served = try ServedProject()
        let page = try browser.page()
        try page.open(served.address)
        try page.click(text: "External", in: "#types")
        try page.type("my_program", into: "#field-fn_exe")
        browser.pipe.answerDialogs(with: "my settings")
        try page.click(text: "Save as template")
        try page.wait(for: "document.querySelector('[aria-label=Templates]').value === 'my settings'")
        try page.picture("template")
        try page.click(text: "Import", in: "#types")
        try page.wait(forText: "no templates")
        try page.click(text: "External", in: "#types")
        try page.wait(for: "document.querySelectorAll('[aria-label=Templates] option').length === 2")
        try page.evaluate("(() => { const s = document.querySelector('[aria-label=Templates]'); s.value = 'my settings'; s.onchange(); })()")
        try page.wait(for: "document.querySelector('#field-fn_exe').value === 'my_program'")
        try page.click(text: "Delete template")
        try page.wait(forText: "no templates")
        #expect(!served.folder.exists(".gui_templates/relion.external/my settings.star"))
        #expect(browser.pipe.problems == [])
    }

    /// Names, notes and logs are shown as what they are.
    @Test func oddNamesAreText() throws {
        let odd = "<img src=x onerror=\"window.wrong=1\"><script>window.wrong=1</script>'\"&amp; ünï 🧬"
        let served = try ServedProject { project in
            try project.change("jobs") { graph in
                graph.add(PipelineProcess(name: "External/job001/", alias: "External/\(odd.replacing(" ", with: "_").replacing("/", with: "|"))/", typeLabel: "relion.external", status: .failed))
                try graph.addOutput(PipelineNode(name: "External/job001/<b>x</b>.mrc", typeLabel: "DensityMap.mrc"), of: "External/job001/")
            }
        }
        for file in ["run.out", "run.err", "note.txt"] { try served.folder.write("ERROR: \(odd)\n", to: "External/job001/" + file) }
        try served.folder.write("x", to: "<img src=x onerror='window.wrong=1'>.mrc")
        let page = try browser.page()
        try page.open(served.address)
        try page.wait(forText: "<img", in: "#jobs")
        try page.click("#jobs a")
        try page.wait(forText: odd, in: "[role=alert]")
        try page.wait(forText: odd, in: "pre")
        try page.picture("odd-names")
        try page.evaluate("location.hash = '#/new/relion.external'")
        try page.click("[data-key=in_mask] .browse-files")
        try page.wait(forText: "onerror='window.wrong=1'>.mrc", in: "dialog")
        try page.evaluate("location.hash = '#/job/' + encodeURIComponent('<img src=x onerror=window.wrong=1>')")
        Thread.sleep(forTimeInterval: 0.5)
        #expect(try page.evaluate("window.wrong === undefined && document.querySelectorAll('img[src=x], #page script').length === 0") as? Bool == true)
    }
}
