// Images of a stack or of a STAR file's rows, however many: sorted, filtered, selected, one of them large, their average.

import { element, get, useStyle } from '../server.js';
import { tableAddress } from '../results/addresses.js';
import { address } from './address.js';
import { StackSource, TableSource } from './image-source.js';
import { ImageDetails } from './image-details.js';
import { SelectionPanel } from './selection-panel.js';
import { TileGrid } from './tile-grid.js';
import { TileLoader } from './tile-loader.js';

const sizes = [48, 64, 96, 128, 192, 256, 384, 512];

/** `path` names a stack or a STAR file; `given` what the address says: block, column, sort, descending, filter, caption (a label), and how images
 * are shown: sigma, lowpass, highpass, black, white, size or columns. */
export async function showGallery(page, path, given = {}) {
  useStyle('viewers/gallery');
  const source = await open(path, given), selected = new Set();
  const loader = new TileLoader(source, () => grid.draw());
  const edgeOfImages = Number(given.scale) > 0 ? await scaledEdge(source, Number(given.scale)) : 0;
  for (const name of ['sigma', 'lowpass', 'highpass', 'black', 'white']) if (given[name] !== undefined && Number.isFinite(Number(given[name]))) loader.style[name] = Number(given[name]);
  const status = element('span', { role: 'status', 'aria-live': 'polite', className: 'faint' }), side = element('div', { className: 'gallery-side' }), main = element('div', { className: 'gallery-main' });
  const isTable = source instanceof TableSource;
  const tools = element('div', { className: 'row gallery-tools' });
  page.classList.add('gallery-page');
  page.append(tools, element('div', { className: 'gallery-columns' }, main, side));

  const grid = new TileGrid(main, loader, selected, {
    open: place => details.show(place, loader.at(place)),
    toggle,
    caption: (tile, place) => tile.value !== '' ? shortNumber(tile.value) : String(source.sort || source.filter ? tile.row + 1 : place + 1),
  });
  const panel = new SelectionPanel(side, source, selected);
  const details = new ImageDetails(side, source, { style: () => loader.style, step: by => { grid.move(by); const at = loader.at(grid.focus); if (at) details.show(grid.focus, at); } });
  let anchor = 0;

  function tell() {
    const total = `${source.total.toLocaleString()} image${source.total === 1 ? '' : 's'}`;
    status.textContent = selected.size ? `${selected.size.toLocaleString()} selected of ${total}` : total;
    panel.changed();
  }

  async function toggle(place, isRange) {
    const tile = loader.at(place);
    if (!tile) return;
    if (isRange) {
      const from = Math.min(anchor, place), rows = [];
      for (let at = from; at <= Math.max(anchor, place); at += 5000) rows.push(...await source.rows(at, Math.min(5000, Math.max(anchor, place) + 1 - at)));
      for (const { row } of rows) selected.add(row);
    } else {
      if (!selected.delete(tile.row)) selected.add(tile.row);
      anchor = place;
    }
    tell();
    grid.draw();
  }

  async function reload() {
    try { await source.open(); } catch (error) { status.textContent = error.message; status.className = 'Failed'; return; }
    status.className = 'faint';
    loader.reset();
    anchor = 0;
    remember();
    tell();
    grid.toTop();
  }

  function remember() {
    if (!isTable || !location.hash.startsWith('#/gallery/')) return;
    history.replaceState(null, '', address('gallery', path, { ...given, block: source.block, column: source.column, sort: source.sort, descending: source.isDescending ? 1 : '', filter: source.filter }));
  }

  /** Pictures of at least the size shown, in steps, so that moving the slider does not load each time. */
  function resize(edge) {
    grid.resize(edge);
    const wanted = sizes.find(size => size >= edge * Math.min(2, window.devicePixelRatio || 1)) || 512;
    if (wanted !== loader.style.size) restyle({ size: wanted });
  }

  function restyle(changes) {
    loader.style = { ...loader.style, ...changes };
    loader.reset(true);
    grid.draw();
    details.restyle();
  }

  const later = (wait, action) => { let timer = 0; return event => { const { value } = event.target; clearTimeout(timer); timer = setTimeout(() => action(value), wait); }; };
  const labelled = (text, control) => element('label', {}, `${text} `, control);
  if (!page.classList.contains('file-body')) tools.append(element('a', { href: isTable ? tableAddress(path, { block: source.block }) : address('file', path), title: path, textContent: path.split('/').pop() }));
  if (isTable) tools.append(...tableTools());
  tools.append(
    labelled('Size', element('input', { type: 'range', min: '40', max: '512', value: String(startSize()), oninput: event => resize(Number(event.target.value)) })),
    labelled('Contrast', element('input', { type: 'range', min: '0', max: '8', step: '0.5', value: String(loader.style.sigma), title: 'Standard deviations about the mean; 0: from smallest to largest', oninput: later(200, value => restyle({ sigma: Number(value), black: undefined, white: undefined })) })),
    labelled('Low-pass', element('input', { type: 'number', min: '0', step: 'any', placeholder: 'Å', value: String(loader.style.lowpass ?? ''), className: 'short', oninput: later(500, value => restyle({ lowpass: Number(value) > 0 ? Number(value) : undefined })) })),
    labelled('High-pass', element('input', { type: 'number', min: '0', step: 'any', placeholder: 'Å', value: String(loader.style.highpass ?? ''), className: 'short', oninput: later(500, value => restyle({ highpass: Number(value) > 0 ? Number(value) : undefined })) })),
    element('span', { className: 'group' },
      button('All', 'Select all that are shown', async () => { for (const row of await source.all()) selected.add(row); }),
      button('None', 'Select nothing', () => selected.clear()),
      button('Invert', 'Select those shown that are not selected, and the reverse', async () => { for (const row of await source.all()) if (!selected.delete(row)) selected.add(row); })),
    panel.button, status);

  function startSize() {
    if (edgeOfImages) return edgeOfImages;
    if (Number(given.columns) > 0) return Math.max(40, Math.min(512, Math.floor((grid.view.clientWidth - 20) / Number(given.columns)) - 4));
    return Number(given.size) >= 40 && Number(given.size) <= 512 ? Number(given.size) : source.isOfLargeImages ? 256 : 128;
  }

  function button(textContent, title, action) {
    return element('button', { textContent, title, onclick: async () => { await action(); tell(); grid.draw(); } });
  }

  function tableTools() {
    const option = (value, textContent, now) => element('option', { value, textContent, selected: value === now });
    const short = label => label.replace(/^rln/, '');
    const order = element('button', { textContent: source.isDescending ? '▼' : '▲', title: 'Downwards or upwards', onclick() {
      source.isDescending = !source.isDescending;
      order.textContent = source.isDescending ? '▼' : '▲';
      reload();
    } });
    return [
      ...(source.columns.length > 1 ? [labelled('Images', element('select', { onchange: event => { source.column = event.target.value; reload(); } }, ...source.columns.map(label => option(label, short(label), source.column))))] : []),
      element('span', { className: 'group' }, labelled('Sort', element('select', { onchange: event => { source.sort = event.target.value; reload(); } }, option('', 'as in the file', source.sort), ...source.labels.map(({ label }) => option(label, short(label), source.sort)))), order),
      labelled('Filter', element('input', { type: 'search', value: source.filter, spellcheck: false, placeholder: 'ClassNumber == 3', oninput: later(500, value => { source.filter = value.trim(); reload(); }) })),
    ];
  }

  resize(startSize());
  tell();
  return { leave() { grid.leave(); loader.reset(); panel.leave(); } };
}

/** Of the first image at this scale, within the sizes there are. */
async function scaledEdge(source, scale) {
  const [first] = await source.rows(0, 1), file = first && await get('file', { path: first.image.replace(/^\d+@/, '') }).catch(() => null);
  return file?.image ? Math.min(512, Math.max(40, Math.round(file.image.shape[0] * scale))) : 0;
}

async function open(path, given) {
  if (/\.star$/.test(path)) return new TableSource(path, { ...given, descending: given.descending === '1' }).open();
  const file = await get('file', { path });
  if (!file.image) throw new Error(file.problem || `${path} has no images.`);
  return new StackSource(path, file.image.shape[2] > 1 ? file.image.shape[2] : file.image.count);
}

function shortNumber(text) {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : String(Number(value.toPrecision(5)));
}
