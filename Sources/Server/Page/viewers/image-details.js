// One image of a gallery, large, with what its row says.

import { element } from '../server.js';
import { address } from './address.js';

export class ImageDetails {
  /** @param on  { style(): contrast and filters, step(by): the next image } */
  constructor(host, source, on) {
    Object.assign(this, { source, on, turn: 0 });
    this.box = element('section', { className: 'image-details', hidden: true, 'aria-label': 'Image' });
    host.append(this.box);
  }

  async show(place, tile) {
    if (!tile) return;
    this.shown = { place, tile };
    const mine = ++this.turn, table = element('table');
    this.image = element('img', { alt: tile.image });
    this.box.hidden = false;
    this.box.replaceChildren(
      element('div', { className: 'row' },
        element('button', { textContent: '‹', title: 'Image before', onclick: () => this.on.step(-1) }),
        element('button', { textContent: '›', title: 'Next image', onclick: () => this.on.step(1) }),
        element('strong', { textContent: tile.image.split('/').pop(), title: tile.image }),
        element('button', { className: 'close', textContent: '×', title: 'Close', onclick: () => this.close() })),
      this.image, table);
    this.restyle();
    const rows = await this.source.details(place).catch(() => []);
    if (mine !== this.turn) return;
    table.append(...[['image', tile.image], ...rows.filter(([, value]) => value !== tile.image)].map(([label, value]) => element('tr', {},
      element('td', { className: 'faint', textContent: label.replace(/^rln/, '') }),
      element('td', {}, /\.(mrc|mrcs|star)$/.test(value) ? element('a', { href: address('file', value.replace(/^\d+@/, '')), textContent: value }) : value))));
  }

  restyle() {
    if (this.box.hidden || !this.shown) return;
    const { image } = this.shown.tile, [number, path] = image.includes('@') ? image.split('@') : [1, image];
    const values = { path, from: Number(number) - 1, count: 1, columns: 1 };
    for (const [name, value] of Object.entries({ ...this.on.style(), size: 1024 })) if (value !== undefined) values[name] = value;
    this.image.src = `/api/pictures?${new URLSearchParams(values)}`;
  }

  close() {
    this.turn += 1;
    this.shown = null;
    this.box.hidden = true;
  }
}
