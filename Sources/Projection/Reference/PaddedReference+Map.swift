import Arrays
import Parallel

extension PaddedReference {
    /// The map of these coefficients: inverse of `init(map:)` without gridding correction, but for the frequencies beyond
    /// `layout.radius` and the corners outside the inscribed sphere, which get the mean value there.
    ///
    /// - Parameter dataDimension: as it was for the transform.
    package func map(dataDimension: CentredLayout.Dimension = .two, pool: ThreadPool) -> RealArray {
        let extent = layout.dimension == .three && dataDimension == .two ? Double(layout.box) : 1
        var map = SphereTransform(layout: layout).inverse(values.base, scale: Float(1 / (layout.oversampling * extent)),
                                                          pool: pool)
        map.maskOutsideSphere(radius: Double(layout.box / 2), pool: pool)
        return map
    }
}
