// Any file of the project: what it is, which job made it, and the viewer that fits.

import { element, get } from '../server.js';
import { tableAddress } from '../results/addresses.js';
import { useStyle } from '../results/results.js';
import { address, rawAddress } from './address.js';

const kindNames = { folder: 'Folder', map: 'Map', micrograph: 'Image', stack: 'Stack of images', star: 'STAR file', pdf: 'PDF', picture: 'Picture', text: 'Text', other: 'File' };

export async function showFile(page, path, { values, knows = () => false }) {
  useStyle('viewers/open');
  const file = await get('file', { path });
  if (file.kind === 'star') { location.replace(tableAddress(path, values)); return undefined; }
  const wide = ['map', 'micrograph'].includes(file.kind) && knows(file.kind);
  const slash = path.lastIndexOf('/') + 1, body = element('div', { className: 'file-body' });
  page.append(element('h1', { textContent: path.slice(slash) || path }),
    element('div', { className: 'faint', textContent: path }),
    element('div', { className: 'row' },
      ...(wide ? [element('a', { href: address(file.kind, path), textContent: file.kind === 'map' ? 'Sections and surface' : 'Show with picks' })] : []),
      ...(file.producer ? [element('a', { href: `#/job/${file.producer}`, textContent: `Made by ${file.producer}` })] : []),
      ...file.users.map(user => element('a', { href: `#/job/${user}`, textContent: `Used by ${user}` })),
      ...(file.kind === 'folder' ? [] : [element('a', { href: rawAddress(path, { download: 1 }), textContent: 'Download', ...({ download: '' }) })])),
    facts(file), ...(file.problem ? [element('div', { className: 'problems', role: 'alert', textContent: file.problem })] : []), body);
  if (wide && file.kind === 'map') return (await import('./map.js')).showMap(body, path, { values });
  return viewers[file.kind]?.(body, path, file);
}

function facts(file) {
  const list = [['kind', kindNames[file.kind]], ['size', size(file.bytes)], ['changed', new Date(file.modified * 1000).toLocaleString()]];
  const { image } = file, round = value => String(Number(value.toPrecision(5)));
  if (image) {
    list.push(['pixels', image.shape.filter((n, i) => i < 2 || n > 1).join(' × ')]);
    if (image.count > 1) list.push(['images', image.count.toLocaleString()]);
    list.push(['values', image.mode], ['pixel size', image.pixelSizeInAngstrom ? `${round(image.pixelSizeInAngstrom)} Å` : 'not in the file']);
    if (image.maximum > image.minimum) list.push(['range in the header', `${round(image.minimum)} … ${round(image.maximum)}`], ['mean ± deviation in the header', `${round(image.mean)} ± ${round(image.standardDeviation)}`]);
  }
  return element('dl', { className: 'file-facts' }, ...list.map(([label, value]) => element('div', {}, element('dt', { textContent: label }), element('dd', { textContent: value }))));
}

function size(bytes) {
  const unit = Math.min(4, Math.max(0, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024))));
  return `${Number((bytes / 1024 ** unit).toPrecision(3))} ${['bytes', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

const viewers = {
  stack: async (body, path) => (await import('./gallery.js')).showGallery(body, path),
  map(body, path, file) {
    // Of sections across z the gallery's call knows as well.
    const middle = axis => axis === 2 ? `/api/pictures?${new URLSearchParams({ path, from: Math.floor(file.image.shape[2] / 2), sigma: 0, size: 512 })}` : `/api/map/section?${new URLSearchParams({ path, axis, index: Math.floor(file.image.shape[axis] / 2) })}`;
    body.append(element('div', { className: 'file-sections' }, ...['across x', 'across y', 'across z'].map((title, axis) => {
      const image = element('img', { alt: `Middle section ${title}`, src: middle(axis) });
      const figure = element('figure', {}, image, element('figcaption', { textContent: title }));
      image.onerror = () => figure.remove();
      return figure;
    })));
  },
  micrograph(body, path) { body.append(element('img', { className: 'file-picture', alt: path, src: `/api/pictures?${new URLSearchParams({ path, from: 0, count: 1, size: 2048, sigma: 3 })}` })); },
  pdf(body, path) { body.append(element('iframe', { className: 'file-pdf', title: path, src: rawAddress(path) })); },
  picture(body, path) { body.append(element('img', { className: 'file-picture', alt: path, src: rawAddress(path) })); },
  text: showText,
};

/** A text from its start, or from its end where it is long; more on demand. */
async function showText(body, path, file) {
  const text = element('pre', { className: 'file-text', tabIndex: 0 }), more = element('button', { textContent: 'More', hidden: true });
  const end = element('button', { textContent: 'End of the file', hidden: true, onclick: () => read(-1) });
  let next = 0;
  async function read(offset) {
    const response = await fetch(rawAddress(path, { offset }));
    if (!response.ok) { text.textContent = (await response.json().catch(() => ({}))).error || 'The file cannot be read.'; return; }
    const piece = await response.text();
    next = Number(response.headers.get('X-Next-Offset'));
    text.textContent = offset > 0 ? text.textContent + piece : piece;
    more.hidden = end.hidden = next >= file.bytes;
    if (offset < 0) text.scrollTop = text.scrollHeight;
  }
  more.onclick = () => read(next);
  body.append(text, element('div', { className: 'row' }, more, end));
  await read(0);
}
