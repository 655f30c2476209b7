import Foundation

/// Lays out one page.
struct PageRenderer {
    static let margin = 22.0, textSize = 9.0, rowHeight = 13.0

    let canvas: Canvas
    let size: PageSize

    /// Inside the margins, below the page's title.
    static func content(of page: Page, size: PageSize) -> Box {
        Box(x: 0, y: 0, width: size.width, height: size.height)
            .inset(left: margin, top: margin + (page.title.isEmpty ? 0 : 24), right: margin, bottom: margin)
    }

    func draw(_ page: Page) {
        let content = Self.content(of: page, size: size)
        let title = canvas.shortened(page.title, to: content.width, size: 14, weight: .bold)
        canvas.text(title, x: size.width / 2, y: Self.margin + 10, size: 14, anchor: .middle, weight: .bold)
        let columns = min(page.columns, max(1, page.elements.count))
        let rows = (page.elements.count + columns - 1) / columns
        let gap = 12.0
        let width = (content.width - gap * Double(columns - 1)) / Double(columns)
        let height = (content.height - gap * Double(rows - 1)) / Double(max(1, rows))
        for (index, element) in page.elements.enumerated() {
            let cell = Box(
                x: content.x + Double(index % columns) * (width + gap),
                y: content.y + Double(index / columns) * (height + gap), width: width, height: height)
            draw(element, in: cell)
        }
    }

    private func draw(_ element: PageElement, in cell: Box) {
        switch element {
        case .plot(let plot): PlotRenderer(plot: plot, canvas: canvas).draw(in: cell)
        case .images(let grid): draw(grid, in: cell)
        case .table(let table): draw(table, in: cell)
        case .text(let text): draw(text, in: cell)
        }
    }

    // MARK: Text

    private func draw(_ text: String, in cell: Box) {
        var y = cell.y + Self.textSize
        for line in wrapped(text, width: cell.width) {
            guard y <= cell.bottom else { return }
            canvas.text(line, x: cell.x, y: y, size: Self.textSize)
            y += Self.rowHeight
        }
    }

    func wrapped(_ text: String, width: Double) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            var lines: [String] = [], line = ""
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                let longer = line.isEmpty ? String(word) : line + " " + word
                if line.isEmpty || canvas.width(of: longer, size: Self.textSize) <= width {
                    line = longer
                } else {
                    lines.append(line)
                    line = String(word)
                }
            }
            return lines + [canvas.shortened(line, to: width, size: Self.textSize)]
        }
    }

    // MARK: Tables

    private func draw(_ table: TextTable, in cell: Box) {
        var y = cell.y + Self.textSize
        if !table.title.isEmpty {
            canvas.text(table.title, x: cell.x, y: y + 2, size: 11, weight: .bold)
            y += 20
        }
        let columns = columns(of: table, width: cell.width)
        draw(row: table.headings, columns, at: y, x: cell.x, weight: .bold)
        let width = columns.reduce(0) { $0 + $1.width }
        rule(x: cell.x, y: y + 4, width: width)
        y += 3
        for (index, row) in table.rows.enumerated() {
            y += Self.rowHeight
            if y + Self.rowHeight > cell.bottom, index + 1 < table.rows.count {
                canvas.text("… and \(table.rows.count - index) more", x: cell.x, y: y, size: Self.textSize, colour: .guide)
                return
            }
            draw(row: row, columns, at: y, x: cell.x, weight: .normal)
        }
        rule(x: cell.x, y: y + 4, width: width)
    }

    private func rule(x: Double, y: Double, width: Double) {
        canvas.setColour(.axis)
        canvas.setLine(width: 0.6)
        canvas.move(x, y)
        canvas.line(x + width, y)
        canvas.stroke()
    }

    private func columns(of table: TextTable, width: Double) -> [(width: Double, isNumeric: Bool)] {
        let wanted = table.headings.indices.map { column -> (width: Double, isNumeric: Bool) in
            let cells = table.rows.compactMap { $0.indices.contains(column) ? $0[column] : nil }
            let widest = cells.map { canvas.width(of: $0, size: Self.textSize) }.max() ?? 0
            let heading = canvas.width(of: table.headings[column], size: Self.textSize, weight: .bold)
            return (max(widest, heading) + 14, !cells.isEmpty && cells.allSatisfy { Double($0) != nil || $0 == "–" })
        }
        let total = wanted.reduce(0) { $0 + $1.width }
        return total <= width ? wanted : wanted.map { ($0.width * width / total, $0.isNumeric) }
    }

    private func draw(
        row: [String], _ columns: [(width: Double, isNumeric: Bool)], at y: Double, x: Double, weight: Canvas.Weight
    ) {
        var left = x
        for (text, column) in zip(row, columns) {
            let text = canvas.shortened(text, to: column.width - 8, size: Self.textSize, weight: weight)
            canvas.text(
                text, x: column.isNumeric ? left + column.width - 10 : left + 2, y: y, size: Self.textSize,
                anchor: column.isNumeric ? .end : .start, weight: weight)
            left += column.width
        }
    }

    // MARK: Images

    private func draw(_ grid: ImageGrid, in cell: Box) {
        var area = cell
        if !grid.title.isEmpty {
            canvas.text(grid.title, x: cell.centre.x, y: cell.y + 13, size: 12, anchor: .middle, weight: .bold)
            area = cell.inset(top: 22)
        }
        let layout = ImageGridLayout(grid, in: area)
        for (index, entry) in grid.entries.prefix(layout.capacity).enumerated() {
            let box = layout.box(at: index)
            let scale = min(box.width / Double(max(1, entry.image.width)), layout.imageHeight / Double(max(1, entry.image.height)))
            let width = Double(entry.image.width) * scale, height = Double(entry.image.height) * scale
            canvas.image(entry.image, in: Box(x: box.x + (box.width - width) / 2, y: box.y, width: width, height: height))
            for (line, caption) in entry.caption.enumerated() {
                let text = canvas.shortened(caption, to: box.width, size: layout.captionSize)
                canvas.text(
                    text, x: box.centre.x, y: box.y + layout.imageHeight + Double(line + 1) * layout.captionSize * 1.25,
                    size: layout.captionSize, anchor: .middle)
            }
        }
    }
}

/// Places of images in a grid.
struct ImageGridLayout {
    let area: Box
    let columns, rows: Int
    let cellWidth, imageHeight, captionHeight: Double
    let captionSize = 7.5
    private let gap = 5.0

    init(_ grid: ImageGrid, in area: Box) {
        self.area = area
        let lines = grid.entries.map(\.caption.count).max() ?? 0
        let captionHeight = lines == 0 ? 0 : Double(lines) * captionSize * 1.25 + 4
        let gap = gap
        let aspect = grid.entries.map { Double($0.image.height) / Double(max(1, $0.image.width)) }.max() ?? 1
        func rows(_ columns: Int) -> Int {
            let width = (area.width - gap * Double(columns - 1)) / Double(columns)
            return max(1, Int((area.height + gap) / (width * aspect + captionHeight + gap)))
        }
        // The largest images that all fit on one page, but none narrower than 50 points.
        let most = max(1, Int(area.width / 55))
        let columns = max(1, grid.columns ?? (1...most).first { $0 * rows($0) >= grid.entries.count } ?? most)
        self.columns = columns
        self.captionHeight = captionHeight
        self.rows = rows(columns)
        cellWidth = (area.width - gap * Double(columns - 1)) / Double(columns)
        imageHeight = min(cellWidth * aspect, max(1, area.height - captionHeight))
    }

    var capacity: Int { columns * rows }

    func box(at index: Int) -> Box {
        Box(
            x: area.x + Double(index % columns) * (cellWidth + gap),
            y: area.y + Double(index / columns) * (imageHeight + captionHeight + gap), width: cellWidth,
            height: imageHeight + captionHeight)
    }
}
