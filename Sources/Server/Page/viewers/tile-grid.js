// Tiles in a page of any length: only those in view are there. Arrow keys move, Space selects, Enter opens.

import { element } from '../server.js';

const tallest = 8e6, gap = 4, captionHeight = 18;    // browsers do not scroll over more pixels than some ten millions

export class TileGrid {
  /**
   * @param host      element it is put into
   * @param loader    TileLoader
   * @param selected  Set of row numbers
   * @param on        { open(place), toggle(place, isRange), caption(tile) }
   */
  constructor(host, loader, selected, on) {
    Object.assign(this, { loader, selected, on, edge: 128, focus: 0, isGone: false });
    this.body = element('div', { className: 'tile-body' });
    this.filler = element('div', { className: 'filler' });
    this.view = element('div', { className: 'tile-view', tabIndex: 0, role: 'listbox', 'aria-label': 'Images', 'aria-multiselectable': 'true' }, this.filler, this.body);
    this.view.addEventListener('scroll', () => this.draw());
    this.view.addEventListener('keydown', event => this.#key(event));
    this.body.addEventListener('click', event => {
      const tile = event.target.closest('.tile');
      if (!tile) return;
      const place = Number(tile.dataset.place);
      this.focus = place;
      if (event.target.closest('.tick') || event.ctrlKey || event.metaKey || event.shiftKey) on.toggle(place, event.shiftKey);
      else on.open(place);
      this.draw();
    });
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.view);
    host.append(this.view);
  }

  leave() { this.isGone = true; this.watch.disconnect(); cancelAnimationFrame(this.timer); }

  get total() { return this.loader.source.total; }
  get columns() { return Math.max(1, Math.floor((this.view.clientWidth - gap) / (this.edge + gap))); }
  get rowHeight() { return this.edge + captionHeight + gap; }
  get rows() { return Math.ceil(this.total / this.columns); }
  get height() { return Math.min(tallest, this.rows * this.rowHeight + gap); }
  get rowsInView() { return Math.ceil(this.view.clientHeight / this.rowHeight); }

  /** First row in view, with its fraction that is scrolled out. */
  get top() {
    if (this.rows * this.rowHeight + gap <= tallest) return this.view.scrollTop / this.rowHeight;
    return this.view.scrollTop / Math.max(1, this.height - this.view.clientHeight) * Math.max(0, this.rows - this.view.clientHeight / this.rowHeight);
  }

  scrollToRow(row) {
    const isWhole = this.rows * this.rowHeight + gap <= tallest;
    this.view.scrollTop = isWhole ? row * this.rowHeight : row / Math.max(1, this.rows - this.view.clientHeight / this.rowHeight) * (this.height - this.view.clientHeight);
  }

  resize(edge) {
    this.edge = edge;
    this.draw();
  }

  /** Other rows, because the width or the size has changed: the image at the top stays there, or the one with the focus if it was in view. */
  #refit() {
    const { from, to } = this.drawn, kept = this.focus >= from && this.focus < to ? this.focus : from;
    this.filler.style.height = `${this.height}px`;
    this.scrollToRow(Math.max(0, Math.floor(kept / this.columns) - (kept === from ? 0 : 1)));
  }

  toTop() { this.focus = 0; this.drawn = null; this.view.scrollTop = 0; this.draw(); }

  draw() {
    if (this.timer) return;
    this.timer = requestAnimationFrame(() => { this.timer = 0; if (!this.isGone) this.#draw(); });
  }

  #draw() {
    const { columns, rowHeight, edge } = this;
    if (this.drawn && (this.drawn.columns !== columns || this.drawn.edge !== edge)) this.#refit();
    this.filler.style.height = `${this.height}px`;
    const top = this.top, first = Math.floor(top), from = first * columns, to = Math.min(this.total, (first + this.rowsInView + 1) * columns);
    this.view.classList.toggle('small', edge < 70);
    this.body.style.transform = `translateY(${-(top - first) * rowHeight}px)`;
    this.body.replaceChildren(...Array.from({ length: Math.max(0, to - from) }, (_, i) => this.#tile(from + i, i % columns, Math.floor(i / columns))));
    this.view.setAttribute('aria-activedescendant', `tile-${this.focus}`);
    this.drawn = { columns, edge, from, to };
    this.loader.want(from, to);
  }

  #tile(place, column, row) {
    const found = this.loader.at(place), { edge } = this;
    const isSelected = found !== null && this.selected.has(found.row);
    const picture = element('div', { className: 'picture', role: 'img', 'aria-label': found?.image || '' });
    picture.style.width = picture.style.height = `${edge}px`;
    if (found?.url && !found.isMissing) {
      picture.style.backgroundImage = `url(${found.url})`;
      picture.style.backgroundSize = `${found.columns * edge}px ${found.lines * edge}px`;
      picture.style.backgroundPosition = `${-found.x * edge}px ${-found.y * edge}px`;
    } else if (found?.isMissing || found?.error) picture.append(element('span', { className: 'faint', textContent: found.error || 'not to be read', title: found.image }));
    const tile = element('div', { className: `tile${isSelected ? ' selected' : ''}${place === this.focus ? ' focus' : ''}`, id: `tile-${place}`, role: 'option', 'aria-selected': String(isSelected) },
      picture, element('span', { className: 'tick', title: 'Select (Space)', 'aria-hidden': 'true', textContent: isSelected ? '✓' : '' }),
      element('div', { className: 'caption', textContent: found ? this.on.caption(found, place) : '' }));
    tile.dataset.place = place;
    tile.style.transform = `translate(${gap + column * (edge + gap)}px, ${gap + row * this.rowHeight}px)`;
    tile.style.width = `${edge}px`;
    return tile;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = this.columns * Math.max(1, this.rowsInView - 1);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, PageUp: -page, PageDown: page, Home: -this.total, End: this.total };
    if (steps[event.key]) {
      this.move(steps[event.key]);
      if (event.shiftKey) this.on.toggle(this.focus, true);
    } else if (event.key === ' ') this.on.toggle(this.focus, event.shiftKey);
    else if (event.key === 'Enter') this.on.open(this.focus);
    else return;
    event.preventDefault();
    this.draw();
  }

  move(step) {
    this.focus = Math.min(this.total - 1, Math.max(0, this.focus + step));
    const row = Math.floor(this.focus / this.columns), whole = Math.max(1, Math.floor(this.view.clientHeight / this.rowHeight));
    if (row < this.top) this.scrollToRow(row);
    else if (row >= this.top + whole) this.scrollToRow(row - whole + 1);
    this.draw();
  }
}
