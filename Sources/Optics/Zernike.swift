import ComplexModule

/// Zernike polynomials of a spatial frequency (x, y), not normalised: R(n, |m|; ρ) · cos mφ for m ≥ 0, · sin |m|φ for m < 0.
///
/// ρ is the frequency itself in 1/Å, not a fraction of an aperture, as in RELION's `rlnEvenZernike` and `rlnOddZernike`
/// (Zivanov, Nakane & Scheres 2020).
package struct ZernikePolynomial: Sendable, Hashable {
    package let m: Int
    package let n: Int
    /// Factors of ρ^(n−|m|), ρ^(n−|m|−2), …, 1 or ρ⁰: the radial polynomial divided by ρ^|m|.
    private let radial: [Double]

    /// - Precondition: |m| ≤ n, n − |m| even.
    package init(m: Int, n: Int) {
        precondition(abs(m) <= n && (n - abs(m)) % 2 == 0)
        self.m = m
        self.n = n
        let order = abs(m)
        func factorial(_ k: Int) -> Double { k < 2 ? 1 : (2...k).reduce(1.0) { $0 * Double($1) } }
        radial = (0...(n - order) / 2).map { k in
            (k % 2 == 0 ? 1 : -1) * factorial(n - k)
                / (factorial(k) * factorial((n + order) / 2 - k) * factorial((n - order) / 2 - k))
        }
    }

    /// Symmetric polynomials in the order of the table: (m, n) = (0, 0); (−2, 2), (0, 2), (2, 2); (−4, 4), …
    package static func even(_ index: Int) -> ZernikePolynomial {
        var shell = 0
        while (shell + 1) * (shell + 1) <= index { shell += 1 }
        return ZernikePolynomial(m: 2 * (index - shell * shell - shell), n: 2 * shell)
    }

    /// Antisymmetric polynomials in the order of the table: (m, n) = (−1, 1), (1, 1); (−3, 3), (−1, 3), (1, 3), (3, 3); …
    package static func odd(_ index: Int) -> ZernikePolynomial {
        var shell = 0
        while (shell + 1) * (shell + 2) <= index { shell += 1 }
        let n = 2 * shell + 1
        return ZernikePolynomial(m: 2 * (index - shell * (shell + 1)) - n, n: n)
    }

    /// Number of symmetric polynomials with n ≤ `degree`.
    package static func evenCount(upTo degree: Int) -> Int { (degree / 2 + 1) * (degree / 2 + 1) }
    /// Number of antisymmetric polynomials with n ≤ `degree`.
    package static func oddCount(upTo degree: Int) -> Int {
        let shells = (degree - 1) / 2 + 1
        return shells * (shells + 1)
    }

    package func value(x: Double, y: Double) -> Double {
        let square = x * x + y * y
        var sum = 0.0
        for factor in radial { sum = sum * square + factor }
        // ρ^|m| · (cos, sin)(|m|φ) is a power of x + iy.
        var power = Complex<Double>(1, 0)
        let base = Complex<Double>(x, y)
        for _ in 0..<abs(m) { power = power * base }
        return sum * (m >= 0 ? power.real : power.imaginary)
    }
}
