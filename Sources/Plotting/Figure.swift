import Foundation
import Reporting

/// Pages of plots, images, tables and text, to be written as PDF, PNG or SVG.
///
///     try Figure(pages: [Page(fscPlot), Page(guinierPlot)]).write(pdf: "logfile.pdf")
///
/// Files are written under a temporary name and renamed, so that a reader never sees half of one.
package struct Figure: Sendable, Hashable {
    package var pages: [Page]
    package var size: PageSize

    package init(pages: [Page], size: PageSize = .singlePlot) {
        self.pages = pages
        self.size = size
    }

    package init(_ plot: Plot, size: PageSize = .singlePlot) { self.init(pages: [Page(plot)], size: size) }

    /// All pages. A page that holds nothing but one long table, text or image grid goes on as far as it needs.
    package func write(pdf path: String) throws {
        try replacing(path) { temporary in
            let canvas = try Canvas(format: .pdf, path: temporary, size: size)
            let pages = continued(with: canvas)
            for (index, page) in pages.enumerated() {
                if index > 0 { canvas.nextPage(size: size) }
                PageRenderer(canvas: canvas, size: size).draw(page)
            }
            try canvas.finish()
        }
    }

    /// One page as a bitmap.
    package func write(png path: String, page: Int = 0, dotsPerInch: Double = 150) throws {
        try write(page: page, path: path, format: .png(pixelsPerPoint: dotsPerInch / 72))
    }

    /// One page as encapsulated PostScript.
    package func write(eps path: String, page: Int = 0) throws { try write(page: page, path: path, format: .eps) }

    /// One page as SVG.
    package func write(svg path: String, page: Int = 0) throws { try write(page: page, path: path, format: .svg) }

    private func write(page: Int, path: String, format: Canvas.Format) throws {
        precondition(pages.indices.contains(page), "the figure has no page \(page)")
        try replacing(path) { temporary in
            let canvas = try Canvas(format: format, path: temporary, size: size)
            PageRenderer(canvas: canvas, size: size).draw(pages[page])
            try canvas.finish()
        }
    }

    private func replacing(_ path: String, _ write: (String) throws -> Void) throws {
        let temporary = path + ".tmp\(getpid())"
        OutputFolder.make(for: path)
        do {
            try write(temporary)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw InputError(place: path, found: "cannot be written (\(reason))")
        }
    }

    /// Splits sole long elements over as many pages as they need.
    private func continued(with canvas: Canvas) -> [Page] {
        pages.flatMap { page -> [Page] in
            guard page.elements.count == 1, let element = page.elements.first else { return [page] }
            let content = PageRenderer.content(of: page, size: size)
            let parts: [PageElement]
            switch element {
            case .plot: return [page]
            case .table(let table):
                let rows = max(1, Int((content.height - (table.title.isEmpty ? 25 : 45)) / PageRenderer.rowHeight))
                parts = table.rows.chunked(rows).map {
                    .table(TextTable(title: table.title, headings: table.headings, rows: $0))
                }
            case .text(let text):
                let lines = PageRenderer(canvas: canvas, size: size).wrapped(text, width: content.width)
                let count = max(1, Int(content.height / PageRenderer.rowHeight))
                parts = lines.chunked(count).map { .text($0.joined(separator: "\n")) }
            case .images(let grid):
                let area = content.inset(top: grid.title.isEmpty ? 0 : 22)
                let layout = ImageGridLayout(grid, in: area)
                parts = grid.entries.chunked(layout.capacity).map {
                    .images(ImageGrid(title: grid.title, entries: $0, columns: layout.columns))
                }
            }
            return parts.isEmpty ? [page] : parts.map { Page(title: page.title, [$0]) }
        }
    }
}

extension Array {
    fileprivate func chunked(_ size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) }
    }
}
