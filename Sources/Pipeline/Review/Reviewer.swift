import Foundation
import Geometry
import Jobs
import Reporting

/// Looks at one job's settings beside what its input files say: their first rows and headers, never their pixels.
///
/// What cannot be known is passed over: variables of schemes (`$$…`), files that are not there (`Project.findings` tells those)
/// or not readable, tilt series.
struct Reviewer {
    let settings: JobSettings
    let project: Project
    let cores: Int
    /// Of the machine, and free on the project's disk.
    let memoryBytes: Int, diskBytes: Int?
    private(set) var review = JobReview()

    /// - Parameters: `cores`, `memoryBytes`, `diskBytes`: nil for those of this machine.
    init(settings: JobSettings, project: Project, cores: Int? = nil, memoryBytes: Int? = nil, diskBytes: Int? = nil) {
        self.settings = settings
        self.project = project
        let machine = ProcessInfo.processInfo
        self.cores = cores ?? machine.activeProcessorCount
        self.memoryBytes = memoryBytes ?? Int(clamping: machine.physicalMemory)
        self.diskBytes = diskBytes ?? project.freeBytes
    }

    mutating func run() {
        reviewThreads()
        // A continued job takes from its own files what it was started with.
        guard !settings.isTomo, !settings.isContinue else { return }
        switch settings.type.label {
        case "relion.class2d", "relion.class3d", "relion.refine3d", "relion.initialmodel": reviewRefinement()
        case "relion.motioncorr": reviewMotionCorrection()
        case "relion.ctffind": reviewCTFEstimation()
        case "relion.autopick": reviewPicking()
        case "relion.extract": reviewExtraction()
        case "relion.maskcreate": reviewMask()
        case "relion.postprocess", "relion.localres": reviewHalfMaps()
        default: break
        }
        reviewResources()
    }

    // MARK: Values

    /// Nil for options that the type does not have, texts without a number, numbers that nobody means and variables of schemes.
    func number(_ key: String) -> Double? {
        settings[key].flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }.flatMap { abs($0) < 1e9 ? $0 : nil }
    }

    func isYes(_ key: String) -> Bool { settings.isYes(key) }

    /// The text of an option; nil where it is empty, a scheme's variable or not an option.
    func text(_ key: String) -> String? {
        guard let text = settings[key], !text.isEmpty, !text.contains("$$") else { return nil }
        return text
    }

    /// Whole numbers without a fraction, others with up to two digits behind the point.
    static func short(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : String(format: "%.2f", number)
    }

    // MARK: Findings

    mutating func obstacle(_ key: String, _ expected: String, remedy: String) {
        review.obstacles.append(problem(key, expected, remedy))
    }

    mutating func doubt(_ key: String, _ expected: String, remedy: String) {
        review.doubts.append(problem(key, expected, remedy))
    }

    mutating func estimate(_ estimate: JobEstimate) { review.estimate = estimate }

    private func problem(_ key: String, _ expected: String, _ remedy: String) -> InputProblem {
        let label = (settings.option(key)?.label ?? key).trimmingCharacters(in: CharacterSet(charactersIn: " :?"))
        return InputProblem(place: key, found: "\(label) is \(settings[key] ?? "")", expected: expected, remedy: remedy)
    }

    // MARK: Rules of several job types

    /// Cores that the job keeps busy.
    var busyCores: Int {
        let processes = settings.type.hasMPI ? max(1, Int(number("nr_mpi") ?? 1)) : 1
        let threads = settings.type.hasThreads ? max(1, Int(number("nr_threads") ?? 1)) : 1
        return processes * threads
    }

    private mutating func reviewThreads() {
        guard !isYes("do_queue"), busyCores > cores else { return }
        let key = settings.type.hasThreads && (number("nr_threads") ?? 1) > 1 ? "nr_threads" : "nr_mpi"
        doubt(
            key, "at most \(cores) processes × threads, as many as this machine has cores",
            remedy: "More make the job slower: together they are \(busyCores)")
    }

    private mutating func reviewResources() {
        guard let estimate = review.estimate else { return }
        if !isYes("do_queue"), let need = estimate.memory, need.value > Double(memoryBytes) {
            review.doubts.append(InputProblem(
                place: "memory", found: "the job may take \(JobEstimate.bytes(need.value)) (\(need.formula))",
                expected: "at most the \(ByteText.text(memoryBytes)) of this machine", remedy: "Use a smaller box, fewer classes or fewer threads"))
        }
        if let need = estimate.disk, let diskBytes, need.value > Double(diskBytes) {
            review.doubts.append(InputProblem(
                place: "disk", found: "the job may write \(JobEstimate.bytes(need.value)) (\(need.formula))",
                expected: "at most the \(ByteText.text(diskBytes)) that are free", remedy: "Make space: relion project clean, relion project empty-trash"))
        }
    }

    /// A resolution finer than the pixels can hold.
    mutating func reviewResolution(_ key: String, pixelSize: Double?) {
        guard let value = number(key), value > 0, let pixelSize, value < 2 * pixelSize * 0.999 else { return }
        let expected = "at least \(Self.short(2 * pixelSize)) Å, twice the pixel size of \(Self.short(pixelSize)) Å"
        doubt(key, expected, remedy: "A finer limit has no effect")
    }

    mutating func reviewOrder(_ low: String, _ high: String, isEqualAllowed: Bool = false, remedy: String) {
        guard let first = number(low), let second = number(high) else { return }
        if first > second || (first == second && !isEqualAllowed) {
            obstacle(low, "less than \(settings.option(high)?.label ?? high) \(Self.short(second))", remedy: remedy)
        }
    }

    mutating func reviewEven(_ key: String) {
        guard let value = number(key), value > 0 else { return }
        if value.truncatingRemainder(dividingBy: 2) != 0 {
            obstacle(key, "an even number of pixels", remedy: "Give \(Int(value.rounded(.up)) + (Int(value.rounded(.up)) % 2)), for example")
        }
    }

    /// A file that no other job made and that `Project.findings` therefore does not look for.
    mutating func reviewFile(_ key: String) {
        guard let name = text(key), !project.exists(name) else { return }
        obstacle(key, "a file that exists", remedy: "Check the path; it is taken from the project's folder")
    }

    /// The number of operators of the point group that an option names; 1 where it names none.
    mutating func reviewSymmetry(_ key: String) -> Int {
        guard let name = text(key) else { return 1 }
        guard let group = try? SymmetryGroup(name: name) else {
            obstacle(key, "a point group, such as C1, D2, T, O or I1", remedy: "Correct the name")
            return 1
        }
        return group.order
    }
}
