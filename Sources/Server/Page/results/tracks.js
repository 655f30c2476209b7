// How one movie moved: the whole of it in the middle plot, its patches at their places in the micrograph.

import { element, get } from '../server.js';
import { shape } from './plot.js';
import { curvesChart } from './charts.js';
import { told } from './scale.js';

export function tracksChart(host, first, job) {
  const field = element('input', { type: 'number', min: '1', max: String(first.count), 'aria-label': 'Movie', value: first.index + 1 });
  const name = element('span', { className: 'faint' }), body = element('div', { className: 'plots' });
  const step = by => { field.value = Math.max(1, Math.min(first.count, Number(field.value) + by)); show(Number(field.value) - 1); };
  host.append(element('div', { className: 'row' }, 'Movie', element('button', { textContent: '‹', title: 'the one before', onclick: () => step(-1) }), field,
    element('button', { textContent: '›', title: 'the next', onclick: () => step(1) }), `of ${first.count}`, name), body);
  field.addEventListener('change', () => show(Number(field.value) - 1));
  let charts = [], turn = 0;

  function draw(tracks) {
    for (const chart of charts) chart.remove();
    body.replaceChildren();
    name.textContent = tracks.title;
    const frames = tracks.whole.x.map((_, i) => i + 1);
    charts = [curvesChart(body, {
      title: 'Shift of the frames', x: { label: 'Frame' }, y: { label: 'Shift', unit: 'Å' },
      curves: [{ name: 'x', x: frames, y: tracks.whole.x }, { name: 'y', x: frames, y: tracks.whole.y }] })];
    body.append(picture(tracks));
  }

  async function show(index) {
    const mine = ++turn;
    try {
      const tracks = await get('results/tracks', { job, movie: index });
      if (mine === turn) draw(tracks);
    } catch (error) { if (mine === turn) name.textContent = error.message; }
  }

  draw(first);
  return { show(index) { field.value = index + 1; show(index); }, remove() { for (const chart of charts) chart.remove(); host.replaceChildren(); } };
}

/** Paths much enlarged; each begins with a dot where its patch lies. */
function picture({ size, whole, patches }) {
  const [width, height] = size, longer = Math.max(width, height);
  const reach = Math.max(1e-6, ...[whole, ...patches].flatMap(track => [...track.x, ...track.y].map(Math.abs)));
  const scale = longer * (patches.length ? 0.09 : 0.35) / reach;
  const path = (track, [left, top]) => shape('g', { class: 'track' }, shape('circle', { cx: left, cy: top, r: longer / 150 }),
    shape('path', { d: track.x.map((x, i) => `${i ? 'L' : 'M'}${(left + x * scale).toFixed(1)},${(top - track.y[i] * scale).toFixed(1)}`).join(''), 'vector-effect': 'non-scaling-stroke' }));
  const svg = shape('svg', { class: 'tracks', role: 'img', 'aria-label': 'Tracks of the movie and its patches', viewBox: `0 0 ${width} ${height}` },
    shape('rect', { width, height, class: 'frame', 'vector-effect': 'non-scaling-stroke' }), ...patches.map(track => path(track, [track.place[0], height - track.place[1]])));
  const main = path(whole, [width / 2, height / 2]);
  main.setAttribute('class', 'track whole');
  svg.append(main);
  return element('figure', { className: 'plot-figure' }, element('figcaption', { textContent: 'Tracks' }), svg,
    element('div', { className: 'summary', textContent: `${told(width)} × ${told(height)} Å; tracks are ${told(scale, 3)} times enlarged; thick: the whole movie` }));
}
