// Picks of a job on its micrographs; of a Manual picking job they are made, moved and taken away here.

import { element, get, post, useStyle } from '../server.js';
import { heat, MicrographView } from '../viewers/micrograph.js';

const FIGURE = 'rlnAutopickFigureOfMerit';
const shortName = name => name.split('/').slice(2).join('/') || name;

export async function showPicking(page, name, { isReadOnly }) {
  useStyle('picking/picking');
  page.classList.add('picking-page');
  let listing = await get('picking', { job: name });
  const isEditable = listing.job.startsWith('ManualPick/') && !isReadOnly;
  /** Shown in the list, and the one whose picks are here: changes are taken only where they are the same. */
  let at = -1, loaded = -1, picks = { x: [], y: [], rows: [], values: {} }, past = [], future = [], saving = Promise.resolve(), hasFailed = false, held = -1, from = null, isGone = false;

  const canvas = element('canvas', { className: 'micrograph', 'aria-label': 'Micrograph' }), view = new MicrographView(canvas);
  const list = element('ul', { className: 'micrographs' }), told = element('output', { role: 'status' }), total = element('strong');
  const labelled = (text, ...controls) => element('label', {}, text + ' ', ...controls);
  const number = (value, label, onchange) => element('input', { value: String(value), inputMode: 'decimal', className: 'short', 'aria-label': label, onchange: e => onchange(Number(e.target.value)) });
  const attempt = work => async (...given) => { try { told.textContent = ''; await work(...given); } catch (error) { told.textContent = error.message; } };

  let diameter = listing.diameter || 100;
  const setRadius = () => { view.radius = diameter / 2 / (listing.pixelSize || view.pixelSize || 1); view.redraw(); };
  const column = element('select', { 'aria-label': 'Colour by', onchange: () => draw() }, element('option', { value: '', textContent: 'one colour' }));
  const least = element('input', { type: 'range', min: '0', max: '1000', value: '0', 'aria-label': 'Least value shown', oninput: () => draw() }), leastTold = element('span', { className: 'unit' });

  // Shown micrograph and picks

  async function choose(index) {
    if (index < 0 || index >= listing.micrographs.length) return;
    await saving;
    if (hasFailed && !confirm('The last changes could not be saved. Leave them?')) return;
    hasFailed = false;
    [at, loaded, held, from] = [index, -1, -1, null];
    past = []; future = [];
    drawList();
    const { name: micrograph } = listing.micrographs[at];
    const [got] = await Promise.all([get('picks', { job: listing.job, micrograph }), view.show(micrograph)]);
    if (isGone || at !== index) return;
    setRadius();
    loaded = index;
    take(got);
  }

  function take(got) {
    picks = { x: got.x, y: got.y, rows: got.x.map((_, i) => i), values: got.values };
    inFile = new Map(picks.rows.map(row => [row, row]));
    const labels = Object.keys(picks.values), chosen = column.value || (labels.includes(FIGURE) ? FIGURE : '');
    column.replaceChildren(element('option', { value: '', textContent: 'one colour' }), ...labels.map(value => element('option', { value, textContent: value.replace(/^rln/, '') })));
    column.value = labels.includes(chosen) ? chosen : '';
    draw();
  }

  /** What the column says of a pick; nothing of those made by hand. */
  const valueOf = index => (picks.rows[index] >= 0 ? picks.values[column.value]?.[picks.rows[index]] : undefined);

  function range() {
    const values = (picks.values[column.value] ?? []).filter(value => value > -900);
    return values.length ? [Math.min(...values), Math.max(...values)] : null;
  }

  function isShown(index, limits) {
    if (!limits || Number(least.value) === 0) return true;
    const value = valueOf(index);
    return value === undefined || value >= limits[0] + (limits[1] - limits[0]) * Number(least.value) / 1000;
  }

  function draw() {
    const limits = range();
    leastTold.textContent = limits ? (limits[0] + (limits[1] - limits[0]) * Number(least.value) / 1000).toPrecision(3) : '';
    view.marks = picks.x.map((x, i) => ({ x, y: picks.y[i], i })).filter(mark => isShown(mark.i, limits)).map(mark => {
      const value = valueOf(mark.i);
      const colour = mark.i === held ? '#fff200' : limits && value !== undefined ? heat((value - limits[0]) / (limits[1] - limits[0] || 1)) : '#3fd04f';
      return { ...mark, colour };
    });
    view.redraw();
    const shown = view.marks.length;
    total.textContent = `${picks.x.length} picks${shown === picks.x.length ? '' : `, ${shown} shown`}`;
    removeHidden.disabled = shown === picks.x.length;
  }

  // Changes

  const copy = () => ({ x: [...picks.x], y: [...picks.y], rows: [...picks.rows] });
  function change(work) {
    if (loaded !== at) return;
    past.push(copy());
    future = [];
    work();
    draw();
    save();
  }

  function step(back, forth) {
    if (!back.length || loaded !== at) return;
    forth.push(copy());
    Object.assign(picks, back.pop());
    held = -1;
    draw();
    save();
  }

  /** Rows that picks have in the file by now, by the names they have here: rows as loaded, and negative numbers for those made since. */
  let inFile = new Map(), nextName = -1;

  /** One save after the other. */
  function save() {
    if (loaded !== at) return;
    const micrograph = listing.micrographs[at], sent = copy(), figures = sent.rows.map(name => picks.values[FIGURE]?.[name] ?? 0);
    micrograph.picks = sent.x.length;
    drawCount(at);
    saving = saving.then(async () => {
      const rows = sent.rows.map(name => inFile.get(name) ?? -1);
      await post('picks', { job: listing.job, micrograph: micrograph.name, x: sent.x, y: sent.y, rows, figures, count: inFile.size });
      // The file has the picks that it had before first, new ones behind them.
      const order = [...rows.keys()].sort((a, b) => (rows[a] < 0) - (rows[b] < 0));
      inFile = new Map(order.map((pick, row) => [sent.rows[pick], row]));
      hasFailed = false;
    }).catch(error => { hasFailed = true; told.textContent = `Not saved: ${error.message}`; });
  }

  function nearest(place) {
    let best = -1, distance = Math.max(view.radius, 6 / view.scale);
    for (const mark of view.marks) {
      const d = Math.hypot(mark.x - place.x, mark.y - place.y);
      if (d < distance) [best, distance] = [mark.i, d];
    }
    return best;
  }

  function remove(index) {
    change(() => { for (const key of ['x', 'y', 'rows']) picks[key].splice(index, 1); held = -1; });
  }

  view.addEventListener('press', event => {
    const { event: pointer, ...place } = event.detail;
    if (pointer.button === 1 || pointer.ctrlKey || pointer.metaKey || !isEditable || loaded !== at) return;
    const found = nearest(place);
    if (pointer.button === 2) {
      if (found >= 0) { event.preventDefault(); remove(found); }
      return;
    }
    if (pointer.shiftKey) return;
    event.preventDefault();
    if (found >= 0) {
      held = found;
      from = { place, before: copy(), hasMoved: false };
      draw();
    } else {
      const [width, height] = view.shape;
      if (place.x < 0 || place.y < 0 || place.x >= width || place.y >= height) return;
      change(() => { picks.x.push(place.x); picks.y.push(place.y); picks.rows.push(nextName--); held = picks.x.length - 1; });
    }
  });
  view.addEventListener('move', event => {
    if (!from || held < 0) return;
    const { x, y } = event.detail;
    picks.x[held] = from.before.x[held] + x - from.place.x;
    picks.y[held] = from.before.y[held] + y - from.place.y;
    from.hasMoved = true;
    draw();
  });
  view.addEventListener('release', () => {
    if (from?.hasMoved) { past.push(from.before); future = []; save(); }
    from = null;
  });
  canvas.addEventListener('keydown', event => {
    const keys = { n: () => choose(at + 1), p: () => choose(at - 1), PageDown: () => choose(at + 1), PageUp: () => choose(at - 1) };
    if (isEditable) Object.assign(keys, { z: () => (event.shiftKey ? step(future, past) : step(past, future)), y: () => step(future, past), Delete: () => held >= 0 && remove(held), Backspace: () => held >= 0 && remove(held) });
    if (!keys[event.key]) return;
    event.preventDefault();
    attempt(keys[event.key])();
  });

  const removeHidden = element('button', { textContent: 'Remove those not shown', hidden: !isEditable, onclick: () => {
    const keep = new Set(view.marks.map(mark => mark.i));
    change(() => { for (const key of ['x', 'y', 'rows']) picks[key] = picks[key].filter((_, i) => keep.has(i)); held = -1; });
    least.value = '0';
    draw();
  } });

  // The list

  function drawCount(index) {
    const row = list.children[index];
    if (row) row.querySelector('small').textContent = `${listing.micrographs[index].picks}`;
  }

  function drawList() {
    if (list.children.length !== listing.micrographs.length) {
      list.replaceChildren(...listing.micrographs.map((micrograph, index) => element('li', {},
        ...(isEditable ? [element('input', { type: 'checkbox', checked: micrograph.isSelected, title: 'Hand this micrograph on', 'aria-label': `Hand on ${micrograph.name}`,
          onchange: attempt(async e => {
            micrograph.isSelected = e.target.checked;
            await post('picking/select', { job: listing.job, left: listing.micrographs.filter(m => !m.isSelected).map(m => m.name) });
          }) })] : []),
        element('button', { textContent: shortName(micrograph.name), onclick: attempt(() => choose(index)) }), element('small', { textContent: `${micrograph.picks}` }))));
    }
    [...list.children].forEach((row, index) => row.classList.toggle('here', index === at));
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  const takeFrom = element('select', { 'aria-label': 'Take picks from' }, ...listing.offers.map(value => element('option', { value, textContent: value })));
  const actions = isEditable ? [
    element('button', { textContent: 'Undo', title: 'z', onclick: () => step(past, future) }), element('button', { textContent: 'Redo', title: 'y', onclick: () => step(future, past) }), removeHidden,
    ...(listing.offers.length ? [labelled('Start from', takeFrom), element('button', { textContent: 'Take', title: 'into micrographs that have no picks yet', onclick: attempt(async () => {
      listing = await post('picking/take', { job: listing.job, from: takeFrom.value });
      listing.micrographs.forEach((_, index) => drawCount(index));
      await choose(at);
    }) })] : []),
    element('button', { className: 'main', textContent: 'Done', title: 'Makes the lists that other jobs take', onclick: attempt(async () => {
      await saving;
      await post('run', { job: listing.job, isContinue: true });
      location.hash = `#/job/${listing.job}`;
    }) })] : [element('span', { className: 'unit', textContent: isReadOnly ? 'looking only' : 'These picks are a program’s; make a Manual picking job to change them.' })];
  page.append(
    element('h1', {}, element('a', { href: `#/job/${listing.job}`, textContent: listing.job }), ' picks ', total),
    element('div', { className: 'row' }, element('button', { textContent: '‹', title: 'Previous micrograph (p)', onclick: attempt(() => choose(at - 1)) }),
      element('button', { textContent: '›', title: 'Next micrograph (n)', onclick: attempt(() => choose(at + 1)) }),
      labelled('Diameter', number(diameter, 'Diameter of the circles in Å', value => { if (value > 0) { diameter = value; setRadius(); } }), ' Å'),
      labelled('Contrast', number(3, 'Contrast in standard deviations', attempt(value => view.adjust({ sigma: value }))), ' σ'),
      labelled('Low-pass', number(0, 'Finest resolution shown in Å; 0 for all', attempt(value => view.adjust({ lowpass: value }))), ' Å'),
      labelled('High-pass', number(0, 'Coarsest resolution shown in Å; 0 for all', attempt(value => view.adjust({ highpass: value }))), ' Å'),
      labelled('Colour by', column), labelled('from', least, leastTold)),
    element('div', { className: 'row' }, ...actions, told),
    element('div', { className: 'picking' }, list, canvas),
    element('p', { className: 'unit', textContent: isEditable
      ? 'Click makes a pick, drag moves it, right click or Delete takes it away. Drag with Shift, Ctrl or the middle button shifts the micrograph, the wheel zooms. Every change is saved.'
      : 'Drag shifts the micrograph, the wheel zooms.' }));
  drawList();
  if (listing.micrographs.length) await attempt(choose)(0);
  else told.textContent = 'This job has no micrographs.';
  return { leave: () => { isGone = true; } };
}
