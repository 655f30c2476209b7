import Arrays
import Foundation
import Fourier
import Parallel

/// Operations on references and images in real and Fourier space that iterations need between their steps.
enum ReferenceGrid {
    /// Width of the raised-cosine edge of Fourier filters, pixels.
    static let fourierEdge = 2.0

    /// Brings an image to another pixel size (Fourier cropping or padding) and box (windowing about the centre).
    static func resample(_ image: RealArray, from: Double, to: Double, box: Int) -> RealArray {
        var result = image
        if abs(from - to) > 0.0001 {
            var size = Int((Double(image.shape.x) * from / to).rounded())
            size += size % 2
            let spectrum = FourierTransform(shape: image.shape).forward(image)
            result = FourierTransform(shape: .square(size)).inverse(spectrum.resized(to: .square(size)))
        }
        return result.shape.x == box ? result : result.windowed(to: .square(box))
    }

    /// Low-pass filter through 0.5 at `resolution` Å.
    static func lowPass(_ map: RealArray, resolution: Double, pixelSize: Double, pool: ThreadPool) -> RealArray {
        guard resolution > 0 else { return map }
        let radius = Double(map.shape.x) * pixelSize / resolution - fourierEdge / 2
        return filtered(map, pool: pool) { r in
            if r < radius { return 1 }
            if r > radius + fourierEdge { return 0 }
            return Float(0.5 - 0.5 * cos(Double.pi * (radius + fourierEdge - r) / fourierEdge))
        }
    }

    /// Multiplies the transform by a function of the frequency's length in pixels.
    static func filtered(_ map: RealArray, pool: ThreadPool, _ factor: @Sendable (Double) -> Float) -> RealArray {
        let transform = FourierTransform(shape: map.shape)
        var spectrum = transform.forward(map, pool: pool)
        let shape = map.shape, width = shape.x / 2 + 1
        for z in 0..<shape.z {
            let kz = signedFrequency(z, length: shape.z)
            for y in 0..<shape.y {
                let ky = signedFrequency(y, length: shape.y)
                for x in 0..<width {
                    let r = Double(x * x + ky * ky + kz * kz).squareRoot()
                    let i = (z * shape.y + y) * width + x
                    spectrum.values[i] = spectrum.values[i].multiplied(by: factor(r))
                }
            }
        }
        return transform.inverse(spectrum, pool: pool)
    }

    /// Soft sphere or disc: 1 within the radius, raised-cosine edge, 0 outside (pixels).
    static func softSphere(_ shape: Shape, radius: Double, edge: Double) -> [Float] {
        let outer = radius + edge
        var mask = [Float](repeating: 0, count: shape.count)
        let cz = shape.isImage ? 0 : shape.z / 2
        for z in 0..<shape.z {
            for y in 0..<shape.y {
                for x in 0..<shape.x {
                    let dx = Double(x - shape.x / 2), dy = Double(y - shape.y / 2), dz = Double(z - cz)
                    let r = (dx * dx + dy * dy + dz * dz).squareRoot()
                    let value = r < radius ? 1 : r > outer ? 0 : 0.5 - 0.5 * cos(Double.pi * (outer - r) / edge)
                    mask[(z * shape.y + y) * shape.x + x] = Float(value)
                }
            }
        }
        return mask
    }

    /// Replaces what is outside a soft sphere by the mean of what is there.
    static func maskOutside(_ map: RealArray, radius: Double, edge: Double) -> RealArray {
        let mask = softSphere(map.shape, radius: radius, edge: edge)
        return blendOutside(map, mask: mask)
    }

    /// Blends to the mean of the region where `mask` is 0.
    static func blendOutside(_ map: RealArray, mask: [Float]) -> RealArray {
        var sum = 0.0, weight = 0.0
        for (value, inside) in zip(map.values, mask) {
            sum += Double(value * (1 - inside))
            weight += Double(1 - inside)
        }
        let mean = weight > 0 ? Float(sum / weight) : 0
        return RealArray(shape: map.shape, values: zip(map.values, mask).map { $0 * $1 + (1 - $1) * mean })
    }

    /// Centre of mass of a map about the box centre, pixels (x, y, z).
    static func centreOfMass(_ map: RealArray) -> (x: Double, y: Double, z: Double) {
        let s = map.shape
        var mass = 0.0, sx = 0.0, sy = 0.0, sz = 0.0
        for z in 0..<s.z {
            for y in 0..<s.y {
                for x in 0..<s.x {
                    let value = Double(map[x, y, z])
                    mass += value
                    sx += value * Double(x - s.x / 2)
                    sy += value * Double(y - s.y / 2)
                    sz += value * Double(s.isImage ? 0 : z - s.z / 2)
                }
            }
        }
        return mass == 0 ? (0, 0, 0) : (sx / mass, sy / mass, sz / mass)
    }

    /// Moves a map by a real vector (pixels) with linear interpolation; what comes in from outside is zero.
    static func translated(_ map: RealArray, by v: (x: Double, y: Double, z: Double)) -> RealArray {
        let s = map.shape
        var result = RealArray(shape: s)
        func value(_ x: Int, _ y: Int, _ z: Int) -> Double {
            guard x >= 0, y >= 0, z >= 0, x < s.x, y < s.y, z < s.z else { return 0 }
            return Double(map[x, y, z])
        }
        for z in 0..<s.z {
            let pz = s.isImage ? 0 : Double(z) - v.z, iz = Int(pz.rounded(.down)), fz = pz - Double(iz)
            for y in 0..<s.y {
                let py = Double(y) - v.y, iy = Int(py.rounded(.down)), fy = py - Double(iy)
                for x in 0..<s.x {
                    let px = Double(x) - v.x, ix = Int(px.rounded(.down)), fx = px - Double(ix)
                    func plane(_ k: Int) -> Double {
                        let low = value(ix, iy, k) * (1 - fx) + value(ix + 1, iy, k) * fx
                        let high = value(ix, iy + 1, k) * (1 - fx) + value(ix + 1, iy + 1, k) * fx
                        return low * (1 - fy) + high * fy
                    }
                    result[x, y, z] = Float(fz == 0 ? plane(iz) : plane(iz) * (1 - fz) + plane(iz + 1) * fz)
                }
            }
        }
        return result
    }
}
