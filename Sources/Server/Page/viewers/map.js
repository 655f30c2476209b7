// Maps: three sections that share a crosshair, an isosurface, a montage, a second map beside it.

import { Camera } from '../map/camera.js';
import { MapPane } from './map-pane.js';
import { element, get, useStyle } from '../server.js';

/** What the panes of a page share: the place of the crosshair (0 to 1 along x, y, z), the camera and how sections are shown. */
class MapState extends EventTarget {
  place = [0.5, 0.5, 0.5];
  camera = new Camera();
  sigma = 4;
  isMontage = false;
  montageAxis = 2;
  clip = 0;

  change(values) {
    Object.assign(this, values);
    this.dispatchEvent(new Event('change'));
  }
}

/** Maps that one may want beside or on this one: those made and used by the same job. */
async function relatives(path) {
  const job = path.split('/').slice(0, 2).join('/') + '/';
  const found = await get('job', { job }).catch(() => ({ inputs: [], outputs: [] }));
  const names = [...found.outputs, ...found.inputs].filter(node => node.isThere && /\.(mrc|map)$/.test(node.name)).map(node => node.name);
  const half = /half1/.test(path) ? path.replace('half1', 'half2') : /half2/.test(path) ? path.replace('half2', 'half1') : null;
  return [...new Set([...(half ? [half] : []), ...names])].filter(name => name !== path);
}

/** With `isPart` the page has its heading already. */
export async function showMap(page, path, { values, isPart = false }) {
  useStyle('viewers/map');
  page.classList.add('map-page');
  const state = new MapState(), panes = [], others = await relatives(path);
  const list = element('datalist', { id: 'maps-beside' }, ...others.map(value => element('option', { value })));
  const row = element('div', { className: 'map-panes' });

  const labelled = (text, control) => element('label', {}, text + ' ', control);
  const fileField = (text, onchange, value = '') => labelled(text, element('input', {
    value, placeholder: 'map of the project', 'aria-label': text, onchange: e => onchange(e.target.value.trim()), ...({ list: 'maps-beside' }) }));
  const sigma = element('input', { type: 'range', min: '0.5', max: '12', step: '0.1', value: String(state.sigma), 'aria-label': 'Contrast of sections',
    oninput: e => state.change({ sigma: Number(e.target.value) }) });
  const montage = element('input', { type: 'checkbox', onchange: e => state.change({ isMontage: e.target.checked }) });
  const axis = element('select', { 'aria-label': 'Axis of the montage', onchange: e => state.change({ montageAxis: Number(e.target.value) }) },
    ...['x', 'y', 'z'].map((name, i) => element('option', { value: String(i), textContent: name, selected: i === 2 })));
  const clip = element('input', { type: 'range', min: '0', max: '1', step: '0.01', value: '0', 'aria-label': 'Cut the surface from the front',
    oninput: e => state.change({ clip: Number(e.target.value) }) });

  async function add(name) {
    const pane = new MapPane(row, name, state);
    panes.push(pane);
    await pane.open();
    return pane;
  }

  async function beside(name) {
    while (panes.length > 1) panes.pop().close();
    if (name) await add(name).catch(error => { panes.pop().close(); tell(error); });
  }
  const notice = element('div', { role: 'alert' });
  const tell = error => notice.append(element('div', { className: 'problems', textContent: error.message }));
  const attempt = work => async name => { try { await work(name); } catch (error) { tell(error); } };
  const change = work => name => { notice.replaceChildren(); return attempt(work)(name); };

  page.append(...(isPart ? [] : [element('h1', { textContent: path })]), element('div', { className: 'row' },
    fileField('Beside', change(beside), values.beside || ''), fileField('Colour by', change(name => panes[0].colourBy(name)), values.colour || ''),
    fileField('Overlay', change(name => panes[0].overlay(name)), values.mask || ''),
    labelled('Contrast', sigma), labelled('Cut', clip), labelled('Montage', montage), axis), list, notice, row);
  await add(path);
  if (values.beside) await attempt(beside)(values.beside);
  if (values.colour) await attempt(name => panes[0].colourBy(name))(values.colour);
  if (values.mask) await attempt(name => panes[0].overlay(name))(values.mask);
  return { leave: () => { for (const pane of panes) pane.close(); } };
}
