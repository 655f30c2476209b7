// A STAR file: its blocks, rows sorted and filtered, histogram of a column, points of two columns.

import { element, get, useStyle } from '../server.js';
import { histogramChart, scatterChart } from '../results/charts.js';
import { selectAddress, tableAddress } from '../results/addresses.js';
import { address } from '../viewers/address.js';
import { imageLabelsOf } from '../viewers/image-source.js';
import { RowView } from './rows.js';

export async function showTable(page, path, given) {
  useStyle('results/results');
  useStyle('tables/tables');
  const asked = { block: given.block, filter: given.filter || '', sort: given.sort || '', descending: given.descending === '1' };
  const question = more => Object.fromEntries(Object.entries({ path, block: asked.block, filter: asked.filter, ...more }).filter(([, value]) => value !== undefined && value !== ''));
  const start = await get('table', question({ filter: '', count: 1 }));
  asked.block = start.block;
  const { labels } = start, numbers = labels.filter(label => label.isNumber);
  const all = start.total;
  let column = numbers.some(label => label.label === given.column) ? given.column : null, charts = [], scatter = null, isGone = false;

  const filter = element('input', { type: 'search', value: asked.filter, spellcheck: false, placeholder: `filter: ${numbers[0]?.label || 'rlnDefocusU'} > 10, or a text`, 'aria-label': 'Filter' });
  const status = element('span', { role: 'status', 'aria-live': 'polite' }), plots = element('div', { className: 'plots' }), body = element('div');
  const slash = path.lastIndexOf('/') + 1;
  page.append(element('h1', { textContent: path.slice(slash) }), element('div', { className: 'faint', textContent: path }),
    element('div', { role: 'tablist' }, ...start.blocks.map(block => element('button', {
      role: 'tab', 'aria-selected': String(block.name === asked.block), textContent: `${block.name || 'data_'} ${block.rows.toLocaleString()}`,
      onclick: () => { location.hash = tableAddress(path, { block: block.name }); } }))),
    element('div', { className: 'row' }, filter, element('button', { textContent: 'Clear', onclick: () => { filter.value = ''; applyFilter(); } }), status, galleryLink(), scatterTools()),
    plots, body);

  const head = element('tr', {}, element('th', { textContent: 'row' }), ...labels.map(label => element('th', { className: label.isNumber ? 'number' : '', scope: 'col' },
    element('button', { textContent: label.label.replace(/^rln/, ''), title: `${label.label}${label.unit ? ` (${label.unit})` : ''}: sort`, onclick: () => choose(label) }))));
  const view = new RowView(body, { head, columns: labels, fetch: async (from, count) => {
    const found = await get('table', question({ from, count, sort: asked.sort, descending: asked.descending ? 1 : undefined }));
    tell(found.total);
    return found;
  } });

  function galleryLink() {
    if (!imageLabelsOf(labels.map(label => label.label)).length) return null;
    return element('button', { textContent: 'Images', title: 'Show the images of these rows',
      onclick: () => { location.hash = address('gallery', path, { block: asked.block, filter: asked.filter, sort: asked.sort, descending: asked.descending ? 1 : '' }); } });
  }

  function tell(total) { status.textContent = total === all ? `${all.toLocaleString()} rows` : `${total.toLocaleString()} of ${all.toLocaleString()} rows`; status.className = ''; }

  function remember() {
    history.replaceState(null, '', tableAddress(path, { block: asked.block, filter: asked.filter, sort: asked.sort, descending: asked.descending ? '1' : '', column: column || '' }));
    for (const [i, label] of labels.entries()) head.children[i + 1].setAttribute('aria-sort', asked.sort === label.label ? (asked.descending ? 'descending' : 'ascending') : 'none');
  }

  async function reload() {
    remember();
    try { await view.reset(); } catch (error) { status.textContent = error.message; status.className = 'Failed'; }
  }

  /** Once: upwards, and its histogram; again: downwards; a third time: the order of the file. */
  function choose(label) {
    if (asked.sort !== label.label) [asked.sort, asked.descending] = [label.label, false];
    else if (!asked.descending) asked.descending = true;
    else [asked.sort, asked.descending] = ['', false];
    if (label.isNumber && column !== label.label) { column = label.label; drawHistogram(); }
    reload();
  }

  async function drawHistogram() {
    for (const chart of charts) chart.remove();
    charts = [];
    plots.querySelector('.histogram')?.remove();
    if (!column) return;
    const mine = column, found = await get('table/histogram', { path, block: asked.block, column }).catch(() => null);
    if (isGone || !found || mine !== column || found.histogram.count === 0) return;
    const box = element('div', { className: 'item histogram' });
    plots.prepend(box);
    const range = rangeOf(column);
    charts = [histogramChart(box, { title: found.column, x: { label: found.column, unit: found.unit }, counted: 'rows', histogram: found.histogram, range,
      choose(low, high) {
        const round = value => Number(value.toPrecision(7));
        filter.value = low === null ? '' : `${mine} >= ${round(low)} and ${mine} <= ${round(high)}`;
        applyFilter();
        offerSelection(box);
      } })];
    offerSelection(box);
  }

  /** The range of one column, where the filter is nothing else. */
  function rangeOf(label) {
    const found = asked.filter.match(/^(\w+) >= (\S+) and (\w+) <= (\S+)$/);
    return found && found[1] === label && found[3] === label ? [Number(found[2]), Number(found[4])] : null;
  }

  function offerSelection(box) {
    box.querySelector('.offer')?.remove();
    const range = rangeOf(column);
    if (range) box.append(element('div', { className: 'row offer' }, element('a', { href: selectAddress(path, asked.block, column, range), textContent: 'Select…', title: 'A Select job that keeps this range' })));
  }

  function scatterTools() {
    if (numbers.length < 2) return null;
    const pick = (name, value) => element('select', { 'aria-label': name }, ...numbers.map(label => element('option', { textContent: label.label, value: label.label, selected: label.label === value })));
    const x = pick('across', numbers[0].label), y = pick('up', numbers[1].label);
    return element('details', {}, element('summary', { textContent: 'Scatter plot' }), element('div', { className: 'row' }, x, 'against', y, element('button', { textContent: 'Draw', onclick: () => drawScatter(x.value, y.value) })));
  }

  async function drawScatter(x, y) {
    const found = await get('table/scatter', question({ x, y, filter: '' })).catch(error => { status.textContent = error.message; return null; });
    if (isGone || !found) return;
    scatter?.remove();
    plots.querySelector('.scatter')?.remove();
    const box = element('div', { className: 'item scatter' });
    plots.append(box);
    scatter = scatterChart(box, { title: `${found.y.label} against ${found.x.label}`, x: found.x, y: found.y, points: found.points,
      lasso(corners) {
        filter.value = corners.length ? `inside(${found.x.label}, ${found.y.label}, ${corners.map(corner => corner.map(value => Number(value.toPrecision(6))).join(', ')).join(', ')})` : '';
        applyFilter();
      } });
  }

  function applyFilter() {
    asked.filter = filter.value.trim();
    reload();
  }

  let timer = 0;
  filter.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(applyFilter, 400); });
  filter.addEventListener('keydown', event => { if (event.key === 'Enter') { clearTimeout(timer); applyFilter(); } });
  reload();
  drawHistogram();
  return { leave() { isGone = true; clearTimeout(timer); view.leave(); for (const chart of charts) chart.remove(); scatter?.remove(); } };
}
