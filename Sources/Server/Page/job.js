// One job: what went wrong first, its files, logs, note and what can be done with it.

import { address, element, get, log, post } from './server.js';
import { fileAddress } from './viewers/address.js';
import { showResults } from './results/results.js';

const files = (title, nodes, linkOf) => nodes.length === 0 ? [] : [element('h2', { textContent: title }),
  element('table', {}, ...nodes.map(node => element('tr', {},
    element('td', {}, node.isThere ? element('a', { href: fileAddress(node.name), textContent: node.name }) : node.name, node.isThere ? '' : element('span', { className: 'Failed', textContent: '  not there' })),
    element('td', {}, ...linkOf(node).map(name => element('a', { href: `#/job/${name}`, textContent: name + ' ' }))))))];

function gallery(nodes) {
  const images = nodes.filter(node => node.isThere && /\.mrcs$/.test(node.name)).flatMap(node =>
    Array.from({ length: 24 }, (_, index) => {
      const image = element('img', { loading: 'lazy', alt: `${node.name}, image ${index + 1}`, title: `${index + 1}`, src: address('picture', { path: node.name, index, size: 192 }) });
      image.onerror = () => image.remove();
      return image;
    }));
  return images.length ? [element('h2', { textContent: 'Images' }), element('div', { className: 'gallery' }, ...images)] : [];
}

export async function showJob(page, name, isReadOnly) {
  const top = element('div'), found = element('div'), links = element('div'), logs = element('div'), below = element('div');
  page.append(top, found, links, logs, below);
  const results = showResults(found, name);
  const streams = { out: { title: 'Output', next: undefined }, err: { title: 'Errors', next: undefined } };
  for (const stream of Object.values(streams)) {
    stream.text = element('pre', { tabIndex: 0 });
    stream.part = element('section', { hidden: true }, element('h2', { textContent: stream.title }), stream.text);
    logs.append(stream.part);
  }
  let isGone = false, timer = 0, status = '';

  async function act(action, content = {}, question) {
    try {
      if (question !== undefined) {
        const plan = await post(`job/${action}`, { job: name, ...content, isDryRun: true });
        if (!confirm(`${question}\n\n${plan.lines.slice(0, 30).join('\n')}${plan.lines.length > 30 ? `\nand ${plan.lines.length - 30} more` : ''}`)) return;
      }
      await post(`job/${action}`, { job: name, ...content });
      if (action === 'delete') location.hash = '#/'; else await draw();
    } catch (error) { alert(error.message); }
  }

  function ask(action, question, present = '') {
    const text = prompt(question, present);
    if (text !== null) act(action, { text });
  }

  function actions(job) {
    const button = (textContent, onclick) => element('button', { textContent, onclick, disabled: isReadOnly });
    const link = (kind, text) => element('a', { href: `#/${kind}/${job.name}`, textContent: text });
    const list = [link('copy', 'New job with these settings'), link('graph', 'Flow chart')];
    if (/^relion\.(class2d|class3d|initialmodel|select\.interactive)/.test(job.type)) list.unshift(link('select', job.type.startsWith('relion.select') ? 'Select again' : 'Select classes'));
    if (/^relion\.(manualpick|autopick)/.test(job.type)) list.unshift(link('picking', job.type.startsWith('relion.manualpick') ? 'Pick' : 'See picks'));
    if (job.status === 'Running') list.push(button('Abort', () => act('abort')), button('Stop now', () => confirm('Stop its processes at once?') && act('abort', { isNow: true })));
    else list.push(link(job.status === 'Scheduled' ? 'copy' : 'continue', job.status === 'Scheduled' ? 'Run' : 'Continue'));
    list.push(button('Alias', () => ask('alias', 'Another name for this job; empty takes it away.', job.alias?.split('/')[1] || '')),
      button('Note', () => ask('note', 'A line to add to the note.')),
      button('Mark finished', () => act('mark', { text: 'finished' })), button('Mark failed', () => act('mark', { text: 'failed' })),
      button('Clean', () => act('clean', {}, 'Move these files to the trash?')),
      button('Delete', () => act('delete', {}, 'Move these jobs to the trash? They come back with “relion job undelete”.')));
    return element('div', { className: 'row' }, ...list);
  }

  async function draw() {
    const told = await get('job', { job: name });
    if (isGone) return;
    const { job } = told;
    status = job.status;
    top.replaceChildren(element('h1', {}, element('span', { className: `mark ${job.status}` }), ` ${job.alias || job.name} `),
      element('div', { textContent: `${job.name} · ${job.type} · ${job.status}${told.runBy ? ' · run by ' + told.runBy : ''}` }),
      ...(told.reason ? [element('div', { className: 'problems', role: 'alert', textContent: told.reason })] : []),
      actions(job));
    links.replaceChildren(...files('Made from', told.inputs, node => node.producer ? [node.producer] : []),
      ...files('Made', told.outputs, node => node.users));
    below.replaceChildren(...gallery(told.outputs),
      ...(told.note ? [element('h2', { textContent: 'Note' }), element('pre', { textContent: told.note })] : []),
      element('h2', { textContent: 'Settings' }),
      element('table', {}, ...Object.entries(told.settings).map(([key, value]) => element('tr', {}, element('td', { textContent: key }), element('td', { textContent: value })))));
  }

  async function read() {
    clearTimeout(timer);
    for (const [key, stream] of Object.entries(streams)) {
      const piece = await log(name, key, stream.next).catch(() => null);
      if (isGone) return;
      if (!piece) continue;
      if (piece.next < (stream.next ?? 0)) stream.text.textContent = '';
      stream.next = piece.next;
      if (!piece.text) continue;
      stream.part.hidden = false;
      const isAtEnd = stream.text.scrollTop + stream.text.clientHeight > stream.text.scrollHeight - 20;
      // A progress bar writes over its own line.
      stream.text.textContent = (stream.text.textContent + piece.text).replace(/[^\n]*\r(?!\n)/g, '').slice(-400000);
      if (isAtEnd) stream.text.scrollTop = stream.text.scrollHeight;
    }
    if (status === 'Running') timer = setTimeout(read, 1000);
  }

  await draw();
  read();
  return { changed: () => { results.changed(); draw().then(read).catch(() => {}); }, leave: () => { isGone = true; clearTimeout(timer); results.leave(); } };
}
