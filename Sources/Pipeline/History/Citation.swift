/// Papers that a methods section cites.
package enum Citation: String, CaseIterable, Sendable {
    case relion, relion3, relion4, relion5, bayesian, motionCor2, doseWeighting, ctffind4, references, topaz, aberrations, polishing
    case goldStandard, halfMapThreshold, phaseRandomisation, blush, multiBody, helices, subtraction, resMap, dynaMight, modelAngelo

    /// As it stands in the text.
    package var short: String { Self.papers[self]?.short ?? rawValue }
    /// As it stands in the list of references.
    package var full: String { Self.papers[self]?.full ?? rawValue }

    private static let papers: [Citation: (short: String, full: String)] = [
        .relion: ("Scheres, 2012a", "Scheres, S.H.W. (2012a). RELION: implementation of a Bayesian approach to cryo-EM structure determination. J. Struct. Biol. 180, 519-530. doi:10.1016/j.jsb.2012.09.006"),
        .bayesian: ("Scheres, 2012b", "Scheres, S.H.W. (2012b). A Bayesian view on cryo-EM structure determination. J. Mol. Biol. 415, 406-418. doi:10.1016/j.jmb.2011.11.010"),
        .relion3: ("Zivanov et al., 2018", "Zivanov, J., Nakane, T., Forsberg, B.O., Kimanius, D., Hagen, W.J.H., Lindahl, E. and Scheres, S.H.W. (2018). New tools for automated high-resolution cryo-EM structure determination in RELION-3. eLife 7, e42166. doi:10.7554/eLife.42166"),
        .relion4: ("Kimanius et al., 2021", "Kimanius, D., Dong, L., Sharov, G., Nakane, T. and Scheres, S.H.W. (2021). New tools for automated cryo-EM single-particle analysis in RELION-4.0. Biochem. J. 478, 4169-4185. doi:10.1042/BCJ20210708"),
        .relion5: ("Burt et al., 2024", "Burt, A., Toader, B., Warshamanage, R., von Kügelgen, A., Pyle, E., Zivanov, J., Kimanius, D., Bharat, T.A.M. and Scheres, S.H.W. (2024). An image processing pipeline for electron cryo-tomography in RELION-5. FEBS Open Bio 14, 1788-1804. doi:10.1002/2211-5463.13873"),
        .motionCor2: ("Zheng et al., 2017", "Zheng, S.Q., Palovcak, E., Armache, J.-P., Verba, K.A., Cheng, Y. and Agard, D.A. (2017). MotionCor2: anisotropic correction of beam-induced motion for improved cryo-electron microscopy. Nat. Methods 14, 331-332. doi:10.1038/nmeth.4193"),
        .doseWeighting: ("Grant and Grigorieff, 2015", "Grant, T. and Grigorieff, N. (2015). Measuring the optimal exposure for single particle cryo-EM using a 2.6 Å reconstruction of rotavirus VP6. eLife 4, e06980. doi:10.7554/eLife.06980"),
        .ctffind4: ("Rohou and Grigorieff, 2015", "Rohou, A. and Grigorieff, N. (2015). CTFFIND4: fast and accurate defocus estimation from electron micrographs. J. Struct. Biol. 192, 216-221. doi:10.1016/j.jsb.2015.08.008"),
        .references: ("Scheres, 2015", "Scheres, S.H.W. (2015). Semi-automated selection of cryo-EM particles in RELION-1.3. J. Struct. Biol. 189, 114-122. doi:10.1016/j.jsb.2014.11.010"),
        .topaz: ("Bepler et al., 2019", "Bepler, T., Morin, A., Rapp, M., Brasch, J., Shapiro, L., Noble, A.J. and Berger, B. (2019). Positive-unlabeled convolutional neural networks for particle picking in cryo-electron micrographs. Nat. Methods 16, 1153-1160. doi:10.1038/s41592-019-0575-8"),
        .aberrations: ("Zivanov et al., 2020", "Zivanov, J., Nakane, T. and Scheres, S.H.W. (2020). Estimation of high-order aberrations and anisotropic magnification from cryo-EM data sets in RELION-3.1. IUCrJ 7, 253-267. doi:10.1107/S2052252520000081"),
        .polishing: ("Zivanov et al., 2019", "Zivanov, J., Nakane, T. and Scheres, S.H.W. (2019). A Bayesian approach to beam-induced motion correction in cryo-EM single-particle analysis. IUCrJ 6, 5-17. doi:10.1107/S205225251801463X"),
        .goldStandard: ("Scheres and Chen, 2012", "Scheres, S.H.W. and Chen, S. (2012). Prevention of overfitting in cryo-EM structure determination. Nat. Methods 9, 853-854. doi:10.1038/nmeth.2115"),
        .halfMapThreshold: ("Rosenthal and Henderson, 2003", "Rosenthal, P.B. and Henderson, R. (2003). Optimal determination of particle orientation, absolute hand, and contrast loss in single-particle electron cryomicroscopy. J. Mol. Biol. 333, 721-745. doi:10.1016/j.jmb.2003.07.013"),
        .phaseRandomisation: ("Chen et al., 2013", "Chen, S., McMullan, G., Faruqi, A.R., Murshudov, G.N., Short, J.M., Scheres, S.H.W. and Henderson, R. (2013). High-resolution noise substitution to measure overfitting and validate resolution in 3D structure determination by single particle electron cryomicroscopy. Ultramicroscopy 135, 24-35. doi:10.1016/j.ultramic.2013.06.004"),
        .blush: ("Kimanius et al., 2024", "Kimanius, D., Jamali, K., Wilkinson, M.E., Lövestam, S., Velazhahan, V., Nakane, T. and Scheres, S.H.W. (2024). Data-driven regularization lowers the size barrier of cryo-EM structure determination. Nat. Methods 21, 1216-1221. doi:10.1038/s41592-024-02304-8"),
        .multiBody: ("Nakane et al., 2018", "Nakane, T., Kimanius, D., Lindahl, E. and Scheres, S.H.W. (2018). Characterisation of molecular motions in cryo-EM single-particle data by multi-body refinement in RELION. eLife 7, e36861. doi:10.7554/eLife.36861"),
        .helices: ("He and Scheres, 2017", "He, S. and Scheres, S.H.W. (2017). Helical reconstruction in RELION. J. Struct. Biol. 198, 163-176. doi:10.1016/j.jsb.2017.02.003"),
        .subtraction: ("Bai et al., 2015", "Bai, X.-C., Rajendra, E., Yang, G., Shi, Y. and Scheres, S.H.W. (2015). Sampling the conformational space of the catalytic subunit of human γ-secretase. eLife 4, e11182. doi:10.7554/eLife.11182"),
        .resMap: ("Kucukelbir et al., 2014", "Kucukelbir, A., Sigworth, F.J. and Tagare, H.D. (2014). Quantifying the local resolution of cryo-EM density maps. Nat. Methods 11, 63-65. doi:10.1038/nmeth.2727"),
        .dynaMight: ("Schwab et al., 2024", "Schwab, J., Kimanius, D., Burt, A., Dendooven, T. and Scheres, S.H.W. (2024). DynaMight: estimating molecular motions with improved reconstruction from cryo-EM images. Nat. Methods 21, 1855-1862. doi:10.1038/s41592-024-02377-5"),
        .modelAngelo: ("Jamali et al., 2024", "Jamali, K., Käll, L., Zhang, R., Brown, A., Kimanius, D. and Scheres, S.H.W. (2024). Automated model building and protein identification in cryo-EM maps. Nature 628, 450-457. doi:10.1038/s41586-024-07215-4"),
    ]
}
