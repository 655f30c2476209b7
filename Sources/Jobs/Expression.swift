/// A small formula of the job catalogue: a condition (`do_ctf and nr_classes > 1`), a number (`2 * offset_step`) or a
/// text (`filename(fn_in)`).
///
/// Words are keys of options, facts of the job (`continue`, `new`, `tomo`, `spa`, `outdir` …) or names that the job type
/// defines with `let`. Operators, weakest first: `or`, `and`, `not`/`!`, `= != < <= > >= contains`, `+ -`, `* /`.
/// Functions are listed in `ExpressionFunction`. Texts stand in single or double quotes.
package indirect enum Expression: Sendable, Hashable {
    case number(Double)
    case text(String)
    /// A key or fact; `manualpick.KEY` reads the picker's settings.
    case word(String)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case comparison(Expression, Comparison, Expression)
    case arithmetic(Expression, Arithmetic, Expression)
    case call(ExpressionFunction, [Expression])

    package enum Comparison: String, Sendable, CaseIterable {
        case lessOrEqual = "<=", greaterOrEqual = ">=", notEqual = "!=", equal = "=", less = "<", greater = ">", contains
    }

    package enum Arithmetic: String, Sendable, CaseIterable {
        case plus = "+", minus = "-", times = "*", over = "/"
    }

    /// Every word the formula mentions, for checks of the catalogue.
    package var words: [String] {
        switch self {
        case .number, .text: []
        case .word(let name): [name]
        case .not(let inner): inner.words
        case .and(let left, let right), .or(let left, let right): left.words + right.words
        case .comparison(let left, _, let right), .arithmetic(let left, _, let right): left.words + right.words
        case .call(_, let arguments): arguments.flatMap(\.words)
        }
    }
}

/// The functions of the catalogue's formulas.
package enum ExpressionFunction: String, Sendable, CaseIterable {
    /// `if(condition, a, b)`.
    case `if`
    /// Position of a choice in the option's list, from 0.
    case choice
    /// `letter(option, "fmp")`: the letter at the position of the choice.
    case letter
    /// `clamp(x, low, high)`.
    case clamp
    case max
    /// To the nearest whole number, halves away from zero.
    case round
    /// Towards zero.
    case trunc
    /// How many of the conditions hold.
    case count
    /// First text that is not empty.
    case first
    /// The texts that are not empty, with blanks between.
    case list
    /// Last part of a path.
    case filename
    /// A path up to and with its last slash.
    case folder
    /// `after(text, "*")`: what follows the last occurrence; empty where there is none.
    case after
    /// `without(text, part)`: the text with every occurrence of the part left out.
    case without
    /// The other half map's name: half1 and half2 exchanged in the last part of the path.
    case otherhalf
    /// The iteration number in a file name such as `run_it012_optimiser.star`.
    case iteration
    /// Whether a path starts with a slash.
    case absolute
    /// Whether a text is of letters, digits and hyphens only; a scheme's variable (`$$…`) passes.
    case plainname
    /// Whether the value is a scheme's variable (contains `$$`).
    case variable

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .if, .clamp: 3...3
        case .letter, .after, .without, .max: 2...2
        case .choice, .round, .trunc, .filename, .folder, .otherhalf, .iteration, .absolute, .plainname, .variable: 1...1
        case .count, .first, .list: 1...32
        }
    }
}
