/// An sRGB colour; components in 0 ... 1.
package struct Colour: Sendable, Hashable {
    package var red, green, blue, alpha: Double

    package init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    package init(grey: Double) { self.init(red: grey, green: grey, blue: grey) }

    /// From `0xRRGGBB`.
    package init(hex: UInt32) {
        self.init(
            red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255, blue: Double(hex & 255) / 255)
    }

    package func withAlpha(_ alpha: Double) -> Colour {
        Colour(red: red, green: green, blue: blue, alpha: alpha)
    }

    package static let black = Colour(grey: 0)
    package static let white = Colour(grey: 1)
    package static let axis = Colour(grey: 0.25)
    package static let grid = Colour(grey: 0.9)
    package static let guide = Colour(grey: 0.5)

    package static let blue = Colour(hex: 0x0072B2)
    package static let vermilion = Colour(hex: 0xD55E00)
    package static let green = Colour(hex: 0x009E73)
    package static let purple = Colour(hex: 0xCC79A7)
    package static let orange = Colour(hex: 0xE69F00)
    package static let skyBlue = Colour(hex: 0x56B4E9)
    package static let yellow = Colour(hex: 0xD8C400)

    /// Colours for successive series; told apart by colour-blind readers too (Okabe & Ito 2008), then darker variants.
    package static let palette: [Colour] = [
        .blue, .vermilion, .green, .purple, .orange, .skyBlue, .black, .yellow,
        Colour(hex: 0x003F66), Colour(hex: 0x7A3600), Colour(hex: 0x005B42), Colour(hex: 0x7D3C5D),
    ]

    package static func ofSeries(_ index: Int) -> Colour { palette[index % palette.count] }
}
