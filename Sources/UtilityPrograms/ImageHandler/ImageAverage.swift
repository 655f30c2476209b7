import Arrays
import Fourier
import Imaging

/// Mean over many images of pixels, amplitudes or powers; images are added in their order.
struct ImageAverage {
    enum Quantity: Equatable, Sendable { case pixels, frames, amplitude, power, alignedPower }

    let quantity: Quantity
    private var sums: [Double] = []
    private var shape: Shape?
    private(set) var count = 0

    init(of quantity: Quantity) { self.quantity = quantity }

    /// What one image adds; may be computed in parallel.
    static func term(_ image: RealArray, _ quantity: Quantity) -> RealArray {
        switch quantity {
        case .pixels, .frames: return image
        case .amplitude, .power, .alignedPower:
            let spectrum = FourierTransform(shape: image.shape).forward(image)
            let values = spectrum.values.map { quantity == .amplitude ? $0.power.squareRoot() : $0.power }
            return RealArray(shape: image.shape.halfPlane, values: values)
        }
    }

    mutating func add(_ term: RealArray) {
        if shape == nil {
            shape = term.shape
            sums = [Double](repeating: 0, count: term.shape.count)
        }
        for i in sums.indices { sums[i] += Double(term.values[i]) }
        count += 1
    }

    var mean: RealArray? {
        guard let shape, count > 0 else { return nil }
        return RealArray(shape: shape, values: sums.map { Float($0 / Double(count)) })
    }
}
