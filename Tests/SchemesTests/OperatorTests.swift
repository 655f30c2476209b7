import Foundation
import Reporting
import Schemes
import Testing

/// Every operator through a whole run of one step.
@Suite struct OperatorTests {
    private static let table = """
        data_particles

        loop_
        _rlnA #1
        _rlnName #2
        _rlnFlag #3
        3.5 three 1
        -1 minus 0
        2 two 0

        """

    private func result(_ type: String, _ input1: String, _ input2: String = "", in test: SchemeProject) throws -> SchemeValue? {
        let folder = SchemeFolder(project: test.project, name: "one\(UUID().uuidString.prefix(8))")
        let output = OperatorRule.rule(type)
        try folder.create { scheme in
            try scheme.addVariable("yes", value: .flag(true))
            try scheme.addVariable("no", value: .flag(false))
            try scheme.addVariable("flag", value: .flag(false))
            for (name, value) in [("two", 2.0), ("seven", 7), ("half", -2.5), ("number", 0), ("zero", 0)] {
                try scheme.addVariable(name, value: .number(value))
            }
            for (name, text) in [
                ("file", "t.star"), ("missing", "none.star"), ("particles", "particles"), ("cellA", "t.star,particles,rlnA"),
                ("cellName", "t.star,particles,_rlnName"), ("cellFlag", "t.star,particles,rlnFlag"), ("path", "a/b/a/c"), ("mark", "/a"),
                ("slash", "/"), ("words", "one,two,three"), ("pattern", "t.*"), ("nomatch", "x.*"), ("bad", "t.star,particles"),
                ("new", "New/made.txt"), ("copy", "Other/copied.star"), ("text", ""),
            ] { try scheme.addVariable(name, value: .text(text)) }
            let target = switch type.split(separator: "=").first {
            case "bool": "flag"
            case "float": "number"
            case "string": "text"
            default: ""
            }
            try scheme.addOperator(.init(name: "step", type: type, output: target, input1: input1, input2: input2))
            try scheme.addOperator(.init(name: "end", type: "exit"))
            try scheme.addEdge(.init(from: "step", to: "end"))
        }
        #expect(output != nil)
        #expect(try SchemeRun(folder, timing: test.quick) { _ in }.run() == .done)
        let scheme = try folder.load()
        return switch type.split(separator: "=").first {
        case "bool": scheme.variable("flag")?.value
        case "float": scheme.variable("number")?.value
        case "string": scheme.variable("text")?.value
        default: nil
        }
    }

    @Test func flags() throws {
        let test = try SchemeProject()
        try test.temporary.write(Self.table, to: "t.star")
        for (type, a, b, expected) in [
            ("bool=set", "yes", "", true), ("bool=and", "yes", "no", false), ("bool=and", "yes", "yes", true), ("bool=or", "no", "yes", true),
            ("bool=or", "no", "no", false), ("bool=not", "yes", "", false), ("bool=gt", "seven", "two", true), ("bool=gt", "two", "2", false),
            ("bool=lt", "half", "zero", true), ("bool=ge", "two", "2", true), ("bool=le", "seven", "two", false), ("bool=eq", "two", "2.000000001", true),
            ("bool=eq", "two", "2.1", false), ("bool=file_exists", "file", "", true), ("bool=file_exists", "missing", "", false),
            ("bool=read_star", "cellFlag", "", true), ("bool=read_star", "cellFlag", "1", false),
        ] { #expect(try result(type, a, b, in: test) == .flag(expected), "\(type) \(a) \(b)") }
    }

    @Test func numbers() throws {
        let test = try SchemeProject()
        try test.temporary.write(Self.table, to: "t.star")
        for (type, a, b, expected) in [
            ("float=set", "seven", "", 7.0), ("float=plus", "seven", "two", 9), ("float=minus", "seven", "0.5", 6.5), ("float=mult", "seven", "half", -17.5),
            ("float=divide", "seven", "two", 3.5), ("float=round", "half", "", -3), ("float=count_images", "file", "", 3),
            ("float=count_images", "file", "particles", 3), ("float=count_images", "missing", "", 0), ("float=count_words", "words", "", 3),
            ("float=read_star", "cellA", "", 3.5), ("float=read_star", "cellA", "2", 2), ("float=star_table_max", "cellA", "", 3.5),
            ("float=star_table_min", "cellA", "", -1), ("float=star_table_avg", "cellA", "", 1.5), ("float=star_table_sort_idx", "cellA", "1", 1),
            ("float=star_table_sort_idx", "cellA", "-1", 0), ("float=star_table_sort_idx", "cellA", "two", 2),
        ] { #expect(try result(type, a, b, in: test) == .number(expected), "\(type) \(a) \(b)") }
        for (type, a, b) in [("float=divide", "seven", "zero"), ("float=read_star", "cellA", "seven"), ("float=read_star", "bad", ""),
                             ("float=star_table_sort_idx", "cellA", "zero"), ("float=star_table_avg", "cellName", "")] {
            #expect(throws: InputError.self, "\(type) \(a) \(b)") { try result(type, a, b, in: test) }
        }
    }

    @Test func texts() throws {
        let test = try SchemeProject()
        try test.temporary.write(Self.table, to: "t.star")
        try test.temporary.write("", to: "t.txt")
        for (type, a, b, expected) in [
            ("string=set", "words", "", "one,two,three"), ("string=join", "file", "mark", "t.star/a"), ("string=before_first", "path", "slash", "a"),
            ("string=after_first", "path", "slash", "b/a/c"), ("string=before_last", "path", "slash", "a/b/a"), ("string=after_last", "path", "mark", "/c"),
            ("string=after_last", "file", "mark", "t.star"), ("string=read_star", "cellName", "2", "two"), ("string=glob", "pattern", "", "t.star,t.txt"),
            ("string=glob", "nomatch", "", "undefined"), ("string=nth_word", "words", "two", "two"), ("string=nth_word", "words", "-1", "three"),
            ("string=nth_word", "words", "4", "undefined"),
        ] { #expect(try result(type, a, b, in: test) == .text(expected), "\(type) \(a) \(b)") }
    }

    @Test func files() throws {
        let test = try SchemeProject()
        try test.temporary.write(Self.table, to: "t.star")
        _ = try result("touch_file", "new", in: test)
        #expect(test.temporary.exists("New/made.txt"))
        _ = try result("copy_file", "file", "copy", in: test)
        #expect(test.temporary.exists("Other/copied.star") && test.temporary.exists("t.star"))
        _ = try result("delete_file", "copy", in: test)
        #expect(!test.temporary.exists("Other/copied.star"))
        _ = try result("delete_file", "copy", in: test)
        _ = try result("move_file", "file", "copy", in: test)
        #expect(test.temporary.exists("Other/copied.star") && !test.temporary.exists("t.star"))
        #expect(throws: InputError.self) { try result("move_file", "file", "copy", in: test) }
        _ = try result("email", "words", "seven", in: test)
    }

    @Test func kindsOfTexts() {
        for (text, value) in [("3.5", SchemeValue.number(3.5)), ("-2", .number(-2)), ("2 words", .number(2)), ("true", .flag(true)), ("False", .flag(false)),
                              ("word", .text("word")), ("", .text(""))] {
            #expect(SchemeValue(guessing: text) == value, "\(text)")
        }
        for text in ["true", "True", "Yes", "yes", "1"] { #expect(SchemeValue(text, kind: .flag) == .flag(true), "\(text)") }
        for text in ["false", "False", "No", "no", "0"] { #expect(SchemeValue(text, kind: .flag) == .flag(false), "\(text)") }
        for text in ["", "2", "maybe"] { #expect(SchemeValue(text, kind: .flag) == nil, "\(text)") }
        #expect(SchemeValue.number(0.1).jobOption == "0.1" && SchemeValue.number(1_234_567).jobOption == "1.23457e+06" && SchemeValue.flag(true).jobOption == "Yes")
    }
}
