import Testing

@testable import ParticlePrograms

@Suite struct MemoryPlanTests {
    private let plan = MemoryPlan(images: 2_000_000_000, references: 4_000_000_000, slices: 3_000_000_000, round: 288_000_000, canUseLessPadding: true)

    @Test func whatFitsIsNoProblem() {
        #expect(plan.total == 9_288_000_000)
        #expect(plan.problem(availableBytes: 9_288_000_000) == nil)
    }

    /// Each remedy, when followed, makes the plan fit.
    @Test func remedies() {
        let slices = plan.problem(availableBytes: 8_000_000_000)?.description ?? ""
        #expect(slices.contains("--slice_memory 1.7") && slices.contains("9288 MB") && slices.contains("8000 MB"))
        var smaller = plan
        smaller.slices = 1_700_000_000
        #expect(smaller.problem(availableBytes: 8_000_000_000) == nil)

        let images = plan.problem(availableBytes: 6_000_000_000)?.description ?? ""
        #expect(images.contains("without --preread_images") && images.contains("--slice_memory 0"))
        let padding = plan.problem(availableBytes: 3_000_000_000)?.description ?? ""
        #expect(padding.contains("--pad 1"))
        var unpadded = plan
        unpadded.canUseLessPadding = false
        #expect(unpadded.problem(availableBytes: 3_000_000_000)?.description.contains("fewer classes") == true)
        #expect(plan.problem(availableBytes: 1_000_000_000)?.description.contains("fewer classes") == true)
    }

    /// Many threads hold many scores; with half of them and more, the advice is to use fewer.
    @Test func fewerThreads() {
        var wide = plan
        (wide.images, wide.thread, wide.threads) = (0, 200_000_000, 64)
        #expect(wide.total == 20_088_000_000)
        let advice = wide.problem(availableBytes: 14_000_000_000)?.description ?? ""
        #expect(advice.contains("--j 48 and --slice_memory 0") && advice.contains("64 thread(s) up to 12800"))
        (wide.threads, wide.slices) = (48, 0)
        #expect(wide.problem(availableBytes: 14_000_000_000) == nil)
    }
}
