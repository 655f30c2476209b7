import Pipeline
import Reporting

/// Shows what cleaning would take away, asks, and does it.
struct CleaningDialogue {
    let project: Project
    let yes: Bool
    let dryRun: Bool

    func run(_ plans: [CleaningPlan]) throws {
        let plans = plans.filter { !$0.items.isEmpty }
        if plans.isEmpty { return print("there is nothing to clean") }
        for plan in plans {
            print("\(plan.job)  \(ByteText.text(plan.bytes)) in \(plan.items.count) files or folders")
            for item in plan.items.prefix(10) { print("    \(item.name)") }
            if plan.items.count > 10 { print("    and \(plan.items.count - 10) more") }
        }
        let bytes = plans.reduce(0) { $0 + $1.bytes }
        if dryRun { return print("\(ByteText.text(bytes)) would go to the trash") }
        guard try Question.isConfirmed("Move \(ByteText.text(bytes)) to the trash?", given: yes) else { return }
        for plan in plans { try project.clean(plan) }
        print("\(ByteText.text(bytes)) went to the trash; relion job unclean brings them back")
    }
}
