import Foundation

/// Types of files and jobs as older pipeline files spell them.
enum NodeTypeHistory {
    /// Files below this version have the older names.
    static let firstCurrentVersion = 50001

    /// Tried in this order; the first that occurs is replaced.
    private static let renamedParts: [(old: String, new: String)] = [
        ("ParticlesData", "ParticleGroupMetadata"),
        ("MicrographMoviesData", "MicrographMovieGroupMetadata"),
        ("MicrographsData", "MicrographGroupMetadata"),
        ("MicrographsCoords", "MicrographCoordsGroup"),
        ("ImagesData", "Image2DGroupMetadata"),
        ("OptimisationSet", "TomoOptimisationSet"),
        ("TomogramData", "TomogramGroupMetadata"),
        ("TrajectoryData", "TomoTrajectoryData"),
        ("ProcessData.star.relion.tomo.relion.tiltseries_set", "TomogramGroupMetadata.star.relion.tomo"),
        ("ProcessData.star.relion.tomo.relion.tomogram_set", "TomogramGroupMetadata.star.relion.tomo"),
    ]

    static func current(_ label: String) -> String {
        for part in renamedParts where label.contains(part.old) && !label.contains(part.new) {
            return label.replacingOccurrences(of: part.old, with: part.new)
        }
        return label
    }

    /// Numbers of node types in files of RELION 3 and older.
    private static let numbered: [Int: String] = [
        0: "MicrographMovieGroupMetadata.star.relion", 1: "MicrographGroupMetadata.star.relion",
        2: "MicrographCoordsGroup.star.relion", 3: "ParticleGroupMetadata.star.relion",
        4: "MicrographMovieGroupMetadata.star.relion", 5: "Image2DGroupMetadata.star.relion", 6: "DensityMap.mrc",
        7: "Mask3D.mrc", 8: "OptimiserData.star.relion", 9: "OptimiserData.star.relion", 10: "DensityMap.mrc.halfmap",
        11: "DensityMap.mrc", 12: "Image3D.mrc.localresmap", 13: "LogFile.pdf.relion",
        14: "ProcessData.star.relion.postprocess", 15: "ParamsData.txt.relion.polish",
    ]

    static func nodeType(number: Int) -> String? { numbered[number] }

    /// Numbers of job types in files of RELION 3 and older.
    private static let jobTypes: [Int: String] = [
        0: "relion.import", 1: "relion.motioncorr", 2: "relion.ctffind", 3: "relion.manualpick", 4: "relion.autopick",
        5: "relion.extract", 7: "relion.select", 8: "relion.class2d", 9: "relion.class3d", 10: "relion.refine3d",
        12: "relion.maskcreate", 13: "relion.joinstar", 14: "relion.subtract", 15: "relion.postprocess",
        16: "relion.localres", 18: "relion.initialmodel", 19: "relion.multibody", 20: "relion.polish",
        21: "relion.ctfrefine", 22: "dynamight", 23: "modelangelo", 50: "relion.importtomo", 51: "relion.pseudosubtomo",
        52: "relion.ctfrefinetomo", 53: "relion.framealigntomo", 54: "relion.reconstructparticletomo",
        55: "relion.aligntiltseries", 56: "relion.reconstructtomograms", 57: "relion.excludetilts",
        58: "relion.denoisetomo", 59: "relion.picktomo", 99: "relion.external",
    ]

    static func jobType(number: Int) -> String? { jobTypes[number] }
}
