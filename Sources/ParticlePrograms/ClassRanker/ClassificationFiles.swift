import Metadata
import Reporting
import StarFormat

/// Model and particles of a classification, found from its optimiser or from its model.
struct ClassificationFiles {
    let modelFile: String
    let dataFile: String
    let model: ModelFile

    /// - Parameters:
    ///   - optimiser: names the two others; empty: `model` is given.
    ///   - data: empty: beside the model.
    init(optimiser: String, model: String, data: String = "") throws {
        if optimiser.isEmpty {
            let ending = "_model.star"
            modelFile = model
            dataFile = !data.isEmpty ? data : (model.hasSuffix(ending) ? String(model.dropLast(ending.count)) : model) + "_data.star"
        } else {
            let file = try OptimiserFile(contentsOf: optimiser)
            modelFile = file.modelFile
            dataFile = data.isEmpty ? file.dataFile : data
        }
        let document = try StarDocument(contentsOf: modelFile)
        if document.contains("model_general") {
            self.model = try ModelFile(contentsOf: modelFile, opticsGroupCount: try StarDocument(contentsOf: dataFile).firstTable("optics")?.rowCount ?? 1)
        } else {
            // Models of the ranker have the table of classes only.
            self.model = try ModelFile(classesOf: document)
        }
    }
}
