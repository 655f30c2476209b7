// What is selected in a gallery, or all of it: average, standard deviation and power spectrum.

import { element, post, useStyle } from '../server.js';
import { curvesChart } from '../results/charts.js';

export class SelectionPanel {
  constructor(host, source, selected) {
    Object.assign(this, { source, selected, turn: 0 });
    useStyle('results/results');
    this.button = element('button', { textContent: 'Average', onclick: () => this.compute() });
    this.result = element('div');
    this.button.hidden = source.isOfLargeImages;
    this.box = element('section', { className: 'selection-panel', 'aria-label': 'Average', hidden: true }, element('div', { className: 'row' }, element('strong', { textContent: 'Average' }),
      element('button', { className: 'close', textContent: '×', title: 'Close', onclick: () => { this.turn += 1; this.box.hidden = true; } })), this.result);
    host.append(this.box);
  }

  changed() {
    this.button.textContent = this.selected.size ? `Average of the ${this.selected.size.toLocaleString()} selected` : `Average of all ${this.source.total.toLocaleString()}`;
  }

  leave() { this.turn += 1; this.chart?.remove(); }

  async compute() {
    const mine = ++this.turn, { path, block, column, filter } = this.source;
    this.button.disabled = true;
    this.box.hidden = false;
    this.result.replaceChildren(element('p', { className: 'faint', textContent: '…' }));
    try {
      // More rows than fit into a request are thinned out evenly; the server does so as well.
      const all = [...this.selected].sort((a, b) => a - b), rows = all.length <= 100000 ? all : Array.from({ length: 100000 }, (_, i) => all[Math.floor(i * all.length / 100000)]);
      const found = await post('pictures/statistics', { path, block, column, ...(rows.length ? { rows } : { filter }) });
      if (mine === this.turn) this.draw(found);
    } catch (error) {
      if (mine === this.turn) this.result.replaceChildren(element('p', { className: 'Failed', textContent: error.message }));
    } finally { this.button.disabled = false; }
  }

  draw(found) {
    const picture = (title, bytes) => element('figure', {}, element('img', { alt: title, src: `data:image/png;base64,${bytes}` }), element('figcaption', { textContent: title }));
    const told = `${found.count.toLocaleString()} images${found.selected > found.count + found.skipped ? `, evenly spread over ${found.selected.toLocaleString()}` : ''}${found.skipped ? `, ${found.skipped} left out` : ''}; ${found.shape.join(' × ')} pixels of ${Number(found.pixelSizeInAngstrom.toPrecision(4))} Å`;
    const plot = element('div', { className: 'plots' });
    this.chart?.remove();
    this.result.replaceChildren(element('p', { className: 'faint', textContent: told }),
      element('div', { className: 'three' }, picture('average', found.average), picture('standard deviation', found.standardDeviation), picture('power (log)', found.spectrum)), plot);
    const step = 1 / (found.shape[0] * found.pixelSizeInAngstrom);
    this.chart = curvesChart(plot, { title: 'Power of the shells', x: { label: 'frequency', unit: '1/Å' }, y: { label: 'log₁₀ power' },
      curves: [{ name: 'power', x: found.radialSpectrum.slice(1).map((_, i) => (i + 1) * step), y: found.radialSpectrum.slice(1).map(value => value > 0 ? Math.log10(value) : null) }] });
  }
}
