import Randomness

/// Random centres that keep their distance from each other.
enum ParticlePlacement {
    private static let triesPerParticle = 400

    /// Up to `count` centres, in pixels from the corner; fewer where there is no room.
    ///
    /// - Parameters:
    ///   - margin: pixels along the edges that stay free.
    ///   - distance: least distance between two centres, pixels.
    static func draw(
        _ count: Int, size: Int, margin: Double, distance: Double, using generator: inout CounterGenerator
    ) -> [SIMD2<Double>] {
        var centres: [SIMD2<Double>] = []
        guard 2 * margin < Double(size) else { return centres }
        for _ in 0..<Self.triesPerParticle * count where centres.count < count {
            let place = SIMD2(generator.uniform(margin, Double(size) - margin), generator.uniform(margin, Double(size) - margin))
            let isFree = centres.allSatisfy { other in
                let away = other - place
                return away.x * away.x + away.y * away.y > distance * distance
            }
            if isFree { centres.append(place) }
        }
        return centres
    }
}
