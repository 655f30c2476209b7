import StarFormat

/// The grid of orientations and translations of one iteration: `…_sampling.star`.
package struct SamplingFile: Sendable, Hashable {
    package var is3D = true
    /// Translations are searched in three dimensions, too (subtomograms).
    package var hasTranslationsIn3D = false
    package var healpixOrder = 2
    package var symmetryGroup = "C1"
    /// Degrees; directions with a tilt beyond ± this are left out; −91: none.
    package var tiltAngleLimit = -91.0
    /// Degrees.
    package var psiStep = -1.0
    /// Å.
    package var offsetRange = 0.0
    package var offsetStep = 0.0
    /// Å; step along the helical axis, −1 where not helical.
    package var helicalOffsetStep = -1.0
    /// This iteration's random shift of the grid, as a fraction of its step times the factor below.
    package var perturbation = 0.0
    package var perturbationFactor = 0.5
    /// What the user asked for; later iterations may be finer or coarser.
    package var originalHealpixOrder = 2
    package var originalPsiStep = -1.0
    package var originalOffsetRange = 0.0
    package var originalOffsetStep = 0.0
    /// Degrees; 3D only: the sampled directions without the perturbation, in the order of the distribution tables.
    package var directions: [Direction] = []

    package struct Direction: Sendable, Hashable {
        package var rot: Double
        package var tilt: Double
        package init(rot: Double, tilt: Double) { (self.rot, self.tilt) = (rot, tilt) }
    }

    package init() {}

    private static let fields: [ListField<SamplingFile>] = [
        .init("rlnIs3DSampling", .bool(\.is3D), required: true),
        .init("rlnIs3DTranslationalSampling", .bool(\.hasTranslationsIn3D), required: true),
        .init("rlnHealpixOrder", .int(\.healpixOrder), when: { $0.is3D }),
        .init("rlnSymmetryGroup", .string(\.symmetryGroup), when: { $0.is3D }),
        .init("rlnTiltAngleLimit", .double(\.tiltAngleLimit), when: { $0.is3D }),
        .init("rlnPsiStep", .double(\.psiStep), required: true),
        .init("rlnOffsetRange", .double(\.offsetRange), required: true),
        .init("rlnOffsetStep", .double(\.offsetStep), required: true),
        .init("rlnHelicalOffsetStep", .double(\.helicalOffsetStep)),
        .init("rlnSamplingPerturbInstance", .double(\.perturbation)),
        .init("rlnSamplingPerturbFactor", .double(\.perturbationFactor), required: true),
        .init("rlnHealpixOrderOriginal", .int(\.originalHealpixOrder)),
        .init("rlnPsiStepOriginal", .double(\.originalPsiStep)),
        .init("rlnOffsetRangeOriginal", .double(\.originalOffsetRange)),
        .init("rlnOffsetStepOriginal", .double(\.originalOffsetStep)),
    ]

    package init(contentsOf path: String) throws {
        let document = try StarDocument(contentsOf: path)
        let general = try document.table("sampling_general")
        try ListField.read(Self.fields, of: general, into: &self)
        if is3D { try general.require(["rlnHealpixOrder", "rlnSymmetryGroup", "rlnTiltAngleLimit"]) }
        // Files of older versions do not state what was asked for.
        if !general.contains("rlnHealpixOrderOriginal") { originalHealpixOrder = healpixOrder }
        if !general.contains("rlnPsiStepOriginal") { originalPsiStep = psiStep }
        if !general.contains("rlnOffsetRangeOriginal") { originalOffsetRange = offsetRange }
        if !general.contains("rlnOffsetStepOriginal") { originalOffsetStep = offsetStep }
        if let table = document.firstTable("sampling_directions") {
            directions = zip(try table.doubles("rlnAngleRot"), try table.doubles("rlnAngleTilt")).map {
                Direction(rot: $0, tilt: $1)
            }
        }
    }

    package var document: StarDocument {
        var tables = [ListField.table(named: "sampling_general", from: self, fields: Self.fields)]
        if is3D {
            var table = StarTable(name: "sampling_directions")
            table.set("rlnAngleRot", doubles: directions.map(\.rot))
            table.set("rlnAngleTilt", doubles: directions.map(\.tilt))
            tables.append(table)
        }
        return StarDocument(tables: tables)
    }

    package func write(to path: String) throws { try document.write(to: path) }
}
