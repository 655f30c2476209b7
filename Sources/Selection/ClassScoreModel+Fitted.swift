// Made by class-score-calibration --table; do not edit.

extension ClassScoreModel {
    /// Fitted to simulated classes.
    package static let fitted = ClassScoreModel(rows: [
        (.detailPerDiameter, 2.7297, 0.7176, 0.9044),
        (.resolutionAgainstBest, -0.4856, 0.4196, -0.4259),
        (.population, -0.1626, 0.5203, 0.7298),
        (.area, 0.2411, 0.1907, -0.9032),
        (.areaSquared, 0.0945, 0.1623, -0.6031),
        (.scattered, 0.1049, 0.2322, 0.3982),
        (.edge, 0.1109, 0.2395, -0.7483),
        (.offset, 0.1561, 0.1702, -0.6511),
        (.separability, 0.7516, 0.0818, 0.8084),
        (.contrast, 1.2975, 1.3985, 0.3693),
        (.ringSignal, -0.7190, 1.0167, -0.5382),
        (.roundness, 0.5746, 0.2521, -0.9082),
        (.detailContrast, 0.0576, 0.1908, -0.2085),
        (.granularity, -1.7481, 0.6594, 0.1165),
        (.skewness, 1.4328, 1.1818, -0.1267),
        (.kurtosis, 1.6649, 0.6221, -0.1429),
        (.outline, 1.3185, 0.4781, 1.0247),
        (.halfTurn, 0.6141, 0.3302, 0.6143),
        (.darkness, 0.2159, 0.1722, -1.2351),
    ], intercept: -1.5241)
}
