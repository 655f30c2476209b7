// A section through a map with the crosshair of the other two. Click or drag moves it; the wheel and arrow keys go through the map.

import { address, element } from '../server.js';

const NAMES = ['x', 'y', 'z'];
/** Axes to the right and downwards in the section across each axis. */
const ACROSS = [[1, 2], [0, 2], [0, 1]];

export class SectionView {
  constructor(path, map, axis, state) {
    Object.assign(this, { path, map, axis, state, wanted: '', isLoading: false });
    this.image = element('img', { alt: `Section across ${NAMES[axis]}`, draggable: false });
    this.lines = [element('i', { className: 'upright' }), element('i', { className: 'level-line' })];
    this.told = element('span', { className: 'told' });
    this.box = element('div', { className: 'section', tabIndex: 0, role: 'img', 'aria-label': `Section across ${NAMES[axis]}; arrow keys move it` }, this.image, ...this.lines, this.told);
    this.box.style.aspectRatio = `${map.shape[ACROSS[axis][0]]} / ${map.shape[ACROSS[axis][1]]}`;
    this.image.onload = this.image.onerror = () => { this.isLoading = false; this.#load(); };
    this.#listen();
  }

  get index() { return Math.min(this.map.shape[this.axis] - 1, Math.floor(this.state.place[this.axis] * this.map.shape[this.axis])); }

  /** Densities shown black and white: about the mean of the whole map, so that sections are comparable. */
  limits() {
    const { mean, standardDeviation, minimum, maximum } = this.map, half = this.state.sigma * standardDeviation;
    return { low: Math.max(minimum, mean - half / 2), high: Math.min(maximum, mean + half) };
  }

  draw() {
    const [right, down] = ACROSS[this.axis], { place } = this.state;
    this.lines[0].style.left = `${100 * place[right]}%`;
    this.lines[1].style.top = `${100 * place[down]}%`;
    this.told.textContent = `${NAMES[this.axis]} ${this.index}`;
    this.wanted = address('map/section', { path: this.path, axis: this.axis, index: this.index, ...this.limits() });
    this.#load();
  }

  /** One picture at a time: while one is on its way only the newest wish is kept. */
  #load() {
    if (this.isLoading || this.image.getAttribute('src') === this.wanted) return;
    this.isLoading = true;
    this.image.src = this.wanted;
  }

  #step(axis, count) {
    const place = [...this.state.place];
    place[axis] = Math.min(0.9999, Math.max(0, place[axis] + count / this.map.shape[axis]));
    this.state.change({ place });
  }

  #listen() {
    const [right, down] = ACROSS[this.axis];
    const move = event => {
      const box = this.box.getBoundingClientRect(), place = [...this.state.place];
      place[right] = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
      place[down] = Math.min(0.9999, Math.max(0, (event.clientY - box.top) / box.height));
      this.state.change({ place });
    };
    this.box.addEventListener('pointerdown', event => { this.box.setPointerCapture(event.pointerId); move(event); });
    this.box.addEventListener('pointermove', event => { if (event.buttons & 1) move(event); });
    this.box.addEventListener('wheel', event => { event.preventDefault(); this.#step(this.axis, Math.sign(event.deltaY)); }, { passive: false });
    const keys = { ArrowLeft: [right, -1], ArrowRight: [right, 1], ArrowUp: [down, -1], ArrowDown: [down, 1], PageUp: [this.axis, 1], PageDown: [this.axis, -1] };
    this.box.addEventListener('keydown', event => {
      if (!keys[event.key]) return;
      event.preventDefault();
      this.#step(...keys[event.key]);
    });
  }
}
