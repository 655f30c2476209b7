import Arrays
import ComplexModule
import Fourier
import Geometry

/// One view of a reference: where it is turned and moved, and what the microscope does to it.
package struct ReferenceView: Sendable {
    /// Turns the reference into the image.
    package var orientation: RotationMatrix
    /// In pixels of the image; content moves by this.
    package var shift: Vector3
    /// Real factors on the image's half-plane grid (CTF); nil: none.
    package var transfer: [Float]?
    /// Added to the transform after everything else, on the same grid, phase origin in the centre; nil: none.
    package var noise: [ComplexFloat]?

    package init(orientation: RotationMatrix, shift: Vector3 = Vector3(0, 0, 0), transfer: [Float]? = nil,
                 noise: [ComplexFloat]? = nil) {
        self.orientation = orientation
        self.shift = shift
        self.transfer = transfer
        self.noise = noise
    }
}

/// Makes images (or, for 3D data, rotated volumes) of a reference in its own box. Any thread may render.
package final class ViewRenderer: Sendable {
    package let reference: PaddedReference
    /// Of the images.
    package let shape: Shape
    private let transform: FourierTransform

    package init(reference: PaddedReference, makesVolumes: Bool = false) {
        self.reference = reference
        let box = reference.layout.box
        shape = makesVolumes ? .cube(box) : .square(box)
        transform = FourierTransform(shape: shape)
    }

    /// The view in real space, centred at box/2.
    package func render(_ view: ReferenceView) -> RealArray {
        var spectrum = spectrum(view)
        spectrum.movePhaseOriginToCorner()
        return transform.inverse(spectrum)
    }

    /// The view's transform, phase origin in the centre.
    package func spectrum(_ view: ReferenceView) -> FourierArray {
        let axes = SliceAxes(orientation: view.orientation, scale: reference.layout.padding)
        let box = reference.layout.box, isVolume = shape.isCube
        var spectrum = FourierArray(realShape: shape)
        spectrum.values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            if isVolume {
                SliceExtraction.extractVolume(reference, axes: axes, imageBox: box, into: base)
            } else {
                SliceExtraction.extract(reference, axes: axes, imageBox: box, into: base)
            }
        }
        if view.shift != Vector3(0, 0, 0) { spectrum.translate(by: view.shift.x, view.shift.y, isVolume ? view.shift.z : 0) }
        if let transfer = view.transfer {
            precondition(transfer.count == spectrum.values.count)
            for i in transfer.indices { spectrum.values[i] = spectrum.values[i].multiplied(by: transfer[i]) }
        }
        if let noise = view.noise {
            precondition(noise.count == spectrum.values.count)
            for i in noise.indices { spectrum.values[i] += noise[i] }
        }
        return spectrum
    }
}
