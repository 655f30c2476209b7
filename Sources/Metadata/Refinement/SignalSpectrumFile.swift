import Reporting
import StarFormat

/// A spectrum of the signal's variance (tau²) from a STAR file: of a model file, or one made by hand.
package enum SignalSpectrumFile {
    private static let shell = "rlnSpectralIndex", variance = "rlnReferenceTau2"

    /// The first table with shells and variances, as an array by shell; shells that have no row are 0.
    ///
    /// - Throws: `InputError` naming file and line for missing columns and for values that are negative or no numbers.
    package static func read(_ path: String) throws -> [Double] {
        let document = try StarDocument(contentsOf: path)
        guard let table = document.tables.first(where: { $0.contains(shell) && $0.contains(variance) }), table.rowCount > 0 else {
            throw InputError(place: path, found: "has no table with \(shell) and \(variance)", expected: "a row for each shell")
        }
        let shells = try table.ints(shell), values = try table.doubles(variance)
        for row in shells.indices {
            if shells[row] < 0 || shells[row] > largestShell {
                throw table.mismatch(shell, row, found: "\(shells[row])", expected: "a shell of a Fourier transform, 0 or more")
            }
            if !(values[row].isFinite && values[row] >= 0) {
                throw table.mismatch(variance, row, found: "\(values[row])", expected: "a variance, 0 or more")
            }
        }
        var spectrum = [Double](repeating: 0, count: 1 + (shells.max() ?? 0))
        for (index, value) in zip(shells, values) { spectrum[index] = value }
        return spectrum
    }

    /// Half of the largest box that anyone can refine.
    private static let largestShell = 1 << 16
}
