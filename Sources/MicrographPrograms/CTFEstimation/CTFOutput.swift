import Foundation
import Reporting
import StarFormat

/// The lists with the results of all images.
struct CTFOutput {
    let list: CTFImageList
    let folder: String
    /// Of the images that have a result.
    let results: [(image: CTFImage, record: CTFRecord)]

    /// The STAR file that other jobs take.
    var path: String { folder + (list.kind == .micrographs ? "micrographs_ctf.star" : "tilt_series_ctf.star") }

    func write() throws {
        switch list.kind {
        case .micrographs: try StarDocument(tables: [list.general, table(0)]).write(to: path)
        case .tiltSeries: try writeTiltSeries()
        }
    }

    /// A table of the input, of the images with results, with the columns of the results.
    private func table(_ index: Int) -> StarTable {
        let mine = results.filter { $0.image.table == index }
        var table = list.tables[index].selecting(rows: mine.map(\.image.row))
        let records = mine.map(\.record)
        func set(_ label: String, _ value: (CTFRecord) -> Double?) {
            // A column is there when any image has a value; what one lacks is 0.
            if results.contains(where: { value($0.record) != nil }) {
                table.set(label, doubles: records.map { value($0) ?? 0 })
            }
        }
        table.set("rlnCtfImage", strings: mine.map { $0.image.root + ".ctf:mrc" })
        set("rlnDefocusU", \.defocusU)
        set("rlnDefocusV", \.defocusV)
        set("rlnCtfAstigmatism") { abs($0.defocusU - $0.defocusV) }
        set("rlnDefocusAngle", \.angle)
        set("rlnPhaseShift", \.phaseShift)
        set("rlnCtfFigureOfMerit", \.figureOfMerit)
        set("rlnCtfMaxResolution", \.resolution)
        set("rlnCtfIceRingDensity", \.iceRingDensity)
        set("rlnCtfValidationScore", \.validation)
        return table
    }

    private func writeTiltSeries() throws {
        let names = try list.general.strings("rlnTomoName")
        var general = list.general, paths: [String] = [], spectra: [StarTable] = []
        for (index, name) in names.enumerated() {
            let path = folder + "tilt_series/" + name + ".star"
            let images = table(index)
            try StarDocument(tables: [images]).write(to: path)
            paths.append(path)
            spectra.append(images)
        }
        general.set("rlnTomoTiltSeriesStarFile", strings: paths)
        try StarDocument(tables: [general]).write(to: path)
        // For viewers, which would show the micrographs if they were named.
        var fits = try StarTable(name: "", joining: spectra) { _ in "0" }
        for label in ["rlnMicrographName", "rlnMicrographMovieName"] { fits.removeColumn(label) }
        try StarDocument(tables: [fits]).write(to: folder + "power_spectra_fits.star")
    }
}
