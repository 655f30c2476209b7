// Schemes: those of the project, where each is, its flow chart and variables; run, stop, answer, reset.

import { element, get, post, useStyle } from '../server.js';
import { shape } from '../results/plot.js';

export async function showSchemes(page, name, { isReadOnly }) {
  useStyle('graph/graph');
  useStyle('schemes/schemes');
  return name ? showScheme(page, name, isReadOnly) : showList(page, isReadOnly);
}

async function showList(page, isReadOnly) {
  const body = element('div'), told = element('output', { role: 'alert', className: 'Failed' });
  page.append(element('h1', { textContent: 'Schemes' }), element('p', { className: 'faint', textContent: 'A scheme runs jobs one after the other, waits, decides and repeats.' }), body, told);
  async function draw() {
    const { schemes, templates } = await get('schemes');
    body.replaceChildren(
      ...(schemes.length ? [element('table', {}, ...schemes.map(scheme => element('tr', {}, element('td', {}, element('a', { href: `#/schemes/${scheme.name}`, textContent: scheme.name })),
        element('td', { className: scheme.isRunning ? 'Running' : '', textContent: scheme.standing }), element('td', { textContent: `${scheme.jobs} jobs` }))))] : [element('p', { textContent: 'The project has none yet.' })]),
      ...templates.map(template => element('div', { className: 'row' }, element('button', { textContent: `Add ${template.name}`, disabled: isReadOnly, onclick: async () => {
        try { await post('scheme/install', { name: template.name }); location.hash = `#/schemes/${template.name}`; } catch (error) { told.textContent = error.message; }
      } }), template.summary)));
  }
  await draw();
  const timer = setInterval(() => draw().catch(() => {}), 5000);
  return { changed: () => draw().catch(() => {}), leave: () => clearInterval(timer) };
}

/** From the middle of a box to its rim, straight where the layout has no turns. */
function chart(scheme) {
  const svg = shape('svg', { class: 'graph scheme-chart', viewBox: `-20 -20 ${scheme.width + 40} ${scheme.height + 40}`, role: 'group', 'aria-label': 'Flow chart of the scheme' });
  for (const { points, condition, isTurned } of scheme.edges) {
    const end = isTurned ? points[0] : points.at(-1), back = isTurned ? 7 : -7, middle = points[Math.floor((points.length - 1) / 2)], next = points[Math.floor((points.length - 1) / 2) + 1] ?? middle;
    const text = shape('text', { x: (middle[0] + next[0]) / 2, y: (middle[1] + next[1]) / 2, class: 'condition' });
    text.textContent = condition.replace(/^!(.*)/, 'not $1');
    svg.append(shape('g', { class: 'edge' }, shape('path', { d: 'M' + points.map(p => p.join(',')).join('L') }), shape('path', { class: 'tip-of', d: `M${end[0]},${end[1]}l-4,${back}h8z` }), text));
  }
  for (const node of scheme.nodes) {
    const line = (text, dy, kind) => { const made = shape('text', { x: node.x, y: node.y + dy, class: kind }); made.textContent = text; return made; };
    const title = shape('title');
    title.textContent = `${node.name}: ${node.text}`;
    const box = shape(node.job ? 'a' : 'g', { class: `node ${node.kind === 'job' ? (node.job ? 'Succeeded' : 'Scheduled') : 'operator'}${node.name === scheme.current ? ' here' : ''}`, ...(node.job ? { href: `#/job/${node.job}` } : {}) }, title,
      shape('rect', { x: node.x - node.width / 2, y: node.y - node.height / 2, width: node.width, height: node.height, rx: node.kind === 'job' ? 6 : 18 }), line(node.name, -3, 'name'), line(node.kind.slice(0, 28), 12, 'type'));
    svg.append(box);
  }
  return svg;
}

async function showScheme(page, name, isReadOnly) {
  const top = element('div'), picture = element('div', { className: 'scheme-picture' }), table = element('table', { className: 'scheme-variables' }), log = element('pre', { tabIndex: 0 });
  const told = element('output', { role: 'alert', className: 'Failed' }), keeps = element('input', { type: 'checkbox' });
  page.append(top, told, picture, element('h2', { textContent: 'Variables' }), element('label', {}, keeps, ' changes also hold after a reset'), table, element('h2', { textContent: 'Output' }), log);
  let drawn = '', timer = 0, isGone = false;
  const act = async (action, content = {}) => {
    told.textContent = '';
    try { await post(`scheme/${action}`, { name, ...content }); await draw(); } catch (error) { told.textContent = error.message; }
  };
  const button = (textContent, action, content, question) => element('button', { textContent, disabled: isReadOnly, onclick: () => { if (!question || confirm(question)) act(action, content); } });

  async function draw() {
    const scheme = await get('scheme', { name });
    if (isGone) return;
    const start = element('select', { 'aria-label': 'Start from', disabled: isReadOnly || scheme.isRunning }, element('option', { value: '', textContent: scheme.current ? `from ${scheme.current}` : 'from its beginning' }),
      ...scheme.nodes.map(node => element('option', { value: node.name, textContent: `from ${node.name}` })));
    const text = JSON.stringify(scheme);
    if (text === drawn) return;
    drawn = text;
    top.replaceChildren(element('h1', {}, element('a', { href: '#/schemes', textContent: 'Schemes' }), ` ${name}`), element('div', { className: scheme.isRunning ? 'Running' : 'faint', textContent: scheme.standing }),
      ...(scheme.question ? [element('div', { className: 'problems', role: 'alert' }, element('p', { textContent: scheme.question }), element('div', { className: 'row' }, button('Yes', 'answer', { isYes: true }), button('No', 'answer', { isYes: false })))] : []),
      ...(scheme.isStale ? [element('p', { textContent: 'The process that ran it has died. Run goes on where it was; Unlock only removes its lock, for which nothing else waits.' })] : []),
      element('div', { className: 'row' }, ...(scheme.isRunning ? [button('Abort', 'abort', {}, 'Stop the scheme and its job?')]
        : [element('button', { className: 'main', textContent: 'Run', disabled: isReadOnly, onclick: () => act('run', { from: start.value }) }), start, button('Reset', 'reset', {}, 'Set it back to its beginning? Jobs that it ran stay.')]),
      ...(scheme.isStale ? [button('Unlock', 'unlock')] : [])));
    picture.replaceChildren(chart(scheme));
    if (!table.contains(document.activeElement)) table.replaceChildren(...scheme.variables.map(variable => element('tr', {}, element('td', { textContent: variable.name }),
      element('td', {}, element('input', { value: variable.value, disabled: isReadOnly || scheme.isRunning, spellcheck: false, 'aria-label': variable.name, title: `after a reset: ${variable.resetValue}`,
        onchange: event => act('set', { values: { [variable.name]: event.target.value }, keeps: keeps.checked }) })), element('td', { className: 'faint', textContent: variable.kind === 'float' ? 'number' : variable.kind === 'bool' ? 'true or false' : 'text' }))));
    const isAtEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 20;
    log.textContent = scheme.log;
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
  await draw();
  timer = setInterval(() => draw().catch(() => {}), 2000);
  return { changed: () => draw().catch(() => {}), leave: () => { isGone = true; clearInterval(timer); } };
}
