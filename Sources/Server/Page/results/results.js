// What a job has found, drawn by its sections; asked for again every few seconds while the job runs.

import { address, element, get, useStyle } from '../server.js';
import { curvesChart, heatChart, histogramChart, scatterChart } from './charts.js';
import { tracksChart } from './tracks.js';
import { selectAddress, tableAddress } from './addresses.js';
import { told } from './scale.js';

const intervalInSeconds = 3;

/** Shows results in `host`; gives { changed, leave } as pages do. */
export function showResults(host, job) {
  useStyle('results/results');
  const drawn = new Map();    // sections and items by their place and content, so that what has not changed stays as it is
  let isGone = false, timer = 0;

  async function refresh() {
    clearTimeout(timer);
    const found = await get('results', { job }).catch(() => null);
    if (isGone) return;
    if (found) draw(found.sections);
    if (found?.isRunning) timer = setTimeout(refresh, intervalInSeconds * 1000);
  }

  function draw(sections) {
    const kept = new Set();
    const parts = sections.map((section, place) => {
      const key = `${place} ${section.title}`;
      kept.add(key);
      if (!drawn.has(key)) {
        const body = element('div', { className: 'plots' });
        drawn.set(key, { element: element('section', { className: 'results' }, element('h2', { textContent: section.title }), body), body, items: [] });
      }
      fill(drawn.get(key), section.items);
      return drawn.get(key).element;
    });
    for (const [key, section] of drawn) if (!kept.has(key)) { fill(section, []); section.element.remove(); drawn.delete(key); }
    parts.forEach((part, i) => { if (host.children[i] !== part) host.insertBefore(part, host.children[i] || null); });
  }

  function fill(section, items) {
    items.forEach((item, i) => {
      const text = JSON.stringify(item), old = section.items[i];
      if (old?.text === text) return;
      const box = element('div', { className: `item ${item.kind}` });
      if (old) old.box.replaceWith(box); else section.body.append(box);
      old?.remove?.();
      section.items[i] = { text, box, ...drawItem(box, item, { job, section }) };
    });
    for (const old of section.items.splice(items.length)) { old.remove?.(); old.box.remove(); }
  }

  refresh();
  return { changed: refresh, leave() { isGone = true; clearTimeout(timer); } };
}

function drawItem(box, item, { job, section }) {
  switch (item.kind) {
  case 'facts':
    box.append(...item.facts.map(fact => element('div', { className: 'fact' }, element('b', { textContent: fact.unit ? `${fact.value} ${fact.unit}` : fact.value }), element('span', { textContent: fact.label }))));
    return {};
  case 'curves': {
    const hasTracks = () => section.items.find(other => other.tracks)?.tracks;
    const names = item.source ? namesOf(item.source, box) : null;
    return kept(curvesChart(box, { ...item, nameOf: names, pick: /Motion of each/.test(item.title) ? (index, number) => hasTracks()?.show(number - 1) : undefined }));
  }
  case 'histogram': return kept(histogramChart(box, { ...item, choose: item.source ? (low, high) => offer(box, item, low, high) : undefined }));
  case 'heat': return kept(heatChart(box, item));
  case 'scatter': return kept(scatterChart(box, item));
  case 'tracks': {
    const tracks = tracksChart(box, item, job);
    return { tracks, remove: tracks.remove };
  }
  case 'classes': gallery(box, item); return {};
  default: return {};
  }
}

/** Names of the micrographs of a table, asked for when the pointer first comes near. */
function namesOf({ path, block }, box) {
  let names = [];
  box.addEventListener('pointerenter', async () => {
    const found = await get('table/values', { path, block, column: 'rlnMicrographName', count: 20000 }).catch(() => null);
    names = found?.texts || [];
  }, { once: true });
  return number => names[number - 1];
}

const kept = plot => ({ remove: () => plot.remove() });

/** Below a histogram in which a range was chosen: how many rows, to see them, to select them by a job. */
async function offer(box, { source }, low, high) {
  box.querySelector('.offer')?.remove();
  if (low === null) return;
  const range = [Number(low.toPrecision(7)), Number(high.toPrecision(7))];
  const filter = `${source.column} >= ${range[0]} and ${source.column} <= ${range[1]}`, line = element('div', { className: 'row offer' });
  box.append(line);
  const count = element('span', { textContent: '…' });
  line.append(count, element('a', { href: tableAddress(source.path, { block: source.block, filter }), textContent: 'Show the rows' }),
    element('a', { href: selectAddress(source.path, source.block, source.column, range), textContent: 'Select…' }));
  try {
    const found = await get('table', { path: source.path, block: source.block, filter, count: 0 });
    const all = found.blocks.find(block => block.name === found.block)?.rows ?? found.total;
    count.textContent = `${found.total.toLocaleString()} of ${all.toLocaleString()} rows (${told(100 * found.total / Math.max(1, all), 3)} %)`;
  } catch (error) { count.textContent = error.message; }
}

function gallery(box, { title, classes }) {
  const size = element('input', { type: 'range', min: '60', max: '320', value: '120', 'aria-label': 'Size of the pictures', oninput: event => box.style.setProperty('--picture', `${event.target.value}px`) });
  box.append(element('div', { className: 'row' }, element('span', { className: 'faint', textContent: title }), size),
    element('div', { className: 'class-gallery' }, ...classes.map(entry => {
      const lines = [`${told(100 * entry.share, 3)} %${entry.particles === undefined ? '' : ` · ${entry.particles.toLocaleString()}`}`,
        entry.resolutionInAngstrom ? `${told(entry.resolutionInAngstrom, 3)} Å` : 'no resolution yet'];
      if (entry.accuracyInDegrees) lines.push(`±${told(entry.accuracyInDegrees, 2)}° ±${told(entry.accuracyInAngstrom, 2)} Å`);
      const image = element('img', { loading: 'lazy', alt: `Class ${entry.number}`, src: entry.isMap ? `/api/pictures?${new URLSearchParams({ path: entry.path, from: entry.index, sigma: 0, size: 320 })}` : address('picture', { path: entry.path, index: entry.index, size: 320 }) });
      image.onerror = () => image.replaceWith(element('span', { className: 'faint', textContent: entry.path }));
      const label = element('figcaption', {}, element('b', { textContent: `${entry.number}` }), ...lines.map(text => element('div', { textContent: text })));
      return element('figure', {}, entry.isMap ? element('a', { href: `#/file/${entry.path}`, title: entry.path }, image) : image, label);
    })));
}
