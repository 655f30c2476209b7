// Where a gallery's images come from: a stack, or rows of a STAR file with image names.

import { get } from '../server.js';

/** Labels that name images, the one to show first first. */
export const imageLabels = ['rlnImageName', 'rlnReferenceImage', 'rlnMicrographName', 'rlnMicrographNameNoDW', 'rlnCtfImage'];

/** Those of a table; `wanted` may be another one that somebody asked for. */
export const imageLabelsOf = (labels, wanted) => [...imageLabels.filter(label => labels.includes(label)), ...(wanted && labels.includes(wanted) && !imageLabels.includes(wanted) ? [wanted] : [])];

/** Image numbers of a stack. */
export class StackSource {
  constructor(path, count) { Object.assign(this, { path, total: count, labels: [], block: undefined, column: undefined, isOfLargeImages: false }); }

  async open() { return this; }
  reset() {}

  /** → [{ row, image, value }] */
  async rows(from, count) {
    return Array.from({ length: Math.max(0, Math.min(count, this.total - from)) }, (_, i) => ({ row: from + i, image: `${from + i + 1}@${this.path}`, value: '' }));
  }

  async details() { return []; }
  async all() { return Array.from({ length: this.total }, (_, i) => i); }
}

/** Rows of a STAR file. */
export class TableSource {
  constructor(path, { block, column, caption = '', sort = '', descending = false, filter = '' } = {}) {
    Object.assign(this, { path, block, column, caption, sort, isDescending: descending, filter, total: 0, labels: [] });
  }

  question(more) {
    const values = { path: this.path, block: this.block, filter: this.filter, sort: this.sort, descending: this.isDescending ? 1 : '', ...more };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
  }

  /** Finds the column of images. */
  async open() {
    const found = await get('table', this.question({ count: 1 }));
    Object.assign(this, { block: found.block, total: found.total, labels: found.labels });
    this.columns = imageLabelsOf(found.labels.map(label => label.label), this.column);
    if (!this.columns.includes(this.column)) this.column = this.columns[0];
    if (!this.column) throw new Error(`data_${found.block} of ${this.path} names no images.`);
    return this;
  }

  get isOfLargeImages() { return this.column.startsWith('rlnMicrograph') || this.column === 'rlnCtfImage'; }

  async rows(from, count) {
    const label = this.caption || this.sort, columns = label && label !== this.column ? `${this.column},${label}` : this.column;
    const found = await get('table', this.question({ from, count, columns }));
    this.total = found.total;
    return found.rows.map(({ row, values }) => ({ row, image: values[0], value: values[1] ?? '' }));
  }

  /** All columns of the image at a place: [[label, value]]. */
  async details(place) {
    const found = await get('table', this.question({ from: place, count: 1 }));
    return found.columns.map((label, i) => [label, found.rows[0]?.values[i] ?? '']);
  }

  /** Numbers of all rows that fit. */
  async all() { return (await get('table/values', this.question({ column: this.column, count: 1000000 }))).rows; }
}
