import Arrays
import Parallel

/// Per shell 0 ... box/2, what a reconstruction knows about signal and noise (Scheres, J. Struct. Biol. 180 (2012) 519).
package struct ReconstructionSpectra: Sendable, Equatable {
    /// Power of the signal assumed by the Wiener filter: the prior's variance.
    package var tau2: [Double]
    /// Variance of the noise left in the reconstruction.
    package var sigma2: [Double]
    /// Ratio of evidence to prior; 0 beyond the resolution in use, 999 in shells without a point.
    package var dataVersusPrior: [Double]
    /// Fraction of the points where the data outweigh the prior.
    package var fourierCoverage: [Double]

    package init(tau2: [Double], sigma2: [Double], dataVersusPrior: [Double], fourierCoverage: [Double]) {
        self.tau2 = tau2
        self.sigma2 = sigma2
        self.dataVersusPrior = dataVersusPrior
        self.fourierCoverage = fourierCoverage
    }
}

/// Where the prior's variance comes from.
package enum SignalPrior: Sendable {
    /// Given, as the power spectrum of the last reference.
    case given([Double])
    /// From the correlation of two half maps, FSC / (1 − FSC) times the noise. For a map of the whole set, the FSC of the halves is
    /// first turned into that of the whole, sqrt(2 FSC / (FSC + 1)).
    case correlation([Double], isWholeSet: Bool)
}

extension BackProjection {
    /// Noise, prior, evidence and coverage from the weights.
    ///
    /// - Parameters:
    ///   - prior: `layout.shellCount` values, not negative.
    ///   - fudge: RELION's tau2_fudge (T), by which the prior is believed more.
    ///   - averageSquaredCTF: for images that were multiplied by their CTF beforehand, the mean CTF² per shell.
    package func spectra(prior: SignalPrior, fudge: Double = 1, averageSquaredCTF: [Double]? = nil,
                         pool: ThreadPool) -> ReconstructionSpectra {
        let weight = weight
        let sums = layout.shellSums(terms: 2, includesRim: false, pool: pool) { index, _, sums in
            sums[0] += Double(weight.base[index])
            sums[1] += 1
        }
        let counts = sums[1]
        let sigma2 = (0..<layout.shellCount).map { r -> Double in
            let total = layout.oversampling * sums[0][r]
            return total > 1e-20 ? counts[r] / total : 0
        }
        var tau2: [Double], evidence: [Double]?
        switch prior {
        case .given(let values):
            precondition(values.count == layout.shellCount && values.allSatisfy { $0 >= 0 })
            tau2 = values
        case .correlation(let fsc, let isWholeSet):
            precondition(fsc.count == layout.shellCount)
            let ratio = fsc.map { Self.signalToNoise(correlation: $0, isWholeSet: isWholeSet) * fudge }
            tau2 = zip(ratio, sigma2).map { $0 * $1 }
            evidence = ratio
        }
        // Weight at which data and prior are equal; 0: no prior.
        let equal = (0..<layout.shellCount).map { r -> Double in
            guard tau2[r] > 0 else { return 0 }
            let inverse = 1 / (layout.oversampling * fudge * tau2[r])
            if let average = averageSquaredCTF?[r], average > 0 { return inverse / average }
            return inverse
        }
        let ratios = evidenceSums(equal: equal, pool: pool)
        let dataVersusPrior = evidence ?? (0..<layout.shellCount).map { r in
            r > layout.maximumRadius ? 0 : counts[r] > 0 ? ratios[0][r] / counts[r] : 999
        }
        let coverage = (0..<layout.shellCount).map { counts[$0] > 0 ? ratios[1][$0] / counts[$0] : 0 }
        return ReconstructionSpectra(tau2: tau2, sigma2: sigma2, dataVersusPrior: dataVersusPrior, fourierCoverage: coverage)
    }

    /// Sums of weight / (weight of the prior), and numbers of points where that is at least 1.
    private func evidenceSums(equal: [Double], pool: ThreadPool) -> [[Double]] {
        let weight = weight, shellOf = layout.shellTable()
        return layout.shellSums(terms: 2, includesRim: false, pool: pool) { index, squared, sums in
            let w = Double(weight.base[index]), shell = Int(shellOf[squared])
            // Without a prior RELION takes one of 0.001 w, which is as good as none.
            let ratio = equal[shell] > 0 ? w / equal[shell] : 0.001 * w * w
            sums[0] += ratio
            if ratio >= 1 { sums[1] += 1 }
        }
    }

    /// FSC / (1 − FSC) with the FSC kept within 0.001 ... 0.999.
    package static func signalToNoise(correlation: Double, isWholeSet: Bool) -> Double {
        var fsc = max(0.001, correlation)
        if isWholeSet { fsc = (2 * fsc / (fsc + 1)).squareRoot() }
        fsc = min(0.999, fsc)
        return fsc / (1 - fsc)
    }
}
