// A job's form: fields from the catalogue, checked by the server as they change.

import { element, post } from './server.js';
import { templateLine } from './files/templates.js';

export async function showForm(page, start, isReadOnly) {
  const values = { ...start.values };
  let tab = 0, form = await post('form', start), timer = 0, turn = 0;
  const request = () => ({ ...start, values });

  const head = element('div'), tabs = element('div', { role: 'tablist' }), fields = element('div');
  const buttons = element('div', { className: 'row' }), findings = element('div', { 'aria-live': 'polite' }), commands = element('pre', { hidden: true });
  page.append(head, buttons, tabs, fields, findings, commands);
  head.append(element('h1', { textContent: start.job ? `${start.isContinue ? 'Continue' : 'As'} ${start.job}` : form.type.replace('relion.', '') }),
    element('div', { textContent: form.summary }));

  const alias = element('input', { placeholder: 'alias', 'aria-label': 'Alias' });
  async function run(schedule) {
    for (const button of buttons.querySelectorAll('button')) button.disabled = true;
    try {
      const job = await post('run', { ...request(), schedule, alias: alias.value });
      location.hash = `#/job/${job.name}`;
    } catch (error) {
      tell(error.problems.length ? error.problems : [{ text: error.message }]);
      for (const button of buttons.querySelectorAll('button')) button.disabled = false;
    }
  }
  const runButton = element('button', { className: 'main', textContent: start.isContinue ? 'Continue' : 'Run', onclick: () => run(false) });
  const schedule = element('button', { textContent: 'Schedule', onclick: () => run(true) });
  const print = element('button', { textContent: 'Print command', onclick: () => { commands.hidden = !commands.hidden; } });
  if (isReadOnly) runButton.disabled = schedule.disabled = true;
  buttons.append(runButton, ...(start.isContinue ? [] : [schedule]), print, ...(start.isContinue ? [] : [alias]),
    templateLine({
      type: form.type, isReadOnly, request, tell: text => tell([{ text }]),
      use: async found => { Object.assign(values, found); await check(); choose(tab); },
    }));

  function tell(problems) {
    findings.replaceChildren();
    if (problems.length) findings.append(element('div', { className: 'problems' }, ...problems.map(p => element('div', { textContent: p.text }))));
  }

  function change(key, value) {
    values[key] = value;
    clearTimeout(timer);
    timer = setTimeout(check, 150);
  }

  async function check() {
    const mine = ++turn;
    try {
      const now = await post('form', request());
      if (mine !== turn) return;    // a later change is on its way
      form = now;
      update();
    } catch (error) { tell([{ text: error.message }]); }
  }

  function control(field, id) {
    const common = { id, disabled: !field.isEditable };
    const given = values[field.key] ?? field.value;
    if (field.kind === 'boolean') return element('input', { ...common, type: 'checkbox', checked: given === 'Yes', onchange: e => change(field.key, e.target.checked ? 'Yes' : 'No') });
    if (field.kind === 'radio') {
      const select = element('select', { ...common, onchange: e => change(field.key, e.target.value) }, ...field.choices.map(c => element('option', { textContent: c })));
      select.value = given;
      return select;
    }
    const input = element('input', { ...common, type: 'text', value: given, spellcheck: false, autocomplete: 'off', oninput: e => change(field.key, e.target.value) });
    if (field.kind === 'number') input.inputMode = 'decimal';
    if (field.offers?.length) input.setAttribute('list', id + '-offers');
    return input;
  }

  async function chooseFile(field, id) {
    const { browse } = await import('./files/browse.js'), input = document.getElementById(id);
    const path = await browse({ path: input.value, pattern: field.pattern || '' });
    input.focus();
    if (path === null) return;
    input.value = path;
    change(field.key, path);
  }

  function line(field) {
    const id = 'field-' + field.key, help = element('div', { className: 'help', hidden: true, textContent: field.help });
    const hint = element('span', { className: 'hint' }, element('span', { className: 'unit', textContent: field.unit || '' }),
      ...(field.kind === 'file' || field.kind === 'node' ? [element('button', {
        type: 'button', className: 'browse-files', textContent: 'Browse', 'aria-label': 'Browse for ' + field.label, onclick: () => chooseFile(field, id) })] : []),
      element('button', { textContent: '?', title: 'What is this?', 'aria-label': 'Help on ' + field.label, onclick: () => { help.hidden = !help.hidden; } }));
    const row = element('div', { className: 'field' }, element('label', { htmlFor: id, textContent: field.label }), control(field, id), hint);
    if (field.offers?.length) row.append(element('datalist', { id: id + '-offers' }, ...field.offers.map(o => element('option', { value: o }))));
    row.append(element('div', { className: 'problem' }), help);
    row.dataset.key = field.key;
    return row;
  }

  /** States of the fields as they stand; what is being typed is left alone. */
  function update() {
    const known = new Map(form.tabs[tab].fields.map(field => [field.key, field]));
    for (const row of fields.children) {
      const field = known.get(row.dataset.key);
      if (!field) continue;
      row.classList.toggle('off', !field.isEditable);
      row.classList.toggle('changed', (values[field.key] ?? field.value) !== field.default);
      row.title = `default: ${field.default || 'empty'}`;
      for (const part of row.querySelectorAll('input, select, .browse-files')) part.disabled = !field.isEditable;
      row.querySelector('.problem').textContent = form.problems.filter(p => p.place === field.key).map(p => `${p.expected ? 'Expected ' + p.expected : p.found}. ${p.remedy}`).join(' ');
    }
    tell(form.problems);
    commands.textContent = form.commands.join('\n') || 'There is no command yet; see the findings.';
  }

  function choose(index) {
    tab = index;
    tabs.replaceChildren(...form.tabs.map((t, i) => element('button', {
      role: 'tab', 'aria-selected': String(i === tab), tabIndex: i === tab ? 0 : -1, textContent: t.name, onclick: () => choose(i),
      onkeydown: e => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
        if (step) { choose((i + step + form.tabs.length) % form.tabs.length); tabs.children[tab].focus(); }
      } })));
    fields.replaceChildren(...form.tabs[tab].fields.map(line));
    update();
  }
  choose(0);
  return { leave: () => clearTimeout(timer) };
}
