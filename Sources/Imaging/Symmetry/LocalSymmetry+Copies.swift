import Arrays
import Geometry
import Parallel

extension LocalSymmetry {
    /// The domains' masks with all their copies, summed; or, with a map, the masked density with all its copies.
    ///
    /// Copies are interpolated linearly.
    package func copies(of map: RealArray?, pool: ThreadPool) -> RealArray {
        var sum = RealArray(shape: domains[0].mask.shape)
        for domain in domains {
            var part = domain.mask
            if let map { for i in part.values.indices { part.values[i] *= map.values[i] } }
            for motion in [RigidMotion.identity] + domain.motions {
                let copy = motion == .identity ? part : part.moved(by: motion, pool: pool)
                for i in sum.values.indices { sum.values[i] += copy.values[i] }
            }
        }
        return sum
    }
}

extension RealArray {
    /// A map whose content is turned about the centre n/2 and shifted (pixels), with linear interpolation; zeros come in from
    /// outside.
    package func moved(by motion: RigidMotion, pool: ThreadPool? = nil) -> RealArray {
        let back = motion.inverse
        return resampled(by: back.rotation, offset: back.shift, pool: pool)
    }
}
