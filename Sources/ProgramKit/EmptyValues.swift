import Synchronization

/// Fields of a form that were left empty leave an option without its value on a job's command line: `--sym --norm`.
///
/// Options take the word behind them as their value whatever it is, since values may begin with a dash. Here an option whose value
/// is missing gets an empty one, so that it does not swallow the next option: programs treat it as not given, or say what they
/// expected.
enum EmptyValues {
    static func filled<P: RelionProgram>(_ arguments: [String], for type: P.Type) -> [String] {
        let isSuspect = zip(arguments, arguments.dropFirst()).contains { $0.hasPrefix("--") && $1.hasPrefix("--") }
        return isSuspect ? filled(arguments, options: options(of: type)) : arguments
    }

    /// Asking a program for its options takes some milliseconds.
    private static let known = Mutex<[String: [OptionDescription]]>([:])

    private static func options<P: RelionProgram>(of type: P.Type) -> [OptionDescription] {
        known.withLock { known in
            if let options = known[P.programName] { return options }
            let options = OptionDescription.all(of: type)
            known[P.programName] = options
            return options
        }
    }

    static func filled(_ arguments: [String], options: [OptionDescription]) -> [String] {
        let known = Set(options.map(\.name)), valued = Set(options.filter { !$0.isFlag }.map(\.name))
        var words: [String] = []
        var index = 0
        while index < arguments.count {
            words.append(arguments[index])
            if valued.contains(arguments[index]), index + 1 < arguments.count {
                if known.contains(arguments[index + 1]) {
                    words.append("")
                } else {
                    index += 1
                    words.append(arguments[index])
                }
            }
            index += 1
        }
        return words
    }
}
