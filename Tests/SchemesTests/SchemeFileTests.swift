import Foundation
import Jobs
import Reporting
import Schemes
import StarFormat
import Testing

@Suite struct SchemeFileTests {
    /// Written as RELION writes it, with its labels and order of tables.
    private let text = """

        # version 50001

        data_scheme_general

        _rlnSchemeName                       Schemes/prep/
        _rlnSchemeCurrentNodeName            WAIT


        # version 50001

        data_scheme_floats

        loop_
        _rlnSchemeFloatVariableName #1
        _rlnSchemeFloatVariableValue #2
        _rlnSchemeFloatVariableResetValue #3
        wait_sec   180.000000   180.000000

        # version 50001

        data_scheme_bools

        loop_
        _rlnSchemeBooleanVariableName #1
        _rlnSchemeBooleanVariableValue #2
        _rlnSchemeBooleanVariableResetValue #3
        has_ctf   1   0

        # version 50001

        data_scheme_strings

        loop_
        _rlnSchemeStringVariableName #1
        _rlnSchemeStringVariableValue #2
        _rlnSchemeStringVariableResetValue #3
        mics   Schemes/prep/ctffind/micrographs_ctf.star   undefined
        words   "two words"   ""

        # version 50001

        data_scheme_operators

        loop_
        _rlnSchemeOperatorName #1
        _rlnSchemeOperatorType #2
        _rlnSchemeOperatorOutput #3
        _rlnSchemeOperatorInput1 #4
        _rlnSchemeOperatorInput2 #5
        CHECK   bool=file_exists   has_ctf   mics   undefined
        WAIT   wait   undefined   wait_sec   undefined

        # version 50001

        data_scheme_jobs

        loop_
        _rlnSchemeJobNameOriginal #1
        _rlnSchemeJobName #2
        _rlnSchemeJobMode #3
        _rlnSchemeJobHasStarted #4
        ctffind   CtfFind/job003/   continue   1

        # version 50001

        data_scheme_edges

        loop_
        _rlnSchemeEdgeInputNodeName #1
        _rlnSchemeEdgeOutputNodeName #2
        _rlnSchemeEdgeIsFork #3
        _rlnSchemeEdgeOutputNodeNameIfTrue #4
        _rlnSchemeEdgeBooleanVariable #5
        WAIT   ctffind   0   undefined   undefined
        ctffind   CHECK   0   undefined   undefined
        CHECK   WAIT   1   ctffind   has_ctf

        """

    @Test func readAndWritten() throws {
        let scheme = try Scheme(StarDocument(text: text, name: "scheme.star"), name: "prep")
        #expect(scheme.current == "WAIT" && scheme.start == "WAIT")
        #expect(scheme.variable("has_ctf") == SchemeVariable(name: "has_ctf", value: .flag(true), resetValue: .flag(false)))
        #expect(scheme.variable("words")?.value == .text("two words") && scheme.variable("words")?.resetValue == .text(""))
        #expect(scheme.operator("CHECK")?.input2 == "")
        #expect(scheme.job("ctffind") == Scheme.Job(name: "ctffind", current: "CtfFind/job003/", mode: .again, hasStarted: true))
        #expect(try scheme.next(after: "CHECK") == "ctffind")
        #expect(try scheme.next(after: "nowhere") == nil)
        let again = try Scheme(StarDocument(text: try scheme.document.serialized(), name: "again"), name: "prep")
        #expect(again == scheme)
        // Names of tables and labels are those that were read, in their order.
        let (before, after) = (try StarDocument(text: text, name: "a"), scheme.document)
        #expect(before.tables.map(\.name) == after.tables.map(\.name))
        #expect(before.tables.map(\.labels) == after.tables.map(\.labels))
    }

    @Test func damagedFiles() throws {
        for (good, bad) in [("continue   1", "sometimes   1"), ("180.000000   180", "many   180"), ("data_scheme_general", "data_else"),
                            ("_rlnSchemeOperatorType #2", "_rlnOther #2")] {
            let damaged = text.replacingOccurrences(of: good, with: bad)
            #expect(damaged != text)
            #expect(throws: InputError.self) { try Scheme(StarDocument(text: damaged, name: "scheme.star"), name: "prep") }
        }
    }

    @Test func findings() throws {
        let test = try SchemeProject()
        try test.makeLoop()
        var scheme = try test.folder.load()
        #expect(test.folder.findings(scheme).isEmpty)
        scheme.operators[0].input1 = "nothing"
        scheme.operators[1].type = "bool=maybe"
        scheme.edges[0].to = "elsewhere"
        scheme.edges.append(scheme.edges[1])
        scheme.current = "lost"
        scheme.variables.removeAll { $0.name == "limit" }
        let text = test.folder.findings(scheme).map(\.description).joined(separator: "\n")
        for part in ["nothing", "bool=maybe", "elsewhere", "2 edges", "lost", "$$limit"] { #expect(text.contains(part), "\(part)") }
    }

    @Test func editing() throws {
        let test = try SchemeProject()
        try test.makeLoop()
        try test.folder.edit("test") { scheme in
            try scheme.setVariable("limit", text: "5", resetText: "6")
            #expect(throws: InputError.self) { try scheme.setVariable("limit", text: "many") }
            #expect(throws: InputError.self) { try scheme.addVariable("limit", value: .number(1)) }
            #expect(throws: InputError.self) { try scheme.addVariable("a b", value: .number(1)) }
            #expect(throws: InputError.self) { try scheme.addEdge(.init(from: "work", to: "end")) }
            #expect(throws: InputError.self) { try scheme.addOperator(.init(name: "x", type: "float=plus", output: "more", input1: "one", input2: "2")) }
            try scheme.addOperator(.init(name: "x", type: "float=plus", output: "one", input1: "one", input2: "2"))
            try scheme.setVariable("fresh", text: "true")
        }
        let scheme = try test.folder.load()
        #expect(scheme.variable("limit") == SchemeVariable(name: "limit", value: .number(5), resetValue: .number(6)))
        #expect(scheme.variable("fresh")?.value == .flag(true))
        #expect(test.project.exists("Schemes/test/scheme.star.bck"))
    }

    @Test func copy() throws {
        let test = try SchemeProject()
        try test.makeLoop()
        try test.folder.edit("test") { try $0.addVariable("file", value: .text("Schemes/test/work/x.star")) }
        try test.folder.copy(to: "twin")
        let twin = SchemeFolder(project: test.project, name: "Schemes/twin/")
        #expect(try twin.load().variable("file")?.value == .text("Schemes/twin/work/x.star"))
        #expect(try twin.settings(of: "again")["param1_value"] == "Schemes/twin/work/x.star")
        #expect(twin.findings(try twin.load()).isEmpty)
        #expect(SchemeFolder.names(in: test.project) == ["test", "twin"])
        #expect(throws: InputError.self) { try test.folder.copy(to: "twin") }
    }
}
