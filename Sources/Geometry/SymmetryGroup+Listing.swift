import Foundation

extension SymmetryGroup {
    /// The operators as text: what `relion_refine --print_symmetry_ops` prints, with a line feed at the end.
    package var listing: String {
        var text = " ++++ Using symmetry group \(name), with the following \(order) transformation matrices:\n"
        for (index, element) in operators.enumerated() {
            if !element.left.isClose(to: .identity, tolerance: 1e-6) {
                text += " L(\(index + 1))= \n" + Self.block(element.left)
            }
            text += " R(\(index + 1))= \n" + Self.block(element.right)
            if index > 0 {
                let angles = EulerAngles(element.right)
                text += String(format: "     Euler angles: %g %g %g\n", angles.rot, angles.tilt, angles.psi)
            }
        }
        return text
    }

    /// Three lines of three numbers. Eight significant digits where an element is 1 or more, else five.
    private static func block(_ m: RotationMatrix) -> String {
        let values = m.elements.map { Float($0) }
        let digits = (values.max() ?? 0) >= 1 ? 8 : 5
        return stride(from: 0, to: 9, by: 3).map { first in
            values[first..<first + 3].map { value in
                let number = String(format: "%.\(digits)g", Double(value))
                return String(repeating: " ", count: max(0, 13 - number.count)) + number + " "
            }.joined() + "\n"
        }.joined()
    }
}
