import Foundation
import Jobs
import Pipeline
import Schemes
import Testing
import TestSupport

/// The schemes that come with the suite hold together.
@Suite struct SchemeTemplateTests {
    @Test(arguments: ["prep", "proc"]) func partsFit(_ name: String) throws {
        let template = try #require(SchemeTemplate.named(name)), scheme = template.scheme
        let names = scheme.variables.map(\.name) + scheme.operators.map(\.name) + scheme.jobs.map(\.name)
        #expect(Set(names).count == names.count, "one name, one thing")
        for item in scheme.operators { #expect(OperatorRule.rule(item.type) != nil, "\(item.name): \(item.type)") }
        for edge in scheme.edges {
            for node in [edge.from, edge.to, edge.fork?.toIfTrue].compactMap({ $0 }) { #expect(scheme.isNode(node), "\(edge.from) → \(node)") }
            if let fork = edge.fork { #expect(scheme.variable(fork.variable)?.value.kind == .flag, "\(edge.from): \(fork.variable)") }
        }
        #expect(Set(scheme.edges.map(\.from)).count == scheme.edges.count, "one edge a node")
        #expect(scheme.current == scheme.start)
    }

    /// Each node is on a way from the first one, and each way leads on to an exit.
    @Test(arguments: ["prep", "proc"]) func allNodesAreReached(_ name: String) throws {
        let scheme = try #require(SchemeTemplate.named(name)).scheme
        func next(_ node: String) -> [String] { scheme.edges.filter { $0.from == node }.flatMap { [$0.to, $0.fork?.toIfTrue].compactMap { $0 } } }
        func reached(from start: String) -> Set<String> {
            var seen: Set<String> = [start], open = [start]
            while let node = open.popLast() { open += next(node).filter { seen.insert($0).inserted } }
            return seen
        }
        let nodes = Set(scheme.operators.map(\.name) + scheme.jobs.map(\.name))
        #expect(reached(from: try #require(scheme.start)) == nodes)
        let exits = scheme.operators.filter { $0.type == "exit" }.map(\.name)
        for node in nodes {
            #expect(!reached(from: node).isDisjoint(with: exits), "\(node)")
            #expect(next(node).isEmpty == exits.contains(node), "\(node)")
        }
    }

    /// As installed: nothing to find fault with, `$$` names are variables, paths lead to jobs, and each job has commands.
    @Test func jobsAreComplete() throws {
        let folder = try TemporaryFolder(), project = Project(root: folder.path)
        for template in SchemeTemplate.all { try template.install(in: project) }
        for template in SchemeTemplate.all {
            let scheme = SchemeFolder(project: project, name: template.name)
            #expect(Set(try scheme.load().edges.map(\.from)) == Set(template.scheme.edges.map(\.from)))
            #expect(scheme.findings(try scheme.load()).isEmpty)
            let texts = template.scheme.variables.compactMap { if case .text(let text) = $0.value { text } else { nil } }
            for text in texts { checkPaths(text, "\(template.name) variables") }
            for job in template.scheme.jobs {
                var settings = try scheme.settings(of: job.name)
                #expect(settings.values == (try template.settings(of: job.name)).values, "\(job.name)")
                for (key, value) in settings.values {
                    checkPaths(value, "\(job.name) \(key)")
                    for mark in value.matches(of: /\$\$(\S+)/) {
                        let variable = try #require(template.scheme.variable(String(mark.output.1)), "\(job.name) \(key): \(value)")
                        try settings.set(key, to: value.replacingOccurrences(of: "$$" + variable.name, with: variable.value.jobOption))
                    }
                }
                // The form's own requirements hold, and what the job reads and writes has types.
                let commands = try JobCommands(settings, folder: "X/job001/")
                #expect(commands.commands.first?.program?.hasPrefix("relion_") == true, "\(job.name)")
                #expect(!commands.outputs.isEmpty, "\(job.name)")
            }
        }
    }

    private func checkPaths(_ text: String, _ place: String) {
        guard text.hasPrefix("Schemes/") else { return }
        let parts = text.split(separator: "/").map(String.init)
        #expect(parts.count == 4 && SchemeTemplate.named(parts[1])?.scheme.job(parts[2]) != nil, "\(place): \(text)")
    }

    /// RELION runs prep: it holds no operator of ours, and second inputs are variables.
    @Test func prepIsForRELIONToo() {
        let scheme = SchemeTemplate.prep.scheme
        for item in scheme.operators {
            #expect(item.type != "pause" && (item.input2.isEmpty || scheme.variable(item.input2) != nil), "\(item.name)")
        }
    }
}
