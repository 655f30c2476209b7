import Arrays
import ImageFormats
import ProgramKit
import Reporting

/// Looks at the gain reference beside the movies before any is corrected: its size, its values, and how it lies.
struct GainCheck {
    private let path: String
    private let turn: GainTurn
    /// What is wrong with it for movies of a shape; nil: nothing.
    private var verdicts: [Shape: InputError?] = [:]
    private var fitsAny = false
    private var misfits: [(movie: String, error: InputError)] = []
    /// It lies the wrong way: no movie of the list can be corrected with it.
    private var misplaced: InputError?

    init(_ path: String, _ turn: GainTurn) { (self.path, self.turn) = (path, turn) }

    /// Whether the reference fits a movie; if not, the reason is kept. How it lies is looked at in the first movie of each shape.
    mutating func fits(_ movie: any MovieReader) -> Bool {
        let error: InputError?
        if let verdict = verdicts[movie.shape] {
            error = verdict
        } else {
            do {
                let image = turn.applied(to: try GainReference.image(path, for: movie))
                let factors = try GainReference.factors(image, path, for: movie)
                misplaced = misplaced ?? misplacement(factors, movie)
                error = nil
            } catch let problem {
                error = problem as? InputError ?? InputError(place: path, found: "\(problem)")
            }
            verdicts[movie.shape] = .some(error)
        }
        if let error { misfits.append((movie.path, error)) } else { fitsAny = true }
        return error == nil
    }

    /// Movies that it does not fit are left out, unless it fits none.
    func finish(_ check: inout InputCheck, _ leftOut: inout LeftOut, _ reporter: Reporter) {
        if let misplaced { check.add(misplaced) }
        guard fitsAny else {
            misfits.first.map { check.add($0.error) }
            return
        }
        for (movie, error) in misfits { leftOut.add(movie, error, reporter) }
    }

    private func misplacement(_ factors: RealArray, _ movie: any MovieReader) -> InputError? {
        // A movie whose frames cannot be read is told of when it is corrected.
        guard let counts = try? GainAgreement.counts(of: movie),
              let better = GainAgreement(counts: counts, factors: factors).betterTurn else { return nil }
        let total = turn.then(better), place = "--gainref \(path)", found = "does not lie as the pixels of \(movie.path) do"
        guard PathName(path).pathExtension.lowercased() != "gain" else {
            return InputError(place: place, found: found, expected: "a reference that does; this one would have to be turned",
                              remedy: "Take the reference that was written with these movies")
        }
        return InputError(place: place, found: found,
                          expected: "--gain_rot \(total.quarters) --gain_flip \(total.reflection.rawValue), with which it does",
                          remedy: "Give these options")
    }
}
