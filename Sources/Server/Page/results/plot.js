// The frame that all plots share: axes with ticks and units, a layer for drawing, a note at the pointer. It is drawn anew when its width changes.

import { element } from '../server.js';
import { axisTitle, makeScale } from './scale.js';

const ground = 'http://www.w3.org/2000/svg';
export const colours = 8;    // --plot-1 … in results.css

export function shape(name, properties = {}, ...children) {
  const made = document.createElementNS(ground, name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Saves values as text with commas between them. */
const saveButton = (title, values) => element('button', { className: 'save', textContent: '⤓', title: 'Save the values (CSV)', 'aria-label': `Save the values of ${title}`, onclick() {
  const quoted = cell => /[",\n]/.test(cell ?? '') ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? '');
  const address = URL.createObjectURL(new Blob([values().map(row => row.map(quoted).join(',') + '\n').join('')], { type: 'text/csv' }));
  element('a', { href: address, download: `${(title || 'plot').replace(/\W+/g, '_')}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
} });

/**
 * `data()` gives { x, y: axes, xs, ys: values that must be seen }; `draw(svg, { x, y, width, height })` with scales draws them;
 * `note(px, py, scales)` gives { lines, px, py } of what the pointer is at, or null; `values()` the rows of a file with the plot's values.
 */
export class Plot {
  constructor(host, { title, label, height = 260, data, draw, note, values }) {
    Object.assign(this, { host, height, data, draw, note });
    this.svg = shape('svg', { role: 'img', 'aria-label': label || title || 'plot', class: 'plot' });
    this.legend = element('div', { className: 'legend' });
    this.tip = element('div', { className: 'tip', hidden: true });
    this.body = element('div', { className: 'plot-body' }, this.svg, this.tip);
    this.figure = element('figure', { className: 'plot-figure' }, element('figcaption', {}, title || '', values ? saveButton(title, values) : null), this.legend, this.body);
    host.append(this.figure);
    this.width = 0;
    this.watch = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 40 && width !== this.width) { this.width = width; this.redraw(); }
    });
    this.watch.observe(this.body);
    this.body.addEventListener('pointermove', event => this.point(event));
    this.body.addEventListener('pointerleave', () => { this.tip.hidden = true; this.cross?.remove(); });
  }

  remove() { this.watch.disconnect(); this.figure.remove(); }

  redraw() {
    if (!this.width) return;
    const { width, height } = this, found = this.data();
    const y = makeScale(found.y, found.ys, height - 42, 12);
    const left = 16 + Math.max(12, ...y.ticks.map(tick => tick.text.length * 7)) + 10;
    const x = makeScale(found.x, found.xs, left, width - 20);
    this.scales = { x, y, width, height, left };
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.svg.setAttribute('height', height);
    const axes = shape('g', { class: 'axes' });
    for (const tick of x.ticks) {
      const at = x.at(tick.value);
      axes.append(shape('line', { x1: at, x2: at, y1: y.to, y2: y.from, class: 'grid' }), this.text(tick.text, at, y.from + 15, 'middle'));
    }
    for (const tick of y.ticks) {
      const at = y.at(tick.value);
      axes.append(shape('line', { x1: x.from, x2: x.to, y1: at, y2: at, class: 'grid' }), this.text(tick.text, x.from - 5, at + 4, 'end'));
    }
    axes.append(shape('path', { d: `M${x.from},${y.to}V${y.from}H${x.to}`, class: 'axis' }),
      this.text(axisTitle(found.x), (x.from + x.to) / 2, height - 8, 'middle', 'axis-title'));
    const side = this.text(axisTitle(found.y), 0, 0, 'middle', 'axis-title');
    side.setAttribute('transform', `translate(11 ${(y.from + y.to) / 2}) rotate(-90)`);
    axes.append(side);
    const content = shape('g');
    this.svg.replaceChildren(axes, content);
    this.draw(content, this.scales, this.svg);
  }

  text(textContent, x, y, anchor, kind = '') {
    const made = shape('text', { x, y, 'text-anchor': anchor, class: kind });
    made.textContent = textContent;
    return made;
  }

  /** Where an event happened, in the plot's pixels. */
  place(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) * this.width / box.width, (event.clientY - box.top) * this.height / box.height];
  }

  point(event) {
    if (!this.scales || !this.note) return;
    const [px, py] = this.place(event), { x, y } = this.scales;
    const found = px >= x.from && px <= x.to && py >= y.to && py <= y.from ? this.note(px, py, this.scales) : null;
    this.cross?.remove();
    this.tip.hidden = !found;
    if (!found) return;
    this.cross = found.py === undefined ? shape('line', { x1: found.px, x2: found.px, y1: y.to, y2: y.from, class: 'cross' })
      : shape('circle', { cx: found.px, cy: found.py, r: 5, class: 'cross' });
    this.svg.append(this.cross);
    this.tip.replaceChildren(...found.lines.map(line => typeof line === 'string' ? element('div', { textContent: line })
      : element('div', {}, element('span', { className: `key k${line.colour}` }), line.text)));
    const isRight = found.px > this.width * 0.6;
    this.tip.style.left = isRight ? '' : `${found.px + 12}px`;
    this.tip.style.right = isRight ? `${this.width - found.px + 12}px` : '';
    this.tip.style.top = `${Math.min(py, this.height - 60)}px`;
  }
}
