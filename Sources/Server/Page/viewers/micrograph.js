// A micrograph in a canvas, with circles on it: drag shifts, the wheel or pinching zooms, keys + - 0 and arrows work too.
//
// The server sends it reduced to the size that is seen; after a move the part in view comes again with its own pixels.

import { address } from '../server.js';

const RESOLUTION = 1400;

/** Blue (low) over green and yellow to red (high). */
export const heat = t => `hsl(${Math.round(240 * (1 - Math.min(1, Math.max(0, t))))} 95% 58%)`;

export class MicrographView extends EventTarget {
  /**
   * Events: `shown` when a micrograph has come; `press`, `move` and `release` with detail { x, y, event } in pixels of the micrograph, unless the
   * press was taken by shifting. A listener of `press` that calls preventDefault keeps the view from shifting.
   */
  constructor(canvas) {
    super();
    Object.assign(this, { canvas, path: '', index: 0, shape: null, base: null, detail: null, scale: 1, left: 0, top: 0, marks: [], radius: 50,
      filter: { sigma: 3, lowpass: 0, highpass: 0 }, turn: 0, timer: 0 });
    canvas.tabIndex = 0;
    canvas.style.touchAction = 'none';
    new ResizeObserver(() => this.redraw()).observe(canvas);
    this.#listen();
  }

  /** Shows an image; its place in the view is kept when it has the shape of the one before. */
  async show(path, index = 0) {
    Object.assign(this, { path, index });
    const mine = ++this.turn;
    const got = await this.#load({ size: RESOLUTION });
    if (mine !== this.turn || !got) return false;
    const isNew = !this.shape || this.shape[0] !== got.shape[0] || this.shape[1] !== got.shape[1];
    Object.assign(this, { base: got.bitmap, shape: got.shape, pixelSize: got.pixelSize, limits: got.limits, detail: null });
    if (isNew) this.fit();
    else this.#changed();
    this.dispatchEvent(new Event('shown'));
    return true;
  }

  /** Changes contrast or filters: { sigma, lowpass, highpass }. */
  async adjust(changes) {
    Object.assign(this.filter, changes);
    if (this.path) await this.show(this.path, this.index);
  }

  async #load(part) {
    const { sigma, lowpass, highpass } = this.filter, values = { path: this.path, index: this.index, sigma, ...part };
    if (lowpass > 0) values.lowpass = lowpass;
    if (highpass > 0) values.highpass = highpass;
    const response = await fetch(address('picture', values));
    if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error || `The server answered ${response.status}.`);
    const numbers = name => response.headers.get(name).split(' ').map(Number);
    return { shape: numbers('X-Shape'), pixelSize: numbers('X-Pixel-Size')[0], limits: numbers('X-Limits'), bitmap: await createImageBitmap(await response.blob()) };
  }

  /** The whole micrograph in view. */
  fit() {
    const { clientWidth, clientHeight } = this.canvas, [width, height] = this.shape ?? [1, 1];
    this.scale = Math.min(clientWidth / width, clientHeight / height) || 1;
    this.left = (width - clientWidth / this.scale) / 2;
    this.top = (height - clientHeight / this.scale) / 2;
    this.#changed();
  }

  /** Zooms about a point of the canvas. */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const scale = Math.min(8, Math.max(0.02, this.scale * factor));
    this.left += x / this.scale - x / scale;
    this.top += y / this.scale - y / scale;
    this.scale = scale;
    this.#changed();
  }

  shift(x, y) {
    this.left -= x / this.scale;
    this.top -= y / this.scale;
    this.#changed();
  }

  #changed() {
    this.redraw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#refine().catch(() => {}), 250);
  }

  /** The part in view with its own pixels, where the whole was sent too coarsely. */
  async #refine() {
    if (!this.shape) return;
    const ratio = devicePixelRatio || 1, needed = this.scale * ratio, given = this.base.width / this.shape[0];
    if (needed <= given * 1.2 || given >= 0.99) return;
    const [width, height] = this.shape, { clientWidth, clientHeight } = this.canvas;
    const left = Math.max(0, Math.floor(this.left)), top = Math.max(0, Math.floor(this.top));
    const right = Math.min(width, Math.ceil(this.left + clientWidth / this.scale)), bottom = Math.min(height, Math.ceil(this.top + clientHeight / this.scale));
    if (right - left < 4 || bottom - top < 4) return;
    const mine = this.turn;
    // Filters need their surroundings; the limits are those of the whole.
    const got = await this.#load({ left, top, width: right - left, height: bottom - top, low: this.limits[0], high: this.limits[1],
      size: Math.round(Math.max(clientWidth, clientHeight) * ratio) });
    if (mine !== this.turn) return;
    this.detail = { bitmap: got.bitmap, left, top, width: right - left, height: bottom - top };
    this.redraw();
  }

  redraw() {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => { this.isDrawing = false; this.#draw(); });
  }

  #draw() {
    const { canvas, scale, left, top } = this, ratio = devicePixelRatio || 1, context = canvas.getContext('2d');
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map(n => Math.max(1, Math.round(n * ratio)));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!this.base) return;
    context.setTransform(scale * ratio, 0, 0, scale * ratio, -left * scale * ratio, -top * scale * ratio);
    context.imageSmoothingEnabled = scale < 2;
    context.drawImage(this.base, 0, 0, ...this.shape);
    if (this.detail) context.drawImage(this.detail.bitmap, this.detail.left, this.detail.top, this.detail.width, this.detail.height);
    context.lineWidth = 2 / scale;
    for (const mark of this.marks) {
      context.strokeStyle = mark.colour ?? '#3fd04f';
      context.beginPath();
      context.arc(mark.x, mark.y, this.radius, 0, 2 * Math.PI);
      context.stroke();
    }
    canvas.dataset.marks = String(this.marks.length);
  }

  /** Place in the micrograph of a pointer event. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: this.left + (event.clientX - box.left) / this.scale, y: this.top + (event.clientY - box.top) / this.scale };
  }

  #tell(name, event) {
    const told = new CustomEvent(name, { detail: { ...this.place(event), event }, cancelable: true });
    return !this.dispatchEvent(told);
  }

  #listen() {
    const { canvas } = this, pointers = new Map();
    let isTaken = false;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      isTaken = pointers.size === 1 && this.#tell('press', event);
    });
    canvas.addEventListener('pointermove', event => {
      const from = pointers.get(event.pointerId);
      if (!from) return;
      const to = [event.clientX, event.clientY], other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, to);
      if (other) {
        const box = canvas.getBoundingClientRect(), spread = p => Math.hypot(p[0] - other[0], p[1] - other[1]);
        if (spread(from) > 4) this.zoom(spread(to) / spread(from), (to[0] + other[0]) / 2 - box.left, (to[1] + other[1]) / 2 - box.top);
      } else if (isTaken) this.#tell('move', event);
      else this.shift(to[0] - from[0], to[1] - from[1]);
    });
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, event => {
      if (pointers.delete(event.pointerId) && isTaken) this.#tell('release', event);
      isTaken = false;
    });
    canvas.addEventListener('contextmenu', event => event.preventDefault());
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      const box = canvas.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    const keys = { '+': () => this.zoom(1.25), '=': () => this.zoom(1.25), '-': () => this.zoom(0.8), 0: () => this.fit(), ArrowLeft: () => this.shift(60, 0),
      ArrowRight: () => this.shift(-60, 0), ArrowUp: () => this.shift(0, 60), ArrowDown: () => this.shift(0, -60) };
    canvas.addEventListener('keydown', event => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    });
  }
}
