import Foundation

/// Finds the part of a sampling grid near prior angles; made once per grid, asked once per particle.
///
/// Directions are kept as unit vectors in blocks of neighbours on the sphere, so that most of a fine grid is passed over with
/// one comparison per 64 directions.
package struct PriorSearch: Sendable {
    package let sampling: OrientationSampling
    let vectors: [Vector3]
    private let blocks: [Block]

    private struct Block: Sendable {
        var range: Range<Int>
        var centre: Vector3
        var radius: Double
    }

    private static let blockLength = 64

    package init(_ sampling: OrientationSampling) {
        self.sampling = sampling
        let vectors = sampling.directions.map(\.vector)
        self.vectors = vectors
        blocks = stride(from: 0, to: vectors.count, by: Self.blockLength).map { start in
            let range = start..<min(vectors.count, start + Self.blockLength)
            let sum = vectors[range].reduce(Vector3.zero) { $0 + $1 }
            let centre = sum.length > 1e-6 ? sum.normalised : vectors[start]
            let radius = range.map { Self.angle(cosine: centre.dot(vectors[$0])) }.max() ?? 0
            return Block(range: range, centre: centre, radius: radius)
        }
    }

    package func select(_ prior: OrientationPrior) -> PriorSelection {
        var selection = PriorSelection()
        select(prior, into: &selection)
        return selection
    }

    /// As `select(_:)`, reusing the memory of `selection`.
    ///
    /// When nothing is within the cutoff the nearest direction or psi alone is kept, so that no selection is empty.
    package func select(_ prior: OrientationPrior, into selection: inout PriorSelection) {
        selection.removeAll()
        if sampling.isThreeDimensional {
            selectDirections(prior, &selection)
        } else {
            selection.directions.append(0)
            selection.directionWeights.append(1)
        }
        selectPsis(prior, &selection)
    }

    static func angle(cosine: Double) -> Double { acos(min(1, max(-1, cosine))) * 180 / .pi }

    /// Relative density of a deviation; constant factors drop out when weights are normalised.
    static func gaussian(_ deviation: Double, _ sigma: Double) -> Double {
        exp(-0.5 * (deviation / sigma) * (deviation / sigma))
    }
}

// MARK: - Directions

extension PriorSearch {
    private func selectDirections(_ prior: OrientationPrior, _ selection: inout PriorSelection) {
        switch (prior.sigmaRot > 0, prior.sigmaTilt > 0) {
        case (true, true):
            let sigma = max(prior.sigmaRot, prior.sigmaTilt)
            let limit = prior.cutoff * sigma
            if let relaxed = sampling.relaxedSymmetry {
                selectWithMates(prior, sigma: sigma, limit: limit, relaxed, &selection)
            } else if prior.isBimodal || limit >= 90 {
                let mates = priorMates(prior)
                scan(&selection, limit, sigma) { bimodalAngle(nearestAngle($0, mates), prior) }
            } else {
                selectByBlocks(prior, sigma: sigma, limit: limit, &selection)
            }
        case (true, false):
            let (s, c) = sineAndCosine(degrees: prior.angles.rot)
            // The angle between a direction and the half-turn about z that the meridian plane of rot allows.
            scan(&selection, prior.cutoff * prior.sigmaRot, prior.sigmaRot) { vector in
                leastOverMates(vector) { abs(asin(min(1, max(-1, c * $0.y - s * $0.x)))) * 180 / .pi }
            }
        case (false, true):
            scan(&selection, prior.cutoff * prior.sigmaTilt, prior.sigmaTilt) { vector in
                leastOverMates(vector) { abs(Self.angle(cosine: $0.z) - prior.angles.tilt) }
            }
        case (false, false):
            selection.directions.append(contentsOf: vectors.indices)
            selection.directionWeights.append(contentsOf: repeatElement(1, count: vectors.count))
        }
        if prior.sigmaTiltFromNinety > 0 { weightFromNinety(prior, &selection) }
        PriorSelection.normalise(&selection.directionWeights)
    }

    /// Directions whose mates under the group are near a direction d are near the mates of d.
    private func priorMates(_ prior: OrientationPrior) -> [Vector3] {
        sampling.symmetry.operators.map { $0.pullBack(prior.angles.direction) }
    }

    private func nearestAngle(_ vector: Vector3, _ mates: [Vector3]) -> Double {
        var best = -1.0
        for mate in mates { best = max(best, mate.dot(vector)) }
        return Self.angle(cosine: best)
    }

    private func bimodalAngle(_ angle: Double, _ prior: OrientationPrior) -> Double {
        prior.isBimodal && angle > 90 ? 180 - angle : angle
    }

    private func leastOverMates(_ vector: Vector3, _ deviation: (Vector3) -> Double) -> Double {
        sampling.symmetry.operators.map { deviation($0.apply(to: vector)) }.min() ?? deviation(vector)
    }

    /// Looks at every direction; for priors that leave much of the sphere.
    private func scan(
        _ selection: inout PriorSelection, _ limit: Double, _ sigma: Double, _ deviation: (Vector3) -> Double
    ) {
        var nearest = (index: 0, angle: Double.infinity)
        for index in vectors.indices {
            let angle = deviation(vectors[index])
            if angle < nearest.angle { nearest = (index, angle) }
            if angle < limit {
                selection.directions.append(index)
                selection.directionWeights.append(Self.gaussian(angle, sigma))
            }
        }
        if selection.directions.isEmpty { keepOnly(nearest.index, &selection) }
    }

    private func keepOnly(_ index: Int, _ selection: inout PriorSelection) {
        selection.directions = [index]
        selection.directionWeights = [1]
    }

    private func selectByBlocks(
        _ prior: OrientationPrior, sigma: Double, limit: Double, _ selection: inout PriorSelection
    ) {
        let mates = priorMates(prior)
        let threshold = cos(limit * .pi / 180)
        for block in blocks {
            let reach = limit + block.radius
            let near = reach >= 180 ? -1.1 : cos(reach * .pi / 180) - 1e-12
            guard mates.contains(where: { $0.dot(block.centre) >= near }) else { continue }
            for index in block.range {
                var best = -1.0
                for mate in mates { best = max(best, mate.dot(vectors[index])) }
                if best > threshold {
                    selection.directions.append(index)
                    selection.directionWeights.append(Self.gaussian(Self.angle(cosine: best), sigma))
                }
            }
        }
        if selection.directions.isEmpty {
            let nearest = vectors.indices.min { nearestAngle(vectors[$0], mates) < nearestAngle(vectors[$1], mates) }
            keepOnly(nearest ?? 0, &selection)
        }
    }

    /// Every direction near the prior and, with the same weight, its counterparts under the relaxed group.
    private func selectWithMates(
        _ prior: OrientationPrior, sigma: Double, limit: Double, _ relaxed: SymmetryGroup,
        _ selection: inout PriorSelection
    ) {
        let target = prior.angles.direction
        var isTaken = [Bool](repeating: false, count: vectors.count)
        func take(_ index: Int, weight: Double) {
            isTaken[index] = true
            selection.directions.append(index)
            selection.directionWeights.append(weight)
            for element in relaxed.operators.dropFirst() {
                guard let mate = nearestDirection(to: element.apply(to: vectors[index]), except: isTaken) else { continue }
                isTaken[mate] = true
                selection.directions.append(mate)
                selection.directionWeights.append(weight)
            }
        }
        var nearest = (index: 0, angle: Double.infinity)
        for index in vectors.indices where !isTaken[index] {
            let angle = bimodalAngle(Self.angle(cosine: target.dot(vectors[index])), prior)
            if angle < nearest.angle { nearest = (index, angle) }
            if angle < limit { take(index, weight: Self.gaussian(angle, sigma)) }
        }
        if selection.directions.isEmpty { take(nearest.index, weight: 1) }
    }

    /// The nearest direction that is still free, within two angular steps.
    private func nearestDirection(to vector: Vector3, except isTaken: [Bool]) -> Int? {
        let limit = 2 * sampling.angularStep()
        var best: (index: Int, cosine: Double)?
        for block in blocks {
            let reach = limit + block.radius
            guard reach >= 180 || vector.dot(block.centre) >= cos(reach * .pi / 180) - 1e-12 else { continue }
            for index in block.range where !isTaken[index] {
                let cosine = vector.dot(vectors[index])
                if cosine > best?.cosine ?? cos(limit * .pi / 180) { best = (index, cosine) }
            }
        }
        return best?.index
    }

    private func weightFromNinety(_ prior: OrientationPrior, _ selection: inout PriorSelection) {
        let sideways = ViewDirection(rot: 0, tilt: 90).vector
        var kept = 0
        var nearest = (index: 0, angle: Double.infinity)
        for (index, weight) in zip(selection.directions, selection.directionWeights) {
            let angle = leastOverMates(vectors[index]) { Self.angle(cosine: $0.dot(sideways)) }
            if angle < nearest.angle { nearest = (index, angle) }
            if angle > prior.cutoff * prior.sigmaTiltFromNinety { continue }
            selection.directions[kept] = index
            selection.directionWeights[kept] = weight * Self.gaussian(angle, prior.sigmaTiltFromNinety)
            kept += 1
        }
        if kept == 0 { return keepOnly(nearest.index, &selection) }
        selection.directions.removeLast(selection.directions.count - kept)
        selection.directionWeights.removeLast(selection.directionWeights.count - kept)
    }
}

// MARK: - In-plane angles

extension PriorSearch {
    private func selectPsis(_ prior: OrientationPrior, _ selection: inout PriorSelection) {
        var nearest = (index: 0, angle: Double.infinity)
        for (index, psi) in sampling.psis.enumerated() {
            var weight = 1.0
            if prior.sigmaPsi > 0 {
                var angle = Self.circularDistance(psi, prior.angles.psi)
                if prior.isBimodal && angle > 90 { angle = 180 - angle }
                if angle < nearest.angle { nearest = (index, angle) }
                if angle >= prior.cutoff * prior.sigmaPsi { continue }
                weight = Self.gaussian(angle, prior.sigmaPsi)
            }
            if prior.sigmaPsiFromZero > 0 {
                let angle = Self.circularDistance(psi, 0)
                if angle > prior.cutoff * prior.sigmaPsiFromZero { continue }
                weight *= Self.gaussian(angle, prior.sigmaPsiFromZero)
            }
            selection.psis.append(index)
            selection.psiWeights.append(weight)
        }
        if selection.psis.isEmpty {
            selection.psis.append(nearest.index)
            selection.psiWeights.append(1)
        }
        PriorSelection.normalise(&selection.psiWeights)
    }

    /// 0 … 180°.
    static func circularDistance(_ a: Double, _ b: Double) -> Double {
        let d = abs(a - b).truncatingRemainder(dividingBy: 360)
        return d > 180 ? 360 - d : d
    }
}
