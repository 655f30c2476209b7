import Foundation
import Metadata
import Refinement

extension ModelFile {
    /// The model of one iteration as a file.
    init(_ model: RefinementModel, snapshot: RefinementSnapshot, names: RefinementFileNames, half: Int?) {
        self.init()
        let settings = snapshot.settings, state = snapshot.state
        referenceDimensionality = model.isVolume ? 3 : 2
        imageSize = model.box
        currentResolutionInAngstrom = model.currentResolution > 0 ? 1 / model.currentResolution : .infinity
        currentImageSize = model.currentSize
        paddingFactor = Double(settings.paddingFactor)
        interpolator = settings.usesNearestNeighbour ? 0 : 1
        minimalRadiusForInterpolation = settings.minimumRadiusNearestNeighbour
        pixelSizeInAngstrom = model.pixelSize
        tau2Fudge = model.tau2Fudge
        averageNormCorrection = model.averageNormCorrection
        offsetSpread = model.offsetVariance.squareRoot()
        orientationalPriorMode = state.usesAngularPriors ? 1 : 0
        if state.usesAngularPriors {
            (rotPriorSpread, tiltPriorSpread, psiPriorSpread) = (state.sigmaRot, state.sigmaTilt, state.sigmaPsi)
        }
        logLikelihood = model.logLikelihood
        averageMaximalProbability = model.averageMaximumProbability
        groups = model.groupNames.indices.map {
            GroupModel(
                name: model.groupNames[$0], particleCount: model.groupParticleCounts[$0], scale: model.groupScale[$0])
        }
        noiseSpectra = model.noise
        classes = model.references.indices.map { index in
            let name =
                model.isVolume
                ? names.map(class: index, half: half)
                : String(format: "%08d@", index + 1) + names.classes(half: half)
            return ClassModel(model, class: index, name: name)
        }
        for (index, name) in MomentFiles.classNames(model, names).enumerated() {
            (classes[index].firstMomentImage, classes[index].secondMomentImage) = (name.first, name.second)
        }
    }
}

extension ModelFile.ClassModel {
    fileprivate init(_ model: RefinementModel, class index: Int, name: String) {
        self.init(referenceImage: name)
        distribution = model.classWeights[index]
        rotationAccuracy = model.rotationAccuracy[index]
        translationAccuracy = model.translationAccuracy[index]
        estimatedResolution = model.estimatedResolution[index]
        overallFourierCompleteness = model.totalFourierCoverage[index]
        if !model.isVolume {
            offsetPrior = .init(x: model.offsetPriors[index].x, y: model.offsetPriors[index].y)
        }
        spectra.signalToNoise = model.dataVersusPrior[index]
        spectra.halfMapFSC = model.goldStandardFSC[index]
        spectra.fourierCompleteness = model.fourierCoverage[index]
        spectra.sigma2 = model.sigma2[index]
        spectra.tau2 = model.tau2[index]
        spectra.orientability = model.orientability[index]
        orientationDistribution = model.isVolume ? model.directionPriors[index] : []
    }
}

extension SamplingFile {
    init(_ snapshot: RefinementSnapshot) {
        self.init()
        let settings = snapshot.settings, state = snapshot.state
        is3D = settings.dimensionality == .threeD
        healpixOrder = state.healpixOrder
        symmetryGroup = settings.symmetry
        tiltAngleLimit = settings.tiltLimit
        psiStep = state.psiStep
        offsetRange = state.offsetRange
        offsetStep = state.offsetStep
        perturbation = state.perturbation.instance
        perturbationFactor = state.perturbation.factor
        originalHealpixOrder = state.originalHealpixOrder
        originalPsiStep = state.originalPsiStep
        originalOffsetRange = state.originalOffsetRange
        originalOffsetStep = state.originalOffsetStep
        directions = snapshot.directions.map { Direction(rot: $0.rot, tilt: $0.tilt) }
    }
}
