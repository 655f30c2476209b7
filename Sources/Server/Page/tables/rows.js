// Rows of a table of any length: only those in view are there.

import { element } from '../server.js';

const rowHeight = 24, tallest = 8e6;    // browsers do not scroll over more pixels than some ten millions

/** `fetch(from, count)` gives { rows, total }; `head` is the row of column names. */
export class RowView {
  constructor(host, { fetch, columns, head }) {
    Object.assign(this, { fetch, columns });
    this.total = 0;
    this.pages = new Map();
    this.turn = 0;
    this.body = element('tbody');
    this.filler = element('div', { className: 'filler' });
    this.table = element('table', { className: 'rows' }, element('thead', {}, head), this.body);
    this.view = element('div', { className: 'row-view', tabIndex: 0, role: 'region', 'aria-label': 'Rows' }, this.filler, this.table);
    this.view.addEventListener('scroll', () => this.show());
    this.watch = new ResizeObserver(() => this.show());
    this.watch.observe(this.view);
    host.append(this.view);
  }

  leave() { this.watch.disconnect(); }

  get inView() { return Math.max(1, Math.floor((this.view.clientHeight - 30) / rowHeight)); }
  get height() { return Math.min(tallest, (this.total + 2) * rowHeight); }
  get isScaled() { return (this.total + 2) * rowHeight > tallest; }

  get first() {
    const last = Math.max(0, this.total - this.inView + 1);
    const range = this.view.scrollHeight - this.view.clientHeight;
    return Math.min(last, Math.floor(this.isScaled ? this.view.scrollTop / Math.max(1, range) * last : this.view.scrollTop / rowHeight));
  }

  reset() {
    this.pages.clear();
    this.turn += 1;
    this.view.scrollTop = 0;
    return this.load(0).then(() => this.show());
  }

  static size = 200;

  load(page) {
    if (this.pages.has(page)) return this.pages.get(page);
    const mine = this.turn;
    const loading = this.fetch(page * RowView.size, RowView.size).then(found => {
      if (mine !== this.turn) return null;
      this.total = found.total;
      this.filler.style.height = `${this.height}px`;
      loading.rows = found.rows;
      return found.rows;
    });
    loading.catch(() => this.pages.delete(page));
    this.pages.set(page, loading);
    return loading;
  }

  show() {
    const from = this.first, count = Math.min(this.total - from, this.inView + 2), missing = new Set();
    const rows = Array.from({ length: Math.max(0, count) }, (_, i) => {
      const place = from + i, page = Math.floor(place / RowView.size), loaded = this.pages.get(page)?.rows;
      if (!loaded) missing.add(page);
      return this.line(loaded?.[place % RowView.size]);
    });
    this.body.replaceChildren(...rows);
    clearTimeout(this.timer);
    if (missing.size) this.timer = setTimeout(() => Promise.all([...missing].map(page => this.load(page))).then(() => this.show()).catch(() => {}), 60);
  }

  line(row) {
    if (!row) return element('tr', {}, element('td', { textContent: '…' }));
    return element('tr', {}, element('th', { textContent: (row.row + 1).toLocaleString() }), ...row.values.map((value, i) => element('td', { className: this.columns[i]?.isNumber ? 'number' : '', textContent: value, title: value })));
  }
}
