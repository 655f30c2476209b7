/// The particles of a run and the images behind them.
package struct RefinementData: Sendable {
    package var particles: [Particle]
    package var optics: [OpticsGeometry]
    package var images: any ImageSource

    package init(particles: [Particle], optics: [OpticsGeometry], images: any ImageSource) {
        self.particles = particles
        self.optics = optics
        self.images = images
    }
}
