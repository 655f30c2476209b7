extension MersenneTwister {
    /// Puts a part of an array in random order, the same as `std::shuffle` of the GNU C++ library (version 11 and later) with
    /// its `mt19937`: every element changes places with a random one up to itself, from the front to the back. Where the
    /// square of the length fits the range of the generator, one number chooses the partners of two neighbours.
    package mutating func shuffle(_ values: inout [Int], in range: Range<Int>) {
        let count = range.count, first = range.lowerBound
        guard count > 1 else { return }
        var position = 1
        guard Int(UInt32.max) / count >= count else {
            while position < count {
                values.swapAt(first + position, first + next(below: position + 1))
                position += 1
            }
            return
        }
        if count.isMultiple(of: 2) {
            // An odd number of exchanges: the first stands alone.
            values.swapAt(first + 1, first + next(below: 2))
            position = 2
        }
        while position < count {
            let choices = position + 1
            let drawn = next(below: choices * (choices + 1))
            values.swapAt(first + position, first + drawn / (choices + 1))
            values.swapAt(first + position + 1, first + drawn % (choices + 1))
            position += 2
        }
    }
}
