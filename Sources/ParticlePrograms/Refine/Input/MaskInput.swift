import Arrays
import ImageFormats
import ProgramKit
import Refinement
import Reporting

/// Masks of the references: values from 0 (solvent) to 1 (particle).
enum MaskInput {
    /// - Throws: `InputError` naming the file when box, pixel size or dimensions are not those of the references.
    static func read(
        _ file: String, frame: ReferenceInput.Frame?, dimensionality: RefinementSettings.Dimensionality?,
        reporter: Reporter
    ) throws -> RealArray {
        var (mask, header) = try ImageFile.read(file)
        try mask.values.withUnsafeBufferPointer { try PixelCheck.requireFinite($0, of: file) }
        var check = InputCheck()
        if let frame {
            let expected: Shape = dimensionality == .twoD ? .square(frame.box) : .cube(frame.box)
            check.require(
                mask.shape == expected, file, found: "is \(mask.shape) pixels", expected: "\(expected), as the references",
                remedy: "Change it with relion_image_handler --new_box, or make it anew with relion_mask_create")
            if let size = header.pixelSizeInAngstrom {
                check.require(
                    abs(size - frame.pixelSize) <= ReferenceInput.tolerance, file, found: "has a pixel size of \(size) Å",
                    expected: "\(frame.pixelSize) Å, as the references",
                    remedy: "Change it with relion_image_handler --rescale_angpix \(frame.pixelSize)")
            }
        }
        try check.finish()
        if mask.values.contains(where: { $0 < 0 || $0 > 1 }) {
            reporter.warning("\(file) has values outside 0 to 1: they are set to 0 or 1.")
            for index in mask.values.indices { mask.values[index] = min(1, max(0, mask.values[index])) }
        }
        return mask
    }
}
