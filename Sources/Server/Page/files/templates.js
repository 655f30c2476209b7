// Settings kept under names: a line of the form that loads, saves and deletes them.

import { element, get, post } from '../server.js';

/** - type: label of the job type
 *  - request(): what the form stands at, as the form calls send it
 *  - use(values): puts a template's values into the form
 *  - tell(text): says what went wrong */
export function templateLine({ type, isReadOnly, request, use, tell }) {
  let known = [];
  const select = element('select', { 'aria-label': 'Templates' });
  const save = element('button', { type: 'button', textContent: 'Save as template', disabled: isReadOnly });
  const remove = element('button', { type: 'button', textContent: 'Delete template', hidden: true, disabled: isReadOnly });
  const line = element('span', { className: 'row' }, select, save, remove);

  function draw(found, chosen = '') {
    known = found.templates;
    select.replaceChildren(element('option', { value: '', textContent: known.length ? 'Templates …' : 'no templates' }),
      ...known.map(template => element('option', { value: template.name, textContent: template.name })));
    select.disabled = !known.length;
    select.value = chosen;
    remove.hidden = !chosen;
    if (found.problems.length) tell(found.problems.map(problem => problem.text).join('\n'));
  }

  async function attempt(work) {
    try { await work(); } catch (error) { tell(error.message); }
  }

  select.onchange = () => {
    const template = known.find(each => each.name === select.value);
    remove.hidden = !template;
    if (template) use(template.values);
  };
  save.onclick = () => attempt(async () => {
    const name = prompt('Keep these settings under this name:', select.value);
    if (name) draw(await post('templates/save', { ...request(), name }), name);
  });
  remove.onclick = () => attempt(async () => {
    if (confirm(`Delete the template “${select.value}”?`)) draw(await post('templates/delete', { type, name: select.value }));
  });
  draw({ templates: [], problems: [] });
  attempt(async () => draw(await get('templates', { type })));
  return line;
}
