// Pictures of a gallery's images, many in one request, those in view first.

/** Loads images in pieces of `piece`; each piece is one picture of tiles. */
export class TileLoader {
  /** @param changed  called when a piece has arrived */
  constructor(source, changed) {
    this.source = source;
    this.changed = changed;
    this.style = { size: 128, sigma: 3 };
    this.pieces = new Map();    // number → { rows, url, tile, columns, missing, isLoading, error }
    this.running = 0;
    this.turn = 0;
  }

  static columns = 10;
  static kept = 80;
  get piece() { return this.source.isOfLargeImages ? 6 : 100; }

  /** Forgets all; rows too unless only the look has changed. */
  reset(keepsRows = false) {
    this.turn += 1;
    for (const [number, { url, rows }] of this.pieces) {
      if (url) URL.revokeObjectURL(url);
      if (keepsRows && rows) this.pieces.set(number, { rows }); else this.pieces.delete(number);
    }
  }

  /** The image at a place: { row, image, value, url, x, y, columns, lines, isMissing }, or null where it has not come. */
  at(place) {
    const found = this.pieces.get(Math.floor(place / this.piece)), index = place % this.piece;
    if (!found?.rows?.[index]) return null;
    const columns = Math.min(TileLoader.columns, found.rows.length);
    return { ...found.rows[index], url: found.url, x: index % columns, y: Math.floor(index / columns), columns, lines: Math.ceil(found.rows.length / columns),
      isMissing: found.missing?.has(index) ?? false, error: found.error };
  }

  /** Says which places are in view: their pieces are loaded, the nearest first; others wait. */
  want(from, to) {
    this.wanted = [];
    const first = Math.floor(from / this.piece), last = Math.floor(Math.max(from, to - 1) / this.piece), end = Math.ceil(this.source.total / this.piece);
    for (let number = first; number <= last; number++) this.wanted.push(number);
    if (last + 1 < end) this.wanted.push(last + 1);    // what comes next when one scrolls on
    for (const number of this.wanted) {    // to the end of the order, so that those longest unseen go first
      const found = this.pieces.get(number);
      if (found) { this.pieces.delete(number); this.pieces.set(number, found); }
    }
    this.#next();
  }

  #next() {
    while (this.running < 3) {
      const number = this.wanted?.find(number => { const found = this.pieces.get(number); return !found?.url && !found?.isLoading && !found?.error; });
      if (number === undefined) return;
      this.#load(number);
    }
  }

  async #load(number) {
    const entry = { ...this.pieces.get(number), isLoading: true }, mine = this.turn;
    this.pieces.set(number, entry);
    this.running += 1;
    try {
      entry.rows ??= await this.source.rows(number * this.piece, this.piece);
      if (mine !== this.turn || entry.rows.length === 0) return;
      const response = await fetch('/api/pictures', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ images: entry.rows.map(row => row.image), ...this.style, columns: TileLoader.columns }) });
      if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error || `The server answered ${response.status}.`);
      const url = URL.createObjectURL(await response.blob());
      if (mine !== this.turn) return URL.revokeObjectURL(url);
      entry.url = url;
      entry.missing = new Set((response.headers.get('X-Missing') || '').split(',').filter(Boolean).map(Number));
    } catch (error) { entry.error = error.message; } finally {
      entry.isLoading = false;
      this.running -= 1;
      this.#forget();
      if (mine === this.turn) this.changed();
      this.#next();
    }
  }

  #forget() {
    for (const [number, { url, isLoading }] of this.pieces) {
      if (this.pieces.size <= TileLoader.kept) return;
      if (isLoading || this.wanted?.includes(number)) continue;
      if (url) URL.revokeObjectURL(url);
      this.pieces.delete(number);
    }
  }
}
