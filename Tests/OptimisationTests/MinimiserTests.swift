import Foundation
import Optimisation
import Testing

@Suite struct MinimiserTests {
    /// Rosenbrock's valley: minimum 0 at (1, 1).
    static func valley(_ p: [Double]) -> Double { 100 * pow(p[1] - p[0] * p[0], 2) + pow(1 - p[0], 2) }

    static let starts: [[Double]] = [[-1.2, 1], [0, 0], [3, -2]]

    @Test(arguments: starts) func simplexFindsTheValleyFloor(start: [Double]) {
        let result = NelderMead(initialSteps: [0.5, 0.5], sizeTolerance: 1e-7).minimise(from: start, Self.valley)
        #expect(result.hasConverged && abs(result.point[0] - 1) < 1e-5 && abs(result.point[1] - 1) < 1e-5)
    }

    @Test func simplexIgnoresUndefinedValues() {
        let result = NelderMead(initialSteps: [1]).minimise(from: [2]) { $0[0] <= 0 ? .nan : $0[0] - log($0[0]) }
        #expect(abs(result.point[0] - 1) < 1e-3)
    }

    @Test(arguments: starts) func quasiNewtonFindsTheValleyFloor(start: [Double]) {
        let result = LimitedMemoryBFGS().minimise(from: start) { p, gradient in
            gradient[0] = -400 * p[0] * (p[1] - p[0] * p[0]) - 2 * (1 - p[0])
            gradient[1] = 200 * (p[1] - p[0] * p[0])
            return Self.valley(p)
        }
        #expect(result.hasConverged && abs(result.point[0] - 1) < 1e-5 && abs(result.point[1] - 1) < 1e-5)
        #expect(result.iterations < 100)
    }

    @Test func quasiNewtonInManyDimensions() {
        let n = 50
        let result = LimitedMemoryBFGS().minimise(from: [Double](repeating: 5, count: n)) { p, gradient in
            var sum = 0.0
            for i in 0..<n {
                let d = p[i] - Double(i)
                sum += Double(i + 1) * d * d
                gradient[i] = 2 * Double(i + 1) * d
            }
            return sum
        }
        for i in 0..<n { #expect(abs(result.point[i] - Double(i)) < 1e-4) }
    }

    @Test func leastSquaresRecoversACurve() {
        let truth = [2.5, 0.7, -0.3]
        let xs = (0..<20).map { Double($0) / 4 }
        func curve(_ p: [Double], _ x: Double) -> Double { p[0] * exp(-p[1] * x) + p[2] }
        let observed = xs.map { curve(truth, $0) }
        let fit = LevenbergMarquardt(derivativeSteps: [1e-4, 1e-4, 1e-4]).minimise(from: [1, 0.2, 0]) { p in
            zip(xs, observed).map { curve(p, $0) - $1 }
        }
        #expect(fit.hasConverged)
        for (a, b) in zip(fit.point, truth) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func linearSystems() {
        let x = LinearSystem.solveSymmetric([4, 2, 2, 3], [2, 5]) ?? []
        #expect(abs(x[0] + 0.5) < 1e-12 && abs(x[1] - 2) < 1e-12)
        #expect(LinearSystem.solveSymmetric([1, 2, 2, 4], [1, 1]) == nil)
        let xs = (0..<10).map(Double.init)
        let line = LinearSystem.fit(
            basis: [xs.map { _ in 1 }, xs], to: xs.map { 3 - 2 * $0 } + [], weights: xs.map { $0 < 8 ? 1 : 0 }) ?? []
        #expect(abs(line[0] - 3) < 1e-10 && abs(line[1] + 2) < 1e-10)
    }
}
