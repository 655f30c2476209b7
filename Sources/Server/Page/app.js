// The frame: job types, list of jobs, which page is shown.

import { element, follow, get } from './server.js';

/** Pages by the first part of the address behind `#/`, loaded when they are first shown. Each gets the page's element, the rest of
 * the address and { project, isReadOnly, values }: the values are those behind a question mark. It answers with
 * { changed(): the pipeline has changed, leave(): the page goes }, or nothing. */
const pages = {
  job: async (page, name, { isReadOnly }) => (await import('./job.js')).showJob(page, name, isReadOnly),
  new: async (page, type, { isReadOnly, values }) => (await import('./form.js')).showForm(page, { type, values }, isReadOnly),
  copy: async (page, job, { isReadOnly }) => (await import('./form.js')).showForm(page, { job }, isReadOnly),
  continue: async (page, job, { isReadOnly }) => (await import('./form.js')).showForm(page, { job, isContinue: true }, isReadOnly),
  schemes: async (page, name, given) => (await import('./schemes/schemes.js')).showSchemes(page, name, given),
  select: async (page, job, given) => (await import('./select/select.js')).showSelection(page, job, given),
  picking: async (page, job, given) => (await import('./picking/picking.js')).showPicking(page, job, given),
  map: async (page, path, given) => (await import('./viewers/map.js')).showMap(page, path, given),
  table: async (page, path, { values }) => (await import('./tables/table.js')).showTable(page, path, values),
  file: async (page, path, { values }) => (await import('./viewers/open.js')).showFile(page, path, { values }),
  gallery: async (page, path, { values }) => (await import('./viewers/gallery.js')).showGallery(page, path, values),
  graph: async (page, job) => (await import('./graph/graph.js')).showGraph(page, job),
  disk: async page => (await import('./files/disk.js')).showDisk(page),
};

const at = id => document.getElementById(id);
let project = { jobs: [], edges: [] };
let turn = 0;
let shown = null;    // what the page does when the pipeline changes, and when it goes

function drawJobs() {
  const words = at('search').value.toLowerCase().split(/\s+/).filter(Boolean), status = at('status').value;
  const fitting = project.jobs.filter(job => (!status || job.status === status)
    && words.every(word => `${job.name} ${job.alias || ''} ${job.type}`.toLowerCase().includes(word))).reverse();
  at('jobs').replaceChildren(...fitting.slice(0, 1000).map(job => {
    const link = element('a', { href: `#/job/${job.name}` },
      element('span', { className: `mark ${job.status}`, title: job.status }),
      element('span', { textContent: job.alias || job.name }),
      element('small', { textContent: `${job.alias ? job.name + ' · ' : ''}${job.status}` }));
    if (location.hash === `#/job/${job.name}`) link.className = 'here';
    return element('li', {}, link);
  }));
}

async function refresh() {
  project = await get('project');
  at('folder').replaceChildren(element('bdi', { textContent: project.folder }));    // cut at its beginning, read from left to right
  at('badge').hidden = !project.isReadOnly;
  document.title = `${project.folder.split('/').pop()} · relion`;
  drawJobs();
}

function welcome(page) {
  const counts = {};
  for (const job of project.jobs) counts[job.status] = (counts[job.status] || 0) + 1;
  page.append(element('h1', { textContent: 'Project' }),
    element('p', { textContent: Object.entries(counts).map(([status, count]) => `${count} ${status.toLowerCase()}`).join(', ') || 'There are no jobs yet. Begin with Import.' }),
    project.jobs.length ? element('p', {}, element('a', { href: '#/graph', textContent: 'Flow chart of the jobs' })) : '',
    element('p', {}, element('a', { href: '#/disk', textContent: 'What takes space' })),
    ...project.warnings.map(text => element('p', { className: 'Failed', textContent: text })));
}

async function route() {
  shown?.leave?.();
  shown = null;
  const page = element('div'), mine = ++turn;
  at('page').replaceChildren(page);
  const [place, query = ''] = location.hash.split('?'), [, kind = '', ...rest] = place.split('/');
  const name = decodeURIComponent(rest.join('/')), values = Object.fromEntries(new URLSearchParams(query));
  drawJobs();
  for (const link of at('types').children) link.classList.toggle('here', link.getAttribute('href') === location.hash);
  try {
    if (!Object.hasOwn(pages, kind)) return welcome(page);
    const made = await pages[kind](page, name, { project, isReadOnly: project.isReadOnly, values });
    if (mine === turn) shown = made;
    else made?.leave?.();    // another page was chosen while this one was loaded
  } catch (error) {
    page.append(element('div', { className: 'problems', role: 'alert', textContent: error.message }));
  }
}

async function start() {
  const [catalogue] = await Promise.all([get('catalogue'), refresh()]);
  at('types').replaceChildren(...catalogue.types.map(type => element('a', { href: `#/new/${type.label}`, title: type.summary, textContent: type.name })));
  addEventListener('hashchange', route);
  at('search').addEventListener('input', drawJobs);
  at('status').addEventListener('change', drawJobs);
  addEventListener('keydown', event => {
    if (event.key === '/' && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) { event.preventDefault(); at('search').focus(); }
  });
  follow(async () => { await refresh(); shown?.changed?.(); }, (_, text) => { at('connection').textContent = text; });
  route();
}

start().catch(error => at('page').append(element('div', { className: 'problems', textContent: error.message })));
