import Arrays
import ComplexModule
import Foundation
import Fourier
import Optics
import Parallel

/// Splits an image into the two sides of the Ewald sphere (Russo & Henderson, Ultramicroscopy 187 (2018) 26): each side is the image
/// corrected by its own complex transfer function, separated in real space by a mask where the other side is displaced.
package struct EwaldSeparation: Sendable {
    package struct Mask: Sendable {
        /// Pixels.
        package var radius: Double
        package var edge: Double

        package init(radius: Double, edge: Double) {
            self.radius = radius
            self.edge = edge
        }
    }

    private let sectors: Int
    private let isReversed: Bool
    private let mask: Mask?

    /// - Parameters:
    ///   - sectors: parts of the half-plane that are treated apart, so that the border between a coefficient and its Friedel mate
    ///     is never near.
    ///   - isReversed: exchanges the sides: the curvature of an image seen from the other direction.
    package init(sectors: Int, isReversed: Bool, mask: Mask?) {
        precondition(sectors > 0)
        self.sectors = sectors
        self.isReversed = isReversed
        self.mask = mask
    }

    /// - Parameters:
    ///   - image: phase origin in the centre.
    ///   - transform: for the image's shape.
    package func separate(_ image: FourierArray, contrast: ContrastTransferFunction, grid: FrequencyGrid,
                          phaseOffset: [Float]?, transform: FourierTransform) -> (p: FourierArray, q: FourierArray) {
        var p = FourierArray(realShape: image.realShape), q = p
        let step = 180 / Double(sectors)
        let sectorOf = sectorTable(grid: grid, step: step)
        for sector in 0..<sectors {
            func side(_ isFirst: Bool) -> FourierArray {
                let factors = contrast.ewaldValues(
                    on: grid, side: isFirst != isReversed ? .p : .q, sectorAngleInDegrees: Double(sector) * step,
                    phaseOffset: phaseOffset)
                var product = image
                for i in factors.indices { product.values[i] = product.values[i].times(factors[i]) }
                return masked(product, transform)
            }
            let first = side(true), second = side(false)
            for (i, place) in sectorOf.enumerated() where place.sector == sector {
                p.values[i] = place.isExchanged ? second.values[i] : first.values[i]
                q.values[i] = place.isExchanged ? first.values[i] : second.values[i]
            }
        }
        return (p, q)
    }

    /// Sector of each coefficient by its angle from +y, and whether it is reached through its Friedel mate.
    private func sectorTable(grid: FrequencyGrid, step: Double) -> [(sector: Int, isExchanged: Bool)] {
        (0..<grid.count).map { i in
            let x = grid.x(i % grid.columns), y = grid.y(i / grid.columns)
            let radius = (x * x + y * y).squareRoot()
            let angle = radius > 0 ? acos(min(1, max(-1, y / radius))) * 180 / .pi : 0
            let position = angle - 90 + step / 2
            let isExchanged = position < 0
            return (min(sectors - 1, Int((isExchanged ? position + 180 : position) / step)), isExchanged)
        }
    }

    private func masked(_ spectrum: FourierArray, _ transform: FourierTransform) -> FourierArray {
        guard let mask else { return spectrum }
        var spectrum = spectrum
        spectrum.movePhaseOriginToCorner()
        var image = transform.inverse(spectrum)
        image.maskOutsideSphere(radius: mask.radius, edge: mask.edge, pool: .one)
        spectrum = transform.forward(image)
        spectrum.movePhaseOriginToCentre()
        return spectrum
    }
}
