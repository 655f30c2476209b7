// swift-tools-version: 6.1
import PackageDescription

// Targets stand in layer order: a target may import only targets above it.
// See docs/architecture.md.

let numerics: Target.Dependency = .product(name: "ComplexModule", package: "swift-numerics")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let fastC: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno"])]
let fastSwift: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

let package = Package(
    name: "relion",
    products: [.executable(name: "relion", targets: ["relion"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    ],
    targets: [
        // Row 0: system libraries and C kernels.
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CCompress", pkgConfig: "libzstd",
                       providers: [.apt(["zlib1g-dev", "libbz2-dev", "liblzma-dev", "libzstd-dev"])]),
        .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CKernels", cSettings: fastC),

        // Row 1: memory, threads, reporting, random numbers.
        .target(name: "Arrays", dependencies: [numerics, "CMalloc"]),
        .target(name: "Parallel"),
        .target(name: "Reporting"),
        .target(name: "Randomness"),

        // Row 2: file formats.
        .target(name: "StarFormat", dependencies: ["Reporting"]),
        .target(name: "ImageFormats", dependencies: ["Arrays", "Reporting", "CPNG", "CTIFF", "CCompress", "CKernels"]),
        .target(name: "TextFormats", dependencies: ["Reporting", "CCompress"]),

        // Row 3: geometry and physics.
        .target(name: "Tables", dependencies: ["StarFormat", "Parallel", "Reporting"]),
        .target(name: "Geometry", dependencies: ["Reporting", "Randomness"]),
        .target(name: "Optics", dependencies: ["Arrays", "Geometry", "Reporting", "CKernels"]),
        .target(name: "Optimisation", dependencies: ["Arrays"]),

        // Row 4: typed records, transforms.
        .target(name: "Metadata", dependencies: ["StarFormat", "Geometry", "Optics"]),
        .target(name: "Fourier", dependencies: ["Arrays", "Parallel", "CFFTW", numerics]),

        .target(name: "JobResults", dependencies: ["Tables", "Metadata", "ImageFormats", "StarFormat", "Parallel", "Reporting"]),
        .target(name: "CryosparcFormat", dependencies: ["StarFormat", "Geometry", "Reporting"]),

        // Row 5: image operations.
        .target(name: "Imaging", dependencies: ["Fourier", "Geometry", "Optics", "Optimisation", "Parallel", "Randomness", "Reporting"]),
        .target(name: "Projection", dependencies: ["Fourier", "Geometry", "Optics", "Optimisation", "CKernels"]),
        .target(name: "Simulation", dependencies: ["Imaging", "Projection", "TextFormats", "Randomness"]),

        // Row 6: engines.
        .target(name: "Refinement",
                dependencies: ["Imaging", "Projection", "Metadata", "Randomness", "COpenBLAS", "CKernels"],
                swiftSettings: fastSwift),
        .target(name: "Postprocessing", dependencies: ["Imaging", "Optics", "Randomness", "Reporting"]),
        .target(name: "MotionCorrection",
                dependencies: ["Imaging", "Metadata", "Fourier", "Optics", "Optimisation", "Parallel", "Randomness", "Reporting", "CKernels"],
                swiftSettings: fastSwift),
        .target(name: "CTFEstimation",
                dependencies: ["Imaging", "Fourier", "Optics", "Optimisation", "Parallel", "Reporting", "CKernels"],
                swiftSettings: fastSwift),
        .target(name: "Picking",
                dependencies: ["Imaging", "Projection", "Fourier", "Optics", "Parallel", "Randomness", "Reporting", "CKernels"],
                swiftSettings: fastSwift),
        .target(name: "Extraction", dependencies: ["Imaging", "Fourier", "Optics", "Parallel", "Reporting"]),
        .target(name: "Selection", dependencies: ["Arrays", "Imaging", "Optimisation"]),

        // Row 7: programs.
        .target(name: "ProgramKit", dependencies: ["Reporting", "Parallel", arguments]),
        .target(name: "Plotting", dependencies: ["Arrays", "Parallel", "Reporting", "CCairo"]),
        .target(name: "ParticlePrograms",
                dependencies: ["ProgramKit", "Refinement", "Postprocessing", "Selection", "ImageFormats", "StarFormat", "TextFormats",
                               "Metadata", "Geometry", "Fourier", "Imaging", "Plotting", "Simulation"]),
        .target(name: "MicrographPrograms",
                dependencies: ["ProgramKit", "MotionCorrection", "CTFEstimation", "Picking", "Extraction", "ImageFormats", "StarFormat",
                               "TextFormats", "Metadata", "Fourier", "Imaging", "Projection", "Optics", "Plotting", "Randomness"]),
        .target(name: "UtilityPrograms",
                dependencies: ["ProgramKit", "ImageFormats", "StarFormat", "Metadata", "Imaging", "Projection", "Plotting",
                               "Randomness"]),

        // Row 8: projects.
        .target(name: "Jobs", dependencies: ["StarFormat", "Reporting"]),
        .target(name: "Pipeline", dependencies: ["ImageFormats", "Geometry", "Jobs", "Metadata", "StarFormat", "Reporting"]),
        .target(name: "Schemes", dependencies: ["Pipeline", "Jobs", "StarFormat", "Reporting"]),
        .target(name: "ProjectPrograms", dependencies: ["UtilityPrograms", "Plotting", "CryosparcFormat", "StarFormat", "ProgramKit", "Pipeline", "Schemes", "Jobs", "Reporting", arguments]),

        // Row 9: the browser's side.
        .target(name: "ServerPage"),
        .target(name: "Server", dependencies: ["ServerPage", "Tables", "JobResults", "Metadata", "Plotting", "Jobs", "Pipeline", "Schemes", "Imaging", "Fourier", "ImageFormats", "Parallel", "Reporting"], exclude: ["Page"]),
        .target(name: "ServerPrograms", dependencies: ["Server", "Pipeline", "Reporting", arguments]),

        // Row 10: the executable.
        .executableTarget(name: "relion", dependencies: ["Arrays", "ProgramKit", "Reporting", "MicrographPrograms", "ParticlePrograms", "UtilityPrograms",
                                                        "ProjectPrograms", "ServerPrograms", "Pipeline"]),

        // Tests and benchmarks.
        .executableTarget(name: "relion-bench",
                          dependencies: ["Arrays", "Parallel", "Fourier", "StarFormat", "ImageFormats", "Projection", "MotionCorrection",
                                         "CTFEstimation", "Picking", "Extraction", "Imaging", "COpenBLAS", "CKernels"],
                          path: "Benchmarks"),
        .executableTarget(name: "class-score-calibration",
                          dependencies: ["Selection", "Simulation", "Imaging", "Fourier", "Geometry", "Randomness", "Parallel"],
                          path: "Calibration"),
        .target(name: "TestSupport", dependencies: ["Arrays", "ImageFormats", "StarFormat"], path: "Tests/TestSupport"),
        .testTarget(name: "FoundationTests", dependencies: ["Arrays", "Parallel", "Reporting", "Randomness", "TestSupport"]),
        .testTarget(name: "StarFormatTests", dependencies: ["StarFormat", "TestSupport"]),
        .testTarget(name: "ImageFormatsTests", dependencies: ["ImageFormats", "Parallel", "CCompress", "TestSupport"]),
        .testTarget(name: "TextFormatsTests", dependencies: ["TextFormats", "TestSupport"]),
        .testTarget(name: "GeometryTests", dependencies: ["Geometry", "TestSupport"]),
        .testTarget(name: "OpticsTests", dependencies: ["Optics", "TestSupport"]),
        .testTarget(name: "OptimisationTests", dependencies: ["Optimisation", "TestSupport"]),
        .testTarget(name: "MetadataTests", dependencies: ["Metadata", "TestSupport"]),
        .testTarget(name: "FourierTests", dependencies: ["Fourier", "TestSupport"]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging", "ImageFormats", "Parallel", "TestSupport"]),
        .testTarget(name: "ProjectionTests", dependencies: ["Projection", "Randomness", "TestSupport"]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "TestSupport"]),
        .testTarget(name: "RefinementTests",
                    dependencies: ["Refinement", "Metadata", "ImageFormats", "Projection", "CKernels", "TestSupport"]),
        .testTarget(name: "PostprocessingTests", dependencies: ["Postprocessing", "ImageFormats", "StarFormat", "TestSupport"]),
        .testTarget(name: "MotionCorrectionTests", dependencies: ["MotionCorrection", "Metadata", "ImageFormats", "StarFormat", "TestSupport"]),
        .testTarget(name: "CTFEstimationTests",
                    dependencies: ["CTFEstimation", "ImageFormats", "StarFormat", "Fourier", "Optics", "Randomness", "TestSupport"]),
        .testTarget(name: "PickingTests", dependencies: ["Picking", "ImageFormats", "StarFormat", "Optics", "Parallel", "TestSupport"]),
        .testTarget(name: "ExtractionTests", dependencies: ["Extraction", "ImageFormats", "StarFormat", "TestSupport"]),
        .testTarget(name: "SelectionTests", dependencies: ["Selection", "ImageFormats", "StarFormat", "TestSupport"]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting", "TestSupport"]),
        .executableTarget(name: "project-hammer", dependencies: ["Pipeline"], path: "Tests/ProjectHammer"),
        .testTarget(name: "JobsTests", dependencies: ["Jobs", "StarFormat", "Reporting", "TestSupport"]),
        .testTarget(name: "PipelineTests", dependencies: ["Jobs", "Arrays", "ImageFormats", "Pipeline", "StarFormat", "TestSupport", "project-hammer"]),
        .testTarget(name: "ProjectProgramsTests", dependencies: ["project-guest", "CryosparcFormat", "StarFormat", "ProjectPrograms", "Pipeline", "Schemes", "ProgramKit", "Reporting", "TestSupport"]),
        .executableTarget(name: "project-guest", dependencies: ["ProjectPrograms"], path: "Tests/ProjectGuest"),
        .executableTarget(name: "scheme-walker", dependencies: ["Schemes", "Pipeline"], path: "Tests/SchemeWalker"),
        .testTarget(name: "SchemesTests", dependencies: ["Schemes", "Pipeline", "Jobs", "StarFormat", "Reporting", "TestSupport", "scheme-walker"]),
        .testTarget(name: "CryosparcFormatTests", dependencies: ["CryosparcFormat", "StarFormat", "Geometry", "TestSupport"]),
        .testTarget(name: "TablesTests", dependencies: ["Tables", "StarFormat", "Parallel", "Reporting", "TestSupport"]),
        .testTarget(name: "JobResultsTests", dependencies: ["JobResults", "Tables", "StarFormat", "Parallel", "ImageFormats", "Arrays", "TestSupport"]),
        .testTarget(name: "ServerTests", dependencies: ["Pipeline", "Reporting", "Server", "StarFormat", "ImageFormats", "Imaging", "TestSupport"]),
        .testTarget(name: "BrowserTests", dependencies: ["Pipeline", "Server", "TestSupport"]),
        .testTarget(name: "ProgramTests",
                    dependencies: ["ProgramKit", "MicrographPrograms", "ParticlePrograms", "UtilityPrograms", "ImageFormats", "StarFormat", "Metadata",
                                   "Refinement", "Imaging", "TestSupport"]),
        .testTarget(name: "ConformanceTests",
                    dependencies: ["ProgramKit", "MicrographPrograms", "ParticlePrograms", "UtilityPrograms", "ProjectPrograms", "Jobs", "TestSupport"]),
    ]
)
