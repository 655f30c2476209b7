// One map: its sections, its surface and the slider of its contour level.

import { readMesh } from '../map/surface-mesh.js';
import { VolumeView } from '../map/volume-view.js';
import { SectionView } from './section-view.js';
import { address, element, get } from '../server.js';

const SURFACE = [0.55, 0.66, 0.80], OVERLAY = [0.95, 0.62, 0.25];

/** Answers to the last question only: an earlier one is given up when the next is asked. */
class Latest {
  async ask(url) {
    this.controller?.abort();
    const mine = this.controller = new AbortController();
    const response = await fetch(url, { signal: mine.signal });
    if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error || `The server answered ${response.status}.`);
    const bytes = await response.arrayBuffer();
    return mine === this.controller ? bytes : null;
  }
}

const short = value => Number(value.toPrecision(4)).toString();

export class MapPane {
  constructor(host, path, state) {
    Object.assign(this, { path, state, colour: '', latest: new Latest(), overlayLatest: new Latest() });
    this.box = element('section', { className: 'map-pane', 'aria-label': path });
    host.append(this.box);
    this.changed = () => this.#redraw();
    state.addEventListener('change', this.changed);
  }

  async open() {
    const map = this.map = await get('map', { path: this.path });
    const { shape, voxelSizeInAngstrom: voxel } = map;
    this.level = map.suggestedLevel;
    this.sections = [2, 1, 0].map(axis => new SectionView(this.path, map, axis, this.state));
    this.montage = element('img', { className: 'montage', alt: `Sections of ${this.path}`, hidden: true });
    this.canvas = element('canvas', { className: 'surface', 'aria-label': `Surface of ${this.path}; arrow keys turn it` });
    this.told = element('output');
    this.slider = element('input', { type: 'range', min: '0', max: '1000', 'aria-label': 'Contour level',
      oninput: () => this.#moved(true), onchange: () => this.#moved(false) });
    this.number = element('input', { className: 'level', 'aria-label': 'Contour level as a number', inputMode: 'decimal', onchange: () => this.setLevel(Number(this.number.value)) });
    this.histogram = element('canvas', { className: 'histogram', width: 512, height: 40, 'aria-hidden': 'true' });
    this.scale = element('div', { className: 'colour-scale', hidden: true }, element('span'), element('i'), element('span'));
    this.box.append(
      element('div', { className: 'facts', textContent:
        `${this.path.split('/').pop()} · ${shape.join(' × ')} voxels of ${short(voxel)} Å · ${short(map.minimum)} to ${short(map.maximum)}, mean ${short(map.mean)}, σ ${short(map.standardDeviation)}` }),
      element('div', { className: 'contour' }, element('div', { className: 'contour-slider' }, this.histogram, this.slider), this.number, this.told),
      element('div', { className: 'views' }, element('div', { className: 'surface-box' }, this.canvas, this.scale),
        ...this.sections.map(section => section.box)),
      this.montage);
    this.#drawHistogram();
    this.#redraw();
    try {
      this.view = new VolumeView(this.canvas, this.state.camera);
    } catch (error) {
      this.canvas.replaceWith(element('div', { className: 'problems', textContent: error.message }));
      return;
    }
    this.#background();
    this.theme = matchMedia('(prefers-color-scheme: dark)');
    this.theme.addEventListener('change', this.themed = () => this.#background());
    await this.setLevel(this.level);
  }

  close() {
    this.state.removeEventListener('change', this.changed);
    this.theme?.removeEventListener('change', this.themed);
    this.latest.controller?.abort();
    for (const name of ['map', 'overlay']) this.view?.show(name, null);
    this.box.remove();
  }

  #background() {
    const digits = getComputedStyle(this.box).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255];
    this.view.background = digits.slice(0, 3).map(value => Number(value) / 255);
    this.view.redraw();
  }

  #redraw() {
    if (!this.map) return;
    const { isMontage, montageAxis, clip } = this.state;
    this.montage.hidden = !isMontage;
    for (const section of this.sections) {
      section.box.hidden = isMontage;
      if (!isMontage) section.draw();
    }
    if (isMontage) this.montage.src = address('map/montage', { path: this.path, axis: montageAxis, count: 36, columns: 9, ...this.sections[0].limits() });
    if (this.view && this.view.clip !== clip) {
      this.view.clip = clip;
      this.view.redraw();
    }
  }

  /** The slider runs from the mean to the largest density, finer near the mean, where contour levels lie. */
  #levelAt(position) { return this.map.mean + (this.map.maximum - this.map.mean) * (position / 1000) ** 2; }
  #positionOf(level) { return 1000 * Math.sqrt(Math.min(1, Math.max(0, (level - this.map.mean) / (this.map.maximum - this.map.mean || 1)))); }

  #moved(isMoving) { this.setLevel(this.#levelAt(Number(this.slider.value)), isMoving).catch(error => { this.told.textContent = error.message; }); }

  /** @param isMoving  a coarse surface will do for now */
  async setLevel(level, isMoving = false) {
    if (!Number.isFinite(level)) return;
    this.level = level;
    this.slider.value = String(this.#positionOf(level));
    this.number.value = short(level);
    const { shape, mean, standardDeviation } = this.map;
    const binning = isMoving ? Math.max(1, Math.round(Math.max(...shape) / 96)) : 1;
    const values = { path: this.path, level, binning, parts: isMoving ? 0 : 0.002 };
    if (this.colour) values.colour = this.colour;
    const bytes = await this.latest.ask(address('map/surface', values)).catch(error => { if (error.name === 'AbortError') return null; throw error; });
    if (!bytes || !this.view) return;
    const mesh = readMesh(bytes);
    this.view.show('map', mesh, { colour: SURFACE, range: this.#range(mesh) });
    this.told.textContent = `${((level - mean) / (standardDeviation || 1)).toFixed(1)} σ, ${mesh.triangles.toLocaleString()} triangles`;
  }

  /** The colours span what nine tenths of the surface have. */
  #range(mesh) {
    this.scale.hidden = !mesh.values;
    if (!mesh.values || !mesh.values.length) return null;
    const step = Math.max(1, Math.floor(mesh.values.length / 20000)), sample = [];
    for (let i = 0; i < mesh.values.length; i += step) sample.push(mesh.values[i]);
    sample.sort((a, b) => a - b);
    const range = [sample[Math.floor(sample.length * 0.05)], sample[Math.floor((sample.length - 1) * 0.95)]];
    if (range[1] <= range[0]) range[1] = range[0] + 1e-6;
    [this.scale.firstChild.textContent, this.scale.lastChild.textContent] = range.map(short);
    return range;
  }

  async colourBy(path) {
    this.colour = path;
    await this.setLevel(this.level);
  }

  /** Another map, such as a mask, drawn through this one at its suggested level. */
  async overlay(path) {
    this.view?.show('overlay', null);
    if (!path || !this.view) return;
    const bytes = await this.overlayLatest.ask(address('map/surface', { path }));
    if (bytes) this.view.show('overlay', readMesh(bytes), { colour: OVERLAY, opacity: 0.35 });
  }

  #drawHistogram() {
    const { histogram, minimum, maximum } = this.map, canvas = this.histogram, context = canvas.getContext('2d');
    const bars = new Float64Array(canvas.width);
    histogram.forEach((count, bin) => {
      const value = minimum + (maximum - minimum) * (bin + 0.5) / histogram.length;
      if (value < this.map.mean) return;
      const x = Math.min(canvas.width - 1, Math.floor(this.#positionOf(value) / 1000 * canvas.width));
      bars[x] = Math.max(bars[x], Math.log1p(count));
    });
    const tallest = Math.max(...bars, 1e-9);
    context.fillStyle = getComputedStyle(this.box).getPropertyValue('--faint') || 'grey';
    // A bin of the histogram is wider than a pixel near the mean, where the slider is fine: its bar is carried on.
    let height = 0;
    for (let x = 0; x < canvas.width; x++) {
      if (bars[x]) height = bars[x] / tallest * canvas.height;
      context.fillRect(x, canvas.height - height, 1, height);
    }
  }
}
