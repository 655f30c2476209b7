// The server's API. Errors carry the server's sentences in `problems`.

async function answer(response) {
  if (response.ok) return response.json();
  const told = await response.json().catch(() => ({}));
  const error = new Error(told.error || `The server answered ${response.status}.`);
  error.problems = told.problems || [];
  throw error;
}

const query = values => new URLSearchParams(values).toString();

export const get = async (call, values = {}) => answer(await fetch(`/api/${call}?${query(values)}`));

export const post = async (call, content) =>
  answer(await fetch(`/api/${call}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) }));

/** A piece of a job's log from `offset` on; without, its end. */
export async function log(job, stream, offset) {
  const values = { job, stream };
  if (offset !== undefined) values.offset = offset;
  const response = await fetch(`/api/log?${query(values)}`);
  if (!response.ok) throw new Error(`The log cannot be read (${response.status}).`);
  return { text: await response.text(), next: Number(response.headers.get('X-Next-Offset')) };
}

/** Of a call that gives bytes: a picture, a surface. */
export const address = (call, values) => `/api/${call}?${query(values)}`;

/** Links a style sheet, once: `viewers/map` for `/viewers/map.css`. */
export function useStyle(name) {
  const href = `/${name}.css`;
  if (!document.querySelector(`link[href="${href}"]`)) document.head.append(element('link', { rel: 'stylesheet', href }));
}

/** Calls `changed` whenever the pipeline changes, and `connected(is it, what to tell)`; reconnects by itself. */
export function follow(changed, connected) {
  const lost = () => connected(false, 'connection lost – trying again');

  function open() {
    const events = new EventSource('/api/events');
    events.addEventListener('pipeline', changed);
    events.onopen = () => connected(true, '');
    events.onerror = () => {
      lost();
      if (events.readyState === EventSource.CLOSED) ask();
    };
  }

  /** A refusal ends an event source for good. Another start of the server has another token, which comes with its new address. */
  async function ask() {
    try {
      const response = await fetch('/', { method: 'HEAD' });
      if (response.ok) return open();
      if (response.status === 403) connected(false, 'The server was started anew: open the address that it printed.');
    } catch { lost(); }
    setTimeout(ask, 2000);
  }

  open();
}

/** An element with properties and children; text is never read as HTML. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && typeof value !== 'string' || ['className', 'textContent', 'value', 'href', 'type', 'id', 'htmlFor', 'title'].includes(key)) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}
