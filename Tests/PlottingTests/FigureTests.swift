import Arrays
import Foundation
import Reporting
import Testing

@testable import Plotting

/// A folder that goes away with the test.
private final class ScratchFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("plotting-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit {
        if ProcessInfo.processInfo.environment["KEEP_FIGURES"] == nil { try? FileManager.default.removeItem(at: url) }
    }
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

@Suite struct FigureTests {
    private let folder: ScratchFolder
    init() throws { folder = try ScratchFolder() }

    static let fscPlot: Plot = {
        let frequencies = (0...60).map { Double($0) / 200 }
        var plot = Plot(
            title: "Fourier shell correlation: 3.92 Å", x: Axis("Resolution (1/Å)"), y: Axis("FSC", range: -0.1...1.05))
        plot.series = [
            .line("corrected", x: frequencies, y: frequencies.map { 1 / (1 + exp(60 * ($0 - 0.24))) }, colour: .black, width: 2),
            .line("unmasked", x: frequencies, y: frequencies.map { 1 / (1 + exp(40 * ($0 - 0.2))) }),
            .line("phase-randomised", x: frequencies, y: frequencies.map { 1 / (1 + exp(90 * ($0 - 0.08))) }, dash: .dashed),
        ]
        plot.guides = [.horizontal(0.143, label: "0.143"), .vertical(0.255, label: "3.92 Å")]
        plot.showsResolutionOnTop = true
        return plot
    }()

    static let particles = GreyImage(
        RealArray(shape: .square(64), values: (0..<4096).map { (i: Int) -> Float in
            let dx = Float(i % 64 - 32), dy = Float(i / 64 - 32)
            return expf(-(dx * dx + 2 * dy * dy) / 200) + 0.1 * sinf(Float(i * 7919 % 1000))
        }))

    static var pages: [Page] {
        let values = (0..<5000).map { (i: Int) -> Double in
            var sum = 0.0
            for j in 0..<12 { sum += Double((i * 97 + j * 7919) * 2_654_435_761 % 1000) / 1000 }
            return sum
        }
        let scatter = Series.scatter(x: values, y: Array(values.reversed()), marker: .dot, size: 1.5)
        let decay = Series.line("decay", x: (1...100).map(Double.init), y: (1...100).map { 1000 * exp(-Double($0) / 12) })
        return [
            Page(fscPlot),
            Page(title: "Four plots", columns: 2, [
                .plot(.histogram(title: "Defocus", label: "Å", values: values)),
                .plot(Plot(title: "Scatter", x: Axis("x"), y: Axis("y"), series: [scatter])),
                .plot(Plot(title: "Logarithmic", x: Axis("Iteration"), y: Axis("Size", scale: .logarithmic), series: [decay])),
                .plot(Plot(title: "Nothing", x: Axis("x"), y: Axis("y"))),
            ]),
            Page([.images(ImageGrid(
                title: "Classes", entries: (0..<50).map { .init(particles, caption: ["class \($0)", "2.0 %  12.1 Å"]) }))]),
            Page([.table(TextTable(
                title: "Classes", headings: ["Class", "Fraction", "Resolution (Å)"],
                rows: (0..<60).map { ["class\($0)", "0.\(10 + $0)", "\(8 + $0 % 7).\($0 % 10)"] }))]),
            Page(title: "Notes", [.text(String(repeating: "Words that go on and on, over the end of the line. ", count: 40))]),
        ]
    }

    @Test func aFigureOfEveryKindBecomesAPDF() throws {
        try Figure(pages: Self.pages).write(pdf: folder.path("all.pdf"))
        let data = try folder.data("all.pdf")
        #expect(data.prefix(5) == Data("%PDF-".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["all.pdf"], "no temporary file is left")
        for page in 0..<5 { try Figure(pages: Self.pages).write(png: folder.path("page\(page).png"), page: page) }
    }

    @Test func aBitmapHasTheSizeAskedFor() throws {
        try Figure(Self.fscPlot, size: PageSize(width: 300, height: 200)).write(png: folder.path("a.png"), dotsPerInch: 144)
        let header = [UInt8](try folder.data("a.png").prefix(24))
        #expect(header[1...3].elementsEqual("PNG".utf8))
        let width = Int(header[18]) << 8 | Int(header[19]), height = Int(header[22]) << 8 | Int(header[23])
        #expect(width == 600)
        #expect(height == 400)
    }

    @Test func svgIsText() throws {
        try Figure(Self.fscPlot).write(svg: folder.path("a.svg"))
        #expect(String(decoding: try folder.data("a.svg"), as: UTF8.self).contains("<svg"))
    }

    @Test func strangeValuesDoNotHurt() throws {
        let odd = [Double.nan, .infinity, -.infinity, 0, -1, 1e300, 1e-300, 5]
        for style in [Series.Style.line(width: 1, dash: .dotted), .points(.cross, size: 3), .bars(width: 1), .steps(width: 1)] {
            for scale in [Axis.Scale.linear, .logarithmic] {
                var series = Series("odd", x: odd.indices.map(Double.init), y: odd, style: style)
                series.errors = odd
                let plot = Plot(x: Axis("x", scale: scale), y: Axis("y", scale: scale), series: [series])
                try Figure(plot).write(pdf: folder.path("odd.pdf"))
            }
        }
        let same = Plot(series: [.line(x: [1, 1], y: [2, 2]), .histogram(values: [3, 3, 3]), .histogram(values: [])])
        try Figure(same).write(png: folder.path("same.png"))
    }

    @Test func missingFoldersAreMade() throws {
        try Figure(Self.fscPlot).write(pdf: folder.path("new/deep/a.pdf"))
        #expect(try folder.data("new/deep/a.pdf").prefix(5) == Data("%PDF-".utf8))
    }

    @Test func aFileInPlaceOfAFolderIsTheUsersFault() {
        #expect(throws: InputError.self) { try Figure(Self.fscPlot).write(pdf: "/dev/null/a.pdf") }
        #expect(throws: InputError.self) { try Figure(Self.fscPlot).write(png: "/dev/null/a.png") }
    }
}
