import CCairo
import Foundation
import Reporting

/// A rectangle in points; y grows downwards.
struct Box: Sendable, Hashable {
    var x, y, width, height: Double
    var right: Double { x + width }
    var bottom: Double { y + height }
    var centre: (x: Double, y: Double) { (x + width / 2, y + height / 2) }

    func inset(left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0) -> Box {
        Box(x: x + left, y: y + top, width: max(1, width - left - right), height: max(1, height - top - bottom))
    }
}

/// The drawing surface: the only file that calls cairo.
final class Canvas {
    enum Format { case pdf, eps, svg, png(pixelsPerPoint: Double) }
    enum Anchor { case start, middle, end }
    enum Weight { case normal, bold }

    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let format: Format
    private let path: String

    /// - Parameter path: where PDF and SVG go at once and PNG on `finish`.
    init(format: Format, path: String, size: PageSize) throws {
        self.format = format
        self.path = path
        switch format {
        case .pdf: surface = cairo_pdf_surface_create(path, size.width, size.height)
        case .eps:
            surface = cairo_ps_surface_create(path, size.width, size.height)
            cairo_ps_surface_set_eps(surface, 1)
        case .svg: surface = cairo_svg_surface_create(path, size.width, size.height)
        case .png(let scale):
            surface = cairo_image_surface_create(
                CAIRO_FORMAT_RGB24, Int32((size.width * scale).rounded(.up)), Int32((size.height * scale).rounded(.up)))
        }
        context = cairo_create(surface)
        if case .png(let scale) = format {
            cairo_set_source_rgb(context, 1, 1, 1)
            cairo_paint(context)
            cairo_scale(context, scale, scale)
        }
        try check(cairo_surface_status(surface))
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func nextPage(size: PageSize) {
        cairo_show_page(context)
        if case .pdf = format { cairo_pdf_surface_set_size(surface, size.width, size.height) }
    }

    func finish() throws {
        cairo_surface_flush(surface)
        try check(cairo_status(context))
        if case .png = format { try check(cairo_surface_write_to_png(surface, path)) }
        cairo_surface_finish(surface)
        try check(cairo_surface_status(surface))
    }

    private func check(_ status: cairo_status_t) throws {
        guard status != CAIRO_STATUS_SUCCESS else { return }
        throw InputError(
            place: path, found: "cannot be written (\(String(cString: cairo_status_to_string(status))))",
            remedy: "Check that the folder exists, may be written and is not full")
    }

    // MARK: Paths

    func setColour(_ colour: Colour) {
        cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, colour.alpha)
    }

    func setLine(width: Double, dash: Series.Dash = .solid) {
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
        let pattern: [Double] =
            switch dash {
            case .solid: []
            case .dashed: [5, 3]
            case .dotted: [1.2, 2]
            }
        cairo_set_dash(context, pattern, Int32(pattern.count), 0)
    }

    func move(_ x: Double, _ y: Double) { cairo_move_to(context, x, y) }
    func line(_ x: Double, _ y: Double) { cairo_line_to(context, x, y) }
    func rectangle(_ box: Box) { cairo_rectangle(context, box.x, box.y, box.width, box.height) }
    func closePath() { cairo_close_path(context) }
    func circle(_ x: Double, _ y: Double, radius: Double) {
        cairo_new_sub_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
    }
    /// From the present point.
    func curve(_ first: (x: Double, y: Double), _ second: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        cairo_curve_to(context, first.x, first.y, second.x, second.y, end.x, end.y)
    }
    func roundedRectangle(_ box: Box, radius: Double) {
        cairo_new_sub_path(context)
        cairo_arc(context, box.right - radius, box.y + radius, radius, -Double.pi / 2, 0)
        cairo_arc(context, box.right - radius, box.bottom - radius, radius, 0, Double.pi / 2)
        cairo_arc(context, box.x + radius, box.bottom - radius, radius, Double.pi / 2, Double.pi)
        cairo_arc(context, box.x + radius, box.y + radius, radius, Double.pi, 1.5 * Double.pi)
        cairo_close_path(context)
    }
    func stroke() { cairo_stroke(context) }
    func fill() { cairo_fill(context) }

    func clipped(to box: Box, _ draw: () -> Void) {
        cairo_save(context)
        rectangle(box)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    // MARK: Text

    private func setFont(size: Double, weight: Weight) {
        cairo_select_font_face(
            context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight == .bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    func width(of text: String, size: Double, weight: Weight = .normal) -> Double {
        setFont(size: size, weight: weight)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// Text with its baseline at (x, y), turned counter-clockwise when `isVertical`.
    func text(
        _ text: String, x: Double, y: Double, size: Double, anchor: Anchor = .start, weight: Weight = .normal,
        colour: Colour = .black, isVertical: Bool = false
    ) {
        let advance = width(of: text, size: size, weight: weight)
        let offset: Double =
            switch anchor {
            case .start: 0
            case .middle: -advance / 2
            case .end: -advance
            }
        setColour(colour)
        cairo_save(context)
        cairo_translate(context, x, y)
        if isVertical { cairo_rotate(context, -Double.pi / 2) }
        cairo_move_to(context, offset, 0)
        cairo_show_text(context, text)
        cairo_restore(context)
    }

    /// `text`, its middle replaced by … so that it is no wider than `limit` (file names keep both ends).
    func shortened(_ text: String, to limit: Double, size: Double, weight: Weight = .normal) -> String {
        if width(of: text, size: size, weight: weight) <= limit { return text }
        let letters = Array(text)
        var (kept, tooMany) = (0, letters.count)
        func shortened(_ count: Int) -> String {
            String(letters.prefix(count / 3)) + "…" + String(letters.suffix(count - count / 3))
        }
        while tooMany - kept > 1 {
            let middle = (kept + tooMany) / 2
            if width(of: shortened(middle), size: size, weight: weight) <= limit { kept = middle } else { tooMany = middle }
        }
        return shortened(kept)
    }

    // MARK: Images

    func image(_ image: GreyImage, in box: Box) {
        guard image.width > 0, image.height > 0 else { return }
        let stride = Int(cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, Int32(image.width)))
        var data = [UInt8](repeating: 255, count: stride * image.height)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let grey = image.pixels[y * image.width + x]
                let at = y * stride + x * 4
                (data[at], data[at + 1], data[at + 2]) = (grey, grey, grey)
            }
        }
        data.withUnsafeMutableBufferPointer { buffer in
            let source = cairo_image_surface_create_for_data(
                buffer.baseAddress, CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height), Int32(stride))
            cairo_save(context)
            cairo_translate(context, box.x, box.y)
            cairo_scale(context, box.width / Double(image.width), box.height / Double(image.height))
            cairo_set_source_surface(context, source, 0, 0)
            cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
            cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
            cairo_fill(context)
            cairo_restore(context)
            // Vector surfaces may keep a snapshot; finishing the source makes cairo copy the pixels now.
            cairo_surface_finish(source)
            cairo_surface_destroy(source)
        }
    }
}
