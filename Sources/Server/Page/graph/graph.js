// The project's jobs as a flow chart: drag to move, wheel or + and − to zoom, click to open a job.

import { element, get, useStyle } from '../server.js';
import { shape } from '../results/plot.js';

export async function showGraph(page, current) {
  useStyle('graph/graph');
  const svg = shape('svg', { class: 'graph', tabindex: '0', role: 'group', 'aria-label': 'Flow chart of the jobs' });
  const button = (textContent, title, onclick) => element('button', { textContent, title, onclick });
  page.append(element('h1', { textContent: 'Flow chart' }),
    element('div', { className: 'row' }, button('+', 'closer', () => zoom(1.25)), button('−', 'farther', () => zoom(0.8)), button('Whole', 'show all jobs', () => { fit(); }),
      ...['Succeeded', 'Running', 'Scheduled', 'Failed', 'Aborted'].map(status => element('span', {}, element('span', { className: `mark ${status}` }), ` ${status.toLowerCase()}`))), svg);
  let chart = null, view = null, drag = null, isGone = false;

  const apply = () => svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
  const shapeOfView = () => svg.clientHeight / Math.max(1, svg.clientWidth);

  function fit() {
    const width = Math.max(chart.width + 40, (chart.height + 40) / shapeOfView(), 300);
    view = { x: (chart.width - width) / 2, y: -20, width, height: width * shapeOfView() };
    apply();
  }

  /** Keeps the point of the chart that is at (u, v), from 0 to 1, where it is. */
  function zoom(factor, u = 0.5, v = 0.5) {
    const width = Math.max(150, Math.min(20 * (chart.width + 100), view.width / factor)), height = width * shapeOfView();
    view = { x: view.x + (view.width - width) * u, y: view.y + (view.height - height) * v, width, height };
    apply();
  }

  function begin() {
    fit();
    // Of a long project the newest jobs, or the one that was asked for, at a size that can be read.
    const node = chart.nodes.find(found => found.job.name === current) || chart.nodes.at(-1);
    if (!node || view.width < 1.8 * svg.clientWidth) return;
    const width = 1.2 * svg.clientWidth, height = width * shapeOfView();
    view = { x: node.x - width / 2, y: node.y - height * (node.job.name === current ? 0.5 : 0.8), width, height };
    apply();
  }

  function draw() {
    // Upright at the ends, in between towards the point after the next.
    const slope = (points, i) => i === 0 || i === points.length - 1 ? 0 : (points[i + 1][0] - points[i - 1][0]) / (points[i + 1][1] - points[i - 1][1]);
    const curve = points => points.map(([x, y], i) => {
      if (i === 0) return `M${x},${y}`;
      const [a, b] = points[i - 1], third = (y - b) / (points.length === 2 ? 2 : 3);
      return `C${a + slope(points, i - 1) * third},${b + third} ${x - slope(points, i) * third},${y - third} ${x},${y}`;
    }).join('');
    const related = new Set(chart.edges.filter(edge => chart.nodes[edge.from].job.name === current || chart.nodes[edge.to].job.name === current));
    svg.replaceChildren(
      ...chart.edges.map(edge => {
        const end = edge.isTurned ? edge.points[0] : edge.points.at(-1), back = edge.isTurned ? 7 : -7, title = shape('title');
        title.textContent = edge.files.join('\n');
        return shape('g', { class: `edge${related.has(edge) ? ' near' : ''}` }, title, shape('path', { d: curve(edge.points) }),
          shape('path', { class: 'tip-of', d: `M${end[0]},${end[1]}l-4,${back}h8z` }));
      }),
      ...chart.nodes.map(({ job, x, y, width, height }) => {
        const line = (text, dy, kind) => { const made = shape('text', { x, y: y + dy, class: kind }); made.textContent = text; return made; };
        const type = job.type.replace('relion.', '');
        const link = shape('a', { href: `#/job/${job.name}`, class: `node ${job.status}${job.name === current ? ' here' : ''}`, 'aria-label': `${job.alias || job.name}, ${type}, ${job.status}` },
          shape('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: 6 }), line((job.alias || job.name).replace(/\/$/, ''), -3, 'name'), line(`${type} · ${job.status.toLowerCase()}`, 12, 'type'));
        return link;
      }));
  }

  async function load() {
    const found = await get('graph');
    if (isGone) return;
    const isFirst = !chart;
    chart = found;
    draw();
    if (isFirst) begin();
  }

  svg.addEventListener('wheel', event => {
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.0015), (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }, { passive: false });
  svg.addEventListener('pointerdown', event => { if (event.button === 0) drag = { x: event.clientX, y: event.clientY, from: { ...view }, moved: false }; });
  svg.addEventListener('pointermove', event => {
    if (!drag) return;
    const scale = view.width / svg.clientWidth, dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    if (!drag.moved) { drag.moved = true; svg.setPointerCapture(event.pointerId); }
    view = { ...view, x: drag.from.x - dx * scale, y: drag.from.y - dy * scale };
    apply();
  });
  svg.addEventListener('pointerup', () => { const moved = drag?.moved; drag = null; if (moved) svg.addEventListener('click', stop, { capture: true, once: true }); setTimeout(() => svg.removeEventListener('click', stop, { capture: true }), 0); });
  const stop = event => event.preventDefault();
  svg.addEventListener('dragstart', event => event.preventDefault());
  svg.addEventListener('keydown', event => {
    const step = view.width / 10, moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; apply(); event.preventDefault(); }
    else if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') fit();
  });
  const watch = new ResizeObserver(() => { if (view) { view.height = view.width * shapeOfView(); apply(); } });
  watch.observe(svg);
  await load();
  return { changed: () => load().catch(() => {}), leave() { isGone = true; watch.disconnect(); } };
}
