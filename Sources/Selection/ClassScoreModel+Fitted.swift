extension ClassScoreModel {
    package static let fitted = ClassScoreModel(rows: ScoreTerm.allCases.map { ($0, 0, 1, 0) }, intercept: 0)
}
