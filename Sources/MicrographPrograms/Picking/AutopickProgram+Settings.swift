import Arrays
import Parallel
import Picking
import ProgramKit
import Reporting

extension AutopickProgram {
    /// Options that stand by themselves; what is not built is refused.
    func checkOptions(_ check: inout InputCheck, _ reporter: Reporter) {
        let single = "Pick single particles instead, with --LoG or --ref"
        for (option, isGiven) in [
            ("--topaz_train", topaz.trains), ("--topaz_extract", topaz.picks), ("--topaz_nr_particles", topaz.expectedCount != 200),
            ("--topaz_threshold", topaz.threshold != -6), ("--topaz_train_picks", topaz.trainingPicks.ifGiven != nil),
            ("--topaz_train_parts", topaz.trainingParticles.ifGiven != nil),
            ("--topaz_test_ratio", topaz.testFraction != 0.2), ("--topaz_downscale", topaz.downscaling != -1),
            ("--topaz_model", topaz.model.ifGiven != nil), ("--topaz_radius", topaz.radius != -1),
            ("--topaz_args", topaz.arguments.ifGiven != nil), ("--topaz_workers", topaz.workers != 1),
            ("--topaz_plot", topaz.plots), ("--fn_topaz_exe", topaz.executable != "relion_python_topaz"),
            ("--helix", helix.isHelix), ("--helical_tube_kappa_max", helix.largestCurvature != 0.25),
            ("--helical_tube_outer_diameter", helix.diameter != -1), ("--helical_tube_length_min", helix.leastLength != -1),
            ("--amyloid", helix.isAmyloid), ("--max_diam_local_avg", helix.averagingDiameter != -1),
        ] {
            check.refuse(option, given: isGiven, remedy: single)
        }
        if general.gpu != nil { reporter.warning("--gpu: picking runs on the processor") }
        check.require(!general.pickName.isEmpty, "--pickname", found: "is empty", expected: "a part of a file name")
        check.require(
            general.pixelSize > 0 && general.pixelSize.isFinite, "--angpix \(general.pixelSize)", found: "is no pixel size",
            expected: "a number of Å above 0")
        check.require(
            general.outlierLimit > 0, "--outlier_removal_zscore \(general.outlierLimit)", found: "would remove all pixels",
            expected: "a number of standard deviations above 0")
        check.require(
            !(general.readsMaps && general.writesMaps), "--read_fom_maps", found: "is given with --write_fom_maps",
            expected: "one of them")
        check.require(peaks.margin >= 0, "--skip_side \(peaks.margin)", found: "is negative", expected: "a number of pixels")
        check.require(expert.extraPadding >= 0, "--extra_pad \(expert.extraPadding)", found: "is negative", expected: "a number of pixels")
        check.require(
            expert.shrinkage >= 0 && expert.shrinkage < 1e9, "--shrink \(expert.shrinkage)", found: "is no size",
            expected: "a fraction up to 1, a size in pixels, or 0 for the size that --lowpass needs")
        check.require(
            expert.shrinkage != 0 || reference.lowpass > 0, "--shrink 0", found: "stands without --lowpass",
            expected: "--lowpass, which says what size is needed")
        check.output(PathName.joined(general.folder, general.pickName + ".star"), option: "--odir")
    }

    var needsTransfer: Bool { !general.readsMaps && (laplacian.isUsed ? laplacian.usesTransfer : reference.usesTransfer) }
    var transferOption: String { laplacian.isUsed ? "--LoG_use_ctf" : "--ctf" }

    func method(_ check: inout InputCheck, _ pool: ThreadPool) -> AutopickPlan.Method? {
        if laplacian.isUsed { return laplacianSettings(&check).map { .laplacian($0) } }
        guard !reference.references.isEmpty else {
            check.add(
                "--LoG, --ref", found: "neither is given", expected: "one way to pick",
                remedy: "Begin with --LoG --LoG_diam_min … --LoG_diam_max …, which needs no references")
            return nil
        }
        checkReferenceOptions(&check)
        return check.attempt { .references(try ReferenceImages(self, pool: pool)) }
    }

    private func checkReferenceOptions(_ check: inout InputCheck) {
        let isBlob = reference.references == ReferenceImages.blob
        check.require(
            !isBlob || general.particleDiameter > 0, "--ref gauss", found: "stands without --particle_diameter",
            expected: "the diameter of the particles in Å")
        check.require(!isBlob || !reference.usesTransfer, "--ctf", found: "is given with --ref gauss", expected: "references of images")
        check.require(
            reference.angularStep > 0 && reference.angularStep <= 360, "--ang \(reference.angularStep)", found: "is no step",
            expected: "degrees above 0, up to 360")
        check.require(
            (0...5).contains(reference.healpixOrder), "--healpix_order \(reference.healpixOrder)", found: "is out of range",
            expected: "0 to 5")
        check.require((1...8).contains(expert.padding), "--pad \(expert.padding)", found: "is out of range", expected: "1 to 8")
        check.require(
            reference.blobHeight > 0 && reference.blobHeight < 1e3, "--gauss_max \(reference.blobHeight)", found: "is no height",
            expected: "a number above 0")
        check.require(peaks.threshold.isFinite, "--threshold", found: "\(peaks.threshold)", expected: "a number")
        check.require(
            peaks.leastDistance.isFinite, "--min_distance", found: "\(peaks.leastDistance)", expected: "a number of Å, or -1")
        check.require(general.maskShrinkage < 100_000, "--shrink_particle_mask", found: "\(general.maskShrinkage)", expected: "a few pixels")
    }

    private func laplacianSettings(_ check: inout InputCheck) -> LaplacianPicker.Settings? {
        let (least, most) = (laplacian.minimumDiameter, laplacian.maximumDiameter)
        for (option, value) in [("--LoG_diam_min", least), ("--LoG_diam_max", most)] {
            check.require(
                value > 0 && value.isFinite, option, found: value == -1 ? "is not given" : "\(value)",
                expected: "a diameter in Å")
        }
        check.require(
            least <= most || most <= 0, "--LoG_diam_min \(least)", found: "is more than --LoG_diam_max \(most)",
            expected: "the smaller diameter")
        check.require(
            laplacian.neighbourPercentage >= 0 && laplacian.neighbourPercentage < 1e6,
            "--LoG_neighbour \(laplacian.neighbourPercentage)", found: "is no distance", expected: "a percentage from 0")
        check.require(
            (1..<100).contains(expert.searchFactor), "--Log_max_search \(expert.searchFactor)", found: "is no factor",
            expected: "a number from 1 up to 100")
        check.require(reference.references.isEmpty, "--LoG", found: "is given with --ref", expected: "one way to pick")
        guard !check.hasProblems else { return nil }
        var settings = LaplacianPicker.Settings(minimumDiameter: least, maximumDiameter: most)
        settings.searchFactor = Int(expert.searchFactor)
        settings.neighbourFraction = laplacian.neighbourPercentage / 100
        (settings.threshold, settings.upperThreshold) = (laplacian.threshold, laplacian.upperThreshold)
        settings.margin = peaks.margin
        return settings
    }

    /// The grid on which a micrograph of some shape is searched.
    func grid(_ shape: Shape, _ pixelSize: Double, name: String) throws -> PickingGrid {
        let padding = laplacian.isUsed ? 0 : expert.extraPadding
        let size = PickingGrid.size(of: shape, padding: padding)
        let largest = size - size % 2
        var work = largest
        if expert.shrinkage > 1 {
            work = Int(expert.shrinkage.rounded())
            guard work < size else {
                throw InputError(
                    place: "--shrink \(work)", found: "is more than the \(size) pixels of \(name)",
                    expected: "a smaller size, or a fraction up to 1")
            }
        } else if expert.shrinkage > 0 {
            work = Int((expert.shrinkage * Double(size)).rounded())
        } else {
            work = 2 * Int((Double(size) * pixelSize / reference.lowpass).rounded())
        }
        work = max(2, min(largest, work - work % 2))
        if !general.keepsExactSize {
            work = PickingGrid.fastSize(near: work, atMost: largest)
            // References are compared in hundreds of transforms, blobs in a dozen.
            if !laplacian.isUsed { work = PickingGrid.smoothSize(from: work, atMost: largest) }
        }
        guard work >= 16 else {
            throw InputError(
                place: name, found: "would be scaled to \(work) pixels", expected: "at least 16",
                remedy: "Give a larger --shrink or a smaller --lowpass")
        }
        return PickingGrid(shape: shape, pixelSizeInAngstrom: pixelSize, workSize: work, padding: padding)
    }
}
