/// Grey images in a labelled grid, for classes, particles, sections of a map.
package struct ImageGrid: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var image: GreyImage
        /// Lines below the image.
        package var caption: [String]

        package init(_ image: GreyImage, caption: [String] = []) {
            self.image = image
            self.caption = caption
        }
    }

    package var title: String
    package var entries: [Entry]
    /// Images side by side; chosen to fill the page when nil. What does not fit goes on to further pages.
    package var columns: Int?

    package init(title: String = "", entries: [Entry], columns: Int? = nil) {
        self.title = title
        self.entries = entries
        self.columns = columns
    }
}

/// Rows of text under headings. Columns of numbers are aligned to the right. Long tables go on to further pages.
package struct TextTable: Sendable, Hashable {
    package var title: String
    package var headings: [String]
    /// Each with as many cells as there are headings.
    package var rows: [[String]]

    package init(title: String = "", headings: [String], rows: [[String]]) {
        self.title = title
        self.headings = headings
        self.rows = rows
    }
}

/// What fills one cell of a page.
package enum PageElement: Sendable, Hashable {
    case plot(Plot)
    case images(ImageGrid)
    case table(TextTable)
    /// Paragraphs separated by line ends; long lines are wrapped.
    case text(String)
}

/// One page: elements in a grid, row by row.
package struct Page: Sendable, Hashable {
    package var title: String
    package var elements: [PageElement]
    package var columns: Int

    package init(title: String = "", columns: Int = 1, _ elements: [PageElement]) {
        self.title = title
        self.columns = max(1, columns)
        self.elements = elements
    }

    package init(_ plot: Plot) { self.init([.plot(plot)]) }
}

/// Width and height in points (1/72 inch).
package struct PageSize: Sendable, Hashable {
    package var width, height: Double

    package init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    package static let a4 = PageSize(width: 595.28, height: 841.89)
    package static let a4Landscape = PageSize(width: 841.89, height: 595.28)
    /// One plot, as RELION's logs have it.
    package static let singlePlot = PageSize(width: 600, height: 420)
}
