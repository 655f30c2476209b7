// A dialog that lets one choose a file of the project.

import { element, get } from '../server.js';
import { sizeText } from './size.js';

const shownAtMost = 2000;

function style() {
  if (!document.querySelector('link[href="/files/browse.css"]')) document.head.append(element('link', { rel: 'stylesheet', href: '/files/browse.css' }));
}

/** Lets the user choose a file that fits the pattern, such as `MRC files (*.mrc)`, beginning where `path` (a file or folder) lies.
 * A name with wildcards may be written, too. Answers with the chosen path, or null. */
export async function browse({ path = '', pattern = '' } = {}) {
  style();
  const way = element('div', { className: 'way' }), list = element('ul', { 'aria-label': 'Files' });
  const name = element('input', { type: 'text', placeholder: 'file, or a pattern such as *.tiff', 'aria-label': 'File name', spellcheck: false, autocomplete: 'off' });
  const every = element('input', { type: 'checkbox' });
  const choose = element('button', { className: 'main', textContent: 'Choose' });
  const form = element('form', { method: 'dialog' }, way, list, element('div', { className: 'end' }, name,
    ...(pattern ? [element('label', {}, every, ' all files')] : []), element('button', { type: 'button', textContent: 'Cancel', onclick: () => dialog.close() }), choose));
  const dialog = element('dialog', { className: 'browse', 'aria-label': 'Choose a file' }, form);
  let folder = '', chosen = null, turn = 0, written = '';
  document.body.append(dialog);

  const inFolder = file => folder ? `${folder}/${file}` : file;
  const take = file => { chosen = inFolder(file); dialog.close(); };

  function drawWay() {
    const parts = folder.split('/').filter(Boolean);
    const step = (text, target) => element('button', { type: 'button', textContent: text, onclick: () => go(target) });
    way.replaceChildren(step('project', ''), ...parts.flatMap((part, i) => [element('span', { textContent: '/' }), step(part, parts.slice(0, i + 1).join('/'))]));
  }

  function line(entry) {
    const button = element('button', { type: 'button', 'aria-pressed': 'false' },
      element('span', { textContent: entry.isFolder ? '▸' : '' }), element('span', { textContent: entry.name, title: entry.name }),
      element('small', { textContent: entry.isFolder ? '' : sizeText(entry.bytes) }),
      element('small', { textContent: new Date(entry.modified * 1000).toISOString().slice(0, 16).replace('T', ' ') }));
    if (entry.isFolder) button.onclick = () => go(inFolder(entry.name));
    else {
      button.onclick = () => {
        name.value = written = entry.name;
        for (const other of list.querySelectorAll('[aria-pressed=true]')) other.setAttribute('aria-pressed', 'false');
        button.setAttribute('aria-pressed', 'true');
      };
      button.ondblclick = () => take(entry.name);
    }
    return element('li', {}, button);
  }

  /** Shows a folder; false where there is none. */
  async function go(target) {
    const mine = ++turn;
    try {
      const found = await get('folder', { path: target, pattern: every.checked ? '' : pattern });
      if (mine !== turn) return true;
      folder = target;
      drawWay();
      list.replaceChildren(...found.entries.slice(0, shownAtMost).map(line));
      if (found.total > shownAtMost) list.append(element('li', { textContent: `and ${found.total - shownAtMost} more` }));
      if (found.total === 0) list.append(element('li', { textContent: pattern && !every.checked ? `Nothing here fits ${pattern}.` : 'The folder is empty.' }));
      if (name.value === written) name.value = written = '';
      return true;
    } catch (error) {
      if (mine === turn) list.replaceChildren(element('li', { className: 'problems', textContent: error.message }));
      return false;
    }
  }

  every.onchange = () => go(folder);
  list.onkeydown = event => {
    const buttons = [...list.querySelectorAll('button')], step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  };
  form.onsubmit = () => { if (name.value) chosen = inFolder(name.value); };
  dialog.showModal();
  name.focus();
  const closed = new Promise(resolve => dialog.addEventListener('close', () => { dialog.remove(); resolve(chosen); }));
  // The folder of the present value, or the nearest above it that is there.
  let start = path.includes('/') ? path.replace(/\/[^/]*$/, '') : '';
  while (!await go(start) && start) start = start.includes('/') ? start.replace(/\/[^/]*$/, '') : '';
  return closed;
}
