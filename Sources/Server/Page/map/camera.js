// Where a map is seen from: an orthographic camera that turns about the middle of the map. Views that share a camera are linked.

/** Product of quaternions [x, y, z, w]. */
function multiply(a, b) {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ];
}

function about(axis, radians) {
  const s = Math.sin(radians / 2) / (Math.hypot(...axis) || 1);
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(radians / 2)];
}

export class Camera extends EventTarget {
  constructor() {
    super();
    this.reset();
  }

  reset() {
    this.rotation = [0, 0, 0, 1];
    this.zoom = 1;
    /** Shift in half heights of the view. */
    this.pan = [0, 0];
    this.#changed();
  }

  /** Turns about an axis of the view (x to the right, y up, z to the viewer). */
  turn(axis, radians) {
    const q = multiply(about(axis, radians), this.rotation);
    const length = Math.hypot(...q);
    this.rotation = q.map(c => c / length);
    this.#changed();
  }

  /** Drags a point of the unit ball from one place of the view to another (both in half heights from the middle). */
  drag(from, to) {
    const lift = ([x, y]) => {
      const r2 = x * x + y * y;
      // A ball in the middle, a hyperbolic sheet around it: no jump at its rim (Bell's trackball).
      return [x, y, r2 < 0.5 ? Math.sqrt(1 - r2) : 0.5 / Math.sqrt(r2)];
    };
    const a = lift(from), b = lift(to);
    const axis = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    const sine = Math.hypot(...axis) / (Math.hypot(...a) * Math.hypot(...b));
    if (sine > 1e-6) this.turn(axis, 2 * Math.asin(Math.min(1, sine)));
  }

  shift(dx, dy) {
    this.pan = [this.pan[0] + dx, this.pan[1] + dy];
    this.#changed();
  }

  scale(factor) {
    this.zoom = Math.min(50, Math.max(0.1, this.zoom * factor));
    this.#changed();
  }

  /** Rotation as a column-major 3 × 3 matrix for WebGL. */
  get matrix() {
    const [x, y, z, w] = this.rotation;
    return [
      1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w),
      2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w),
      2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y),
    ];
  }

  #changed() { this.dispatchEvent(new Event('change')); }
}
