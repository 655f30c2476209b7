import Arrays
import Foundation
import Fourier
import Geometry
import Parallel
import Testing
import TextFormats
@testable import Simulation

@Suite struct ProjectionTests {
    static let pixel = 1.5
    static let box = 64

    static let atoms: [Atom] = {
        let elements: [ChemicalElement] = [.carbon, .nitrogen, .oxygen, .sulfur, .hydrogen]
        return (0..<60).map { i in
            let t = Double(i)
            return Atom(element: elements[i % 5], position: Vector3(25 * sin(t * 1.7), 22 * cos(t * 2.3 + 1), 20 * sin(t * 0.9 + 2)),
                        occupancy: i % 7 == 0 ? 0.5 : 1, bFactor: Double(i % 4) * 20)
        }
    }()

    static func model(_ blur: AtomicModel.Blur = .uniform(40)) throws -> AtomicModel {
        try AtomicModel(atoms: atoms, blur: blur, origin: .kept, source: "test")
    }

    /// The definition: every atom's potential times its phase.
    static func exactSum(_ model: AtomicModel, _ a: RotationMatrix, shift: SIMD2<Double>, kx: Int, ky: Int) -> (Double, Double) {
        let length = Double(box) * pixel
        let fx = Double(kx) / length, fy = Double(ky) / length
        var (re, im) = (0.0, 0.0)
        for i in model.positions.indices {
            let p = a * model.positions[i]
            // The origin of the model stands at pixel box/2.
            let phase = -2 * Double.pi * (fx * (p.x + shift.x + length / 2) + fy * (p.y + shift.y + length / 2))
            let value = model.potentials[model.kinds[i]].potential.value(atFrequency: (fx * fx + fy * fy).squareRoot())
                * Double(model.occupancies[i]) / (length * length)
            re += value * cos(phase)
            im += value * sin(phase)
        }
        return (re, im)
    }

    @Test(arguments: [AtomicModel.Blur.uniform(40), .ownPlus(20), .uniform(0)])
    func projectionAgreesWithTheSumOverAtoms(blur: AtomicModel.Blur) throws {
        let model = try Self.model(blur)
        let projector = AtomProjector(model: model, box: Self.box, pixelSizeInAngstrom: Self.pixel)
        let scratch = projector.makeScratch()
        var image = FourierArray(realShape: .square(Self.box))
        let a = EulerAngles(rot: 33, tilt: 71, psi: -120).matrix
        let shift = SIMD2(3.3, -1.7)
        projector.project(a, shift: shift, into: &image, scratch: scratch)
        var worst = 0.0, largest = 0.0
        for y in 0..<Self.box {
            for x in 0...Self.box / 2 where x != Self.box / 2 && y != Self.box / 2 {
                let (re, im) = Self.exactSum(model, a, shift: shift, kx: x, ky: signedFrequency(y, length: Self.box))
                let value = image[x, y]
                worst = max(worst, hypot(Double(value.real) - re, Double(value.imaginary) - im))
                largest = max(largest, hypot(re, im))
            }
        }
        // Kernel 1e-5, basis 1e-4 of one atom's largest value, single precision sums.
        #expect(worst / largest < 2e-4, "relative error \(worst / largest), basis rank \(projector.basis.rank)")
    }

    @Test func mapProjectsToTheImage() throws {
        // Summing the map along z is the projection without rotation; the two share only the scattering factors.
        let model = try Self.model()
        let map = PotentialMap.make(model, box: Self.box, pixelSizeInAngstrom: Self.pixel, pool: ThreadPool(threads: 2))
        let projector = AtomProjector(model: model, box: Self.box, pixelSizeInAngstrom: Self.pixel)
        var spectrum = FourierArray(realShape: .square(Self.box))
        projector.project(.identity, shift: .zero, into: &spectrum, scratch: projector.makeScratch())
        let image = FourierTransform(shape: .square(Self.box)).inverse(spectrum)
        var worst: Float = 0
        for y in 0..<Self.box {
            for x in 0..<Self.box {
                var sum: Float = 0
                for z in 0..<Self.box { sum += map[x, y, z] }
                worst = max(worst, abs(sum * Float(Self.pixel) - image[x, y]))
            }
        }
        #expect(worst < 1e-3 * (image.values.max() ?? 0), "\(worst) of \(image.values.max() ?? 0)")
    }

    @Test func principalAxesComeOutSorted() throws {
        let turn = EulerAngles(rot: 20, tilt: 50, psi: 80).matrix
        let turned = BuiltInMolecule.atoms().map { atom in
            var copy = atom
            copy.position = turn * atom.position + Vector3(5, 6, 7)
            return copy
        }
        let model = try AtomicModel(atoms: turned, blur: .uniform(0), origin: .principalAxes, source: "test")
        // The two-folds are on the axes again: every atom has its three mates.
        for i in stride(from: 0, to: model.count / 4, by: 97) {
            for signs in BuiltInMolecule.symmetrySigns {
                let mate = model.positions[i] * signs
                #expect(model.positions.contains { ($0 - mate).length < 1e-6 })
            }
        }
    }

    @Test func frequencyCurvesOfKindsAreReproduced() throws {
        let model = try Self.model(.ownPlus(0))
        let basis = FormFactorBasis(kinds: model.potentials, largestFrequency: 0.4)
        #expect(basis.largestError <= FormFactorBasis.tolerance)
        #expect(basis.rank < model.potentials.count)
        let exact = model.potentials[3].potential.value(atFrequency: 0.2)
        let sum = (0..<basis.rank).reduce(0.0) { $0 + Double(basis.weights[3][$1] * basis.value($1, atFrequency: 0.2)) }
        #expect(abs(sum - exact) < 0.05)
    }
}
