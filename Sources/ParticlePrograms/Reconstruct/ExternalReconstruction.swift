import Arrays
import Foundation
import ImageFormats
import Projection
import Reporting
import StarFormat

/// Hands accumulators to another program and takes the map it makes.
///
/// Files beside the output: `…_external_reconstruct_data_real.mrc`, `…_imag.mrc`, `…_weight.mrc` (half-plane arrays of the padded box
/// in FFTW order) and `….star`, the program's only argument. It writes `…_external_reconstruct.mrc`.
struct ExternalReconstruction {
    let root: String
    let pixelSizeInAngstrom: Double

    init(output: String, pixelSizeInAngstrom: Double) {
        root = PathName(output).stem + "_external_reconstruct"
        self.pixelSizeInAngstrom = pixelSizeInAngstrom
    }

    func run(_ accumulators: BackProjection, tau2: [Double]?, correlation: [Double]?) throws -> RealArray {
        try write(accumulators)
        try description(accumulators.layout, tau2: tau2, correlation: correlation).write(to: root + ".star")
        let environment = ProcessInfo.processInfo.environment
        let program = environment["RELION_EXTERNAL_RECONSTRUCT_EXECUTABLE"] ?? "relion_external_reconstruct"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(program) \"$0\"", root + ".star"]
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            throw InputError(place: program, found: "it ended with status \(process.terminationStatus)",
                             remedy: "Run \(program) \(root).star to see why")
        }
        return try ImageFile.read(root + ".mrc").image
    }

    private func write(_ accumulators: BackProjection) throws {
        let layout = accumulators.layout, n = layout.paddedBox, half = n / 2 + 1, limit = layout.radius * layout.radius
        let depth = layout.dimension == .three ? n : 1
        func write(_ part: String, _ value: (Int) -> Float) throws {
            var array = RealArray(shape: Shape(x: half, y: n, z: depth))
            for z in 0..<depth {
                for y in 0..<n {
                    let ky = signedFrequency(y, length: n), kz = depth > 1 ? signedFrequency(z, length: n) : 0
                    for x in 0..<half where x * x + ky * ky + kz * kz <= limit { array[x, y, z] = value(layout.index(x, ky, kz)) }
                }
            }
            try ImageFile.write(array, to: root + part, pixelSizeInAngstrom: nil)
        }
        try write("_data_real.mrc") { accumulators.data[$0].real }
        try write("_data_imag.mrc") { accumulators.data[$0].imaginary }
        try write("_weight.mrc") { accumulators.weight[$0] }
    }

    private func description(_ layout: CentredLayout, tau2: [Double]?, correlation: [Double]?) -> StarDocument {
        var general = StarTable(name: "external_reconstruct_general", kind: .list)
        general.setValue("rlnExtReconsDataReal", root + "_data_real.mrc")
        general.setValue("rlnExtReconsDataImag", root + "_data_imag.mrc")
        general.setValue("rlnExtReconsWeight", root + "_weight.mrc")
        general.setValue("rlnExtReconsResult", root + ".mrc")
        general.setValue("rlnExtReconsResultStarfile", root + "_out.star")
        general.setValue("rlnTau2FudgeFactor", 1.0)
        general.setValue("rlnPaddingFactor", layout.padding)
        general.setValue("rlnReferenceDimensionality", layout.dimension.rawValue)
        general.setValue("rlnOriginalImageSize", layout.box)
        general.setValue("rlnCurrentImageSize", 2 * layout.maximumRadius)
        general.setValue("rlnPixelSize", pixelSizeInAngstrom)
        var shells = StarTable(name: "external_reconstruct_tau2")
        shells.set("rlnSpectralIndex", ints: Array(0..<layout.shellCount))
        shells.set("rlnReferenceTau2", doubles: tau2 ?? Array(repeating: 0, count: layout.shellCount))
        shells.set("rlnGoldStandardFsc", doubles: correlation ?? Array(repeating: 0, count: layout.shellCount))
        return StarDocument(tables: [general, shells])
    }
}
