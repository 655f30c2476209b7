extension HEALPix {
    /// The pixels around a pixel, in the order SW, W, NW, N, NE, E, SE, S; `nil` at corners where only three faces meet.
    package func neighbours(of pixel: Int) -> [Int?] {
        let steps = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
        let start = facePosition(pixel)
        return steps.map { dx, dy in step(from: start, dx, dy).map(self.pixel) }
    }

    private func step(from start: FacePosition, _ dx: Int, _ dy: Int) -> FacePosition? {
        let x = start.x + dx
        let y = start.y + dy
        let leavesX = !(0..<side).contains(x)
        let leavesY = !(0..<side).contains(y)
        if leavesX && leavesY { return acrossCorner(of: start.face, dx, dy) }
        if leavesX { return acrossEdge(face: start.face, dx: dx, along: y) }
        if leavesY { return acrossEdge(face: start.face, dy: dy, along: x) }
        return FacePosition(face: start.face, x: x, y: y)
    }

    /// Leaves a face over its NE (dx = 1) or SW (dx = −1) edge, `along` being y.
    private func acrossEdge(face: Int, dx: Int, along: Int) -> FacePosition {
        let quarter = face & 3
        let last = side - 1
        switch (face / 4, dx > 0) {
        case (0, true): return FacePosition(face: (quarter + 1) & 3, x: along, y: last)
        case (0, false): return FacePosition(face: 4 + quarter, x: last, y: along)
        case (1, true): return FacePosition(face: quarter, x: 0, y: along)
        case (1, false): return FacePosition(face: 8 + ((quarter + 3) & 3), x: last, y: along)
        case (_, true): return FacePosition(face: 4 + ((quarter + 1) & 3), x: 0, y: along)
        default: return FacePosition(face: 8 + ((quarter + 3) & 3), x: along, y: 0)
        }
    }

    /// Leaves a face over its NW (dy = 1) or SE (dy = −1) edge, `along` being x.
    private func acrossEdge(face: Int, dy: Int, along: Int) -> FacePosition {
        let quarter = face & 3
        let last = side - 1
        switch (face / 4, dy > 0) {
        case (0, true): return FacePosition(face: (quarter + 3) & 3, x: last, y: along)
        case (0, false): return FacePosition(face: 4 + ((quarter + 1) & 3), x: along, y: last)
        case (1, true): return FacePosition(face: (quarter + 3) & 3, x: along, y: 0)
        case (1, false): return FacePosition(face: 8 + quarter, x: along, y: last)
        case (_, true): return FacePosition(face: 4 + quarter, x: along, y: 0)
        default: return FacePosition(face: 8 + ((quarter + 1) & 3), x: 0, y: along)
        }
    }

    /// Leaves a face over a corner. Three faces only meet east and west of polar faces and north and south of
    /// equatorial ones.
    private func acrossCorner(of face: Int, _ dx: Int, _ dy: Int) -> FacePosition? {
        let quarter = face & 3
        let last = side - 1
        switch (face / 4, dx, dy) {
        case (0, 1, 1): return FacePosition(face: (quarter + 2) & 3, x: last, y: last)
        case (0, -1, -1): return FacePosition(face: 8 + quarter, x: last, y: last)
        case (2, 1, 1): return FacePosition(face: quarter, x: 0, y: 0)
        case (2, -1, -1): return FacePosition(face: 8 + ((quarter + 2) & 3), x: 0, y: 0)
        case (1, 1, -1): return FacePosition(face: 4 + ((quarter + 1) & 3), x: 0, y: last)
        case (1, -1, 1): return FacePosition(face: 4 + ((quarter + 3) & 3), x: last, y: 0)
        default: return nil
        }
    }
}
