import Arrays
import Fourier
import Geometry
import Imaging
import Parallel
import Reporting

/// One step of the image handler's work on an image; steps are applied in a fixed order.
enum ImageOperation: Sendable {
    case replicateEdges(columns: ClosedRange<Int>, rows: ClosedRange<Int>)
    case mirror(RealArray.Mirror)
    case replaceNonFinite(Float)
    case randomisePhases(resolutionInAngstrom: Double)
    case multiply(Float)
    case divide(Float)
    case add(Float)
    case multiplyBy(RealArray)
    case divideBy(RealArray)
    case addImage(RealArray)
    case subtract(RealArray, Subtraction)
    case matchAmplitudes(RealArray)
    case divideSpectrum(RealArray)
    case filterByImage(RealArray)
    case bFactor(Double)
    case laplacianOfGaussian(diameterInAngstrom: Double)
    case lowPass(resolutionInAngstrom: Double, edgeWidth: Int, axis: FrequencyFilter.Axis?)
    case highPass(resolutionInAngstrom: Double, edgeWidth: Int)
    case centreMass
    case shift(Vector3)
    case rescale(pixelSizeInAngstrom: Double)
    case box(Int)
    case symmetrise(SymmetryGroup)
    case clampAbove(Float)
    case clampBelow(Float)

    /// How `--subtract` finds its scale.
    struct Subtraction: Sendable {
        var optimisesScale = false
        var bFactorRange = 0.0
        var mask: RealArray?
    }

    /// The image with what the steps need and change.
    struct Subject {
        var image: RealArray
        var pixelSizeInAngstrom: Double
        /// In-plane angle of the particle, for filters that turn with it.
        var psiInDegrees = 0.0
        /// Set when the image was resampled.
        var newPixelSizeInAngstrom: Double?
        /// Lines about what was found (centre of mass, scales).
        var remarks: [String] = []
    }

    /// Whether the pixel size matters.
    var needsPixelSize: Bool {
        switch self {
        case .randomisePhases, .divideSpectrum, .bFactor, .laplacianOfGaussian, .lowPass, .highPass, .rescale: true
        case .subtract(_, let subtraction): subtraction.bFactorRange > 0
        default: false
        }
    }

    /// What forbids this step on arrays of `shape`; nil if nothing does.
    func objection(to shape: Shape) -> (option: String, expected: String)? {
        switch self {
        case .replicateEdges where shape.z > 1: ("--add_edge", "an image, or a stack with a name ending in .mrcs")
        case .mirror(.transpose) where !shape.isSquare: ("--flipXY", "a square image")
        case .mirror(.antiTranspose) where !shape.isSquare: ("--flipmXY", "a square image")
        case .mirror(.z) where shape.z < 2: ("--flipZ", "a three-dimensional map")
        case .symmetrise where shape.z < 2: ("--sym", "a three-dimensional map")
        case .rescale where shape.z > 1 && !shape.isCube: ("--rescale_angpix", "an image or a cubic map")
        case .divideSpectrum(let weights) where weights.shape != shape.halfPlane:
            ("--correct_avg_ampl of \(weights.shape)", "the spectrum of images of this size")
        default: nil
        }
    }

    func apply(to subject: inout Subject, pool: ThreadPool) {
        let pixelSize = subject.newPixelSizeInAngstrom ?? subject.pixelSizeInAngstrom
        let box = max(subject.image.shape.x, subject.image.shape.y, subject.image.shape.z)
        switch self {
        case .replicateEdges(let columns, let rows): subject.image.replicateEdges(columns: columns, rows: rows)
        case .mirror(let mirror): subject.image = subject.image.mirrored(mirror)
        case .replaceNonFinite(let value): subject.image.replaceNonFinite(by: value)
        case .randomisePhases(let resolution):
            let shell = Int(Double(subject.image.shape.x) * pixelSize / resolution)
            subject.image = subject.image.phaseRandomised(fromShell: shell, seed: 1, pool: pool)
        case .multiply(let factor): subject.image.combine { $0 * factor }
        case .divide(let divisor): subject.image.combine { $0 / divisor }
        case .add(let term): subject.image.combine { $0 + term }
        case .multiplyBy(let other): subject.image.combine(other) { $0 * $1 }
        // Where the divisor vanishes the result is 0.
        case .divideBy(let other): subject.image.combine(other) { abs($1) < 1e-10 ? 0 : $0 / $1 }
        case .addImage(let other): subject.image.combine(other) { $0 + $1 }
        case .subtract(let other, let settings): Self.subtract(other, settings, &subject, pixelSize, pool)
        case .matchAmplitudes(let reference): subject.image = subject.image.matchingAmplitudes(of: reference, pool: pool)
        case .divideSpectrum(let weights): subject.image = subject.image.dividingSpectrum(by: weights)
        case .filterByImage(let filter):
            subject.image = subject.image.filtered(byCentred: filter, psiInDegrees: subject.psiInDegrees)
        case .bFactor(let bFactor): Self.filter(&subject, .bFactor(bFactor, pixelSizeInAngstrom: pixelSize), pool)
        case .laplacianOfGaussian(let diameter):
            Self.filter(&subject, .laplacianOfGaussian(diameterInAngstrom: diameter, pixelSizeInAngstrom: pixelSize), pool)
        case .lowPass(let resolution, let width, let axis):
            Self.filter(&subject, .lowPass(resolutionInAngstrom: resolution, pixelSizeInAngstrom: pixelSize, box: box,
                                           widthInShells: width, axis: axis), pool)
        case .highPass(let resolution, let width):
            Self.filter(&subject, .highPass(resolutionInAngstrom: resolution, pixelSizeInAngstrom: pixelSize, box: box,
                                            widthInShells: width), pool)
        case .centreMass:
            let centre = subject.image.centreOfMass()
            subject.remarks.append("centre of mass (pixels from the box centre): x \(centre.x) y \(centre.y) z \(centre.z)")
            subject.image = subject.image.translated(by: -centre, pool: pool)
        case .shift(let shift): subject.image = subject.image.translated(by: shift, pool: pool)
        case .rescale(let wanted):
            let (image, exact) = subject.image.rescaled(fromPixelSize: pixelSize, to: wanted, pool: pool)
            (subject.image, subject.newPixelSizeInAngstrom) = (image, exact)
        case .box(let box):
            subject.image = subject.image.windowed(to: subject.image.shape.z > 1 ? .cube(box) : .square(box))
        case .symmetrise(let group): subject.image = subject.image.symmetrised(group, pool: pool)
        case .clampAbove(let limit): subject.image.combine { $0 > limit ? limit : $0 }
        case .clampBelow(let limit): subject.image.combine { $0 < limit ? limit : $0 }
        }
    }

    private static func filter(_ subject: inout Subject, _ filter: FrequencyFilter, _ pool: ThreadPool) {
        subject.image = subject.image.filtered(by: filter, pool: pool)
    }

    private static func subtract(
        _ other: RealArray, _ settings: Subtraction, _ subject: inout Subject, _ pixelSize: Double, _ pool: ThreadPool
    ) {
        guard settings.optimisesScale else {
            subject.image.combine(other) { $0 - $1 }
            return
        }
        let fit = MapSubtraction(of: other, from: subject.image, mask: settings.mask, bFactorRange: settings.bFactorRange,
                                 pixelSizeInAngstrom: pixelSize, pool: pool)
        subject.remarks.append("subtracted with scale \(fit.scale)" + (settings.bFactorRange > 0 ? " and B-factor \(fit.bFactor) Å²" : ""))
        subject.image.combine(fit.scaled) { $0 - $1 }
    }
}

extension RealArray {
    fileprivate mutating func combine(_ body: (Float) -> Float) {
        for i in values.indices { values[i] = body(values[i]) }
    }

    fileprivate mutating func combine(_ other: RealArray, _ body: (Float, Float) -> Float) {
        for i in values.indices { values[i] = body(values[i], other.values[i]) }
    }
}
