/// A position in a micrograph where a particle is thought to be.
package struct Pick: Sendable, Equatable {
    /// Pixels of the micrograph as read, from its first pixel.
    package var x: Double
    package var y: Double
    /// Higher is better; the scale is that of the method.
    package var figureOfMerit: Double
    /// The reference that fits best, from 1; 0 where the method has no references.
    package var reference: Int
    /// In-plane angle of that reference, in degrees.
    package var psiInDegrees: Double

    package init(x: Double, y: Double, figureOfMerit: Double, reference: Int = 0, psiInDegrees: Double = 0) {
        (self.x, self.y) = (x, y)
        (self.figureOfMerit, self.reference, self.psiInDegrees) = (figureOfMerit, reference, psiInDegrees)
    }
}
