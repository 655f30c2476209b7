import Arrays
import Foundation
import TestSupport

/// How two arrays agree: correlation and ratio of standard deviations.
func agreement(_ a: RealArray, _ b: RealArray) -> (correlation: Double, scale: Double) {
    let n = Double(a.values.count)
    let ma = a.values.reduce(0) { $0 + Double($1) } / n, mb = b.values.reduce(0) { $0 + Double($1) } / n
    var ab = 0.0, aa = 0.0, bb = 0.0
    for (x, y) in zip(a.values, b.values) {
        let p = Double(x) - ma, q = Double(y) - mb
        ab += p * q
        aa += p * p
        bb += q * q
    }
    return (ab / max(1e-300, (aa * bb).squareRoot()), (aa / max(1e-300, bb)).squareRoot())
}

/// A copy of a golden STAR file in which image names are absolute.
func goldenParticles(_ name: String, in folder: TemporaryFolder, change: (String) -> String = { $0 }) throws -> String {
    let text = try String(contentsOf: SharedData.golden(name), encoding: .utf8)
    let images = SharedData.golden("clean/").path
    return try folder.write(
        change(text.replacingOccurrences(of: "@clean/", with: "@" + (images.hasSuffix("/") ? images : images + "/"))), to: "input.star")
}
