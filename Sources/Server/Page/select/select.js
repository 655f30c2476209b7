// Classes or micrographs to be chosen by hand: click marks, Shift marks a range; columns sort and mark by threshold; Save makes a Select job.

import { address, element, get, post, useStyle } from '../server.js';

const plain = label => label.replace(/^rln/, '').replace(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase();
const round = value => (value === null ? '–' : Number(value.toPrecision(4)).toString());

/** @param values  { job } or { input } */
export async function showSelection(page, name, { isReadOnly, values }) {
  useStyle('select/select');
  const listing = await get('selection', name ? { job: name } : values), { images, columns } = listing;
  const isRedo = name.startsWith('Select/'), isMicrographs = listing.kind === 'micrographs';
  const marks = listing.marks ?? images.map(() => isMicrographs), column = label => columns.find(found => found.label === label)?.values;
  const counts = column('particles'), given = listing.values ?? {};
  let order = images.map((_, i) => i), last = -1;

  const told = element('output', { role: 'status' }), total = element('strong'), tiles = element('div', { className: 'choices', role: 'listbox', 'aria-multiselectable': 'true', 'aria-label': listing.kind });
  const button = (textContent, onclick, title = '') => element('button', { textContent, onclick, title });
  const labelled = (text, ...controls) => element('label', {}, text + ' ', ...controls);
  const choice = (label, options, onchange) => element('select', { 'aria-label': label, onchange }, ...options.map(([value, textContent]) => element('option', { value, textContent })));
  const labels = columns.map(found => [found.label, plain(found.label)]);

  const cells = images.map((image, i) => {
    const isMap = /\.(mrc|map)$/.test(image.path) && !isMicrographs;
    const picture = element('img', { loading: 'lazy', draggable: false, alt: `${isMicrographs ? 'micrograph' : 'class'} ${i + 1}`,
      src: isMap ? address('map/section', { path: image.path, axis: 2 }) : address('picture', { path: image.path, index: image.index, size: 256, sigma: isMicrographs ? 3 : 0 }) });
    return element('button', { className: 'choice', role: 'option', title: columns.map(found => `${plain(found.label)}: ${round(found.values[i])}`).join('\n') },
      picture, element('span', { textContent: isMicrographs ? image.path.split('/').pop() : `${i + 1}${counts ? ` · ${counts[i]}` : ''}` }), element('small'));
  });
  cells.forEach((cell, i) => cell.addEventListener('click', event => {
    const to = !marks[i];
    if (event.shiftKey && last >= 0) {
      const [a, b] = [order.indexOf(last), order.indexOf(i)].sort((x, y) => x - y);
      for (const at of order.slice(a, b + 1)) marks[at] = marks[last];
    } else marks[i] = to;
    last = i;
    draw();
  }));

  const sort = choice('Sort by', [['', 'number'], ...labels], () => arrange()), direction = element('input', { type: 'checkbox', checked: true, onchange: () => arrange() });
  function arrange() {
    const found = column(sort.value), sign = direction.checked ? -1 : 1;
    order = images.map((_, i) => i);
    if (found) order.sort((a, b) => (found[a] === null) - (found[b] === null) || sign * (found[a] - found[b]) || a - b);
    tiles.replaceChildren(...order.map(i => cells[i]));
    for (const i of order) cells[i].lastChild.textContent = found && sort.value !== 'particles' ? round(found[i]) : '';
    draw();
  }

  function draw() {
    cells.forEach((cell, i) => { cell.classList.toggle('chosen', marks[i]); cell.setAttribute('aria-selected', String(marks[i])); });
    const chosen = marks.filter(Boolean).length;
    const particles = counts ? `, ${marks.reduce((sum, mark, i) => sum + (mark ? counts[i] : 0), 0).toLocaleString()} of ${counts.reduce((a, b) => a + b, 0).toLocaleString()} particles` : '';
    total.textContent = `${chosen} of ${images.length} ${listing.kind}${particles}`;
    save.disabled = isReadOnly || chosen === 0;
  }
  const all = test => { images.forEach((_, i) => { marks[i] = test(i); }); draw(); };

  const by = choice('Column of the threshold', labels), least = element('input', { className: 'short', placeholder: 'from', 'aria-label': 'from' }), most = element('input', { className: 'short', placeholder: 'to', 'aria-label': 'to' });
  const recentre = element('input', { type: 'checkbox', checked: given.do_recenter === 'Yes' }), groups = element('input', { className: 'short', inputMode: 'numeric', placeholder: 'no', value: given.do_regroup === 'Yes' ? given.nr_groups : '' });
  const alias = element('input', { placeholder: 'alias', 'aria-label': 'Alias' });
  const save = element('button', { className: 'main', textContent: isRedo ? 'Save again' : 'Save', onclick: async () => {
    save.disabled = true;
    told.textContent = '';
    try {
      const options = {};
      if (!isMicrographs) {
        options.do_recenter = recentre.checked ? 'Yes' : 'No';
        options.do_regroup = groups.value.trim() ? 'Yes' : 'No';
        if (groups.value.trim()) options.nr_groups = groups.value.trim();
      }
      const job = await post('selection', { job: isRedo ? name : undefined, input: listing.input, marks, values: options, alias: alias.value.trim() || undefined });
      location.hash = `#/job/${job.name}`;
    } catch (error) { told.textContent = error.message; save.disabled = false; }
  } });

  page.append(element('h1', { textContent: isMicrographs ? 'Select micrographs' : 'Select classes' }), element('div', { className: 'faint', textContent: listing.input }),
    element('div', { className: 'row' }, total, save, ...(isRedo ? [] : [alias]), ...(isMicrographs ? [] : [labelled('Recentre averages', recentre), labelled('Regroup into', groups)]), told),
    element('div', { className: 'row' }, button('All', () => all(() => true)), button('None', () => all(() => false)), button('Invert', () => all(i => !marks[i])),
      ...(labels.length ? [labelled('Sort by', sort), labelled('largest first', direction), labelled('Mark those with', by), least, most,
        button('Mark', () => {
          const found = column(by.value), low = least.value.trim() === '' ? -Infinity : Number(least.value), high = most.value.trim() === '' ? Infinity : Number(most.value);
          if (Number.isNaN(low) || Number.isNaN(high)) told.textContent = 'The threshold is not a number.';
          else all(i => found[i] !== null && found[i] >= low && found[i] <= high);
        })] : [])),
    tiles);
  if (counts) sort.value = 'particles';
  arrange();
}
