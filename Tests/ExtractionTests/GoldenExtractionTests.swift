import Arrays
import Foundation
import ImageFormats
import Imaging
import Parallel
import StarFormat
import TestSupport
import Testing

@testable import Extraction

@Suite(.enabled(if: SharedData.isPresent, SharedData.hint)) struct GoldenExtractionTests {
    /// The micrograph is stored in half precision, the particles were cut from the one in single precision: rounding of
    /// 2⁻¹² of values near 7, with a uniform distribution an rms of 1e-3 after division by the background's deviation.
    @Test func particlesOfTheGoldenMicrograph() throws {
        let micrograph = try ImageFile.read(SharedData.golden("movies/mic001_corrected.mrc").path).image
        let picks = try StarDocument(contentsOf: SharedData.golden("movies/mic001_autopick.star").path).tables[0]
        let particles = zip(try picks.doubles("rlnCoordinateX"), try picks.doubles("rlnCoordinateY")).map {
            ParticleExtraction.Particle(x: Int($0), y: Int($1))
        }
        let finish = ParticleFinish(
            rescaledSize: 64, normalisation: BackgroundNormalisation(backgroundRadiusInPixels: 24), invertsContrast: true)
        let ours = ParticleExtraction(ExtractionSettings(boxSize: 256, finish: finish)).extract(
            particles, from: micrograph, pool: ThreadPool(threads: 2)
        ).stack
        let theirs = try StackReader(path: SharedData.golden("movies/mic001_extracted.mrcs").path).all()
        try #require(ours.shape == theirs.shape)
        let differences = zip(ours.values, theirs.values).map { Double($0 - $1) }
        let rms = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
        #expect(rms < 1.5e-3 && (differences.map(abs).max() ?? 1) < 1e-2, "rms \(rms)")
    }
}
