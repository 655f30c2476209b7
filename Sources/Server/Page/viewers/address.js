// Addresses of the viewers' pages.

/** `#/kind/path?values`, without empty values. */
export function address(kind, path, values = {}) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined && value !== null)).toString();
  return `#/${kind}/${path.split('/').map(encodeURIComponent).join('/')}${query ? '?' + query : ''}`;
}

export const fileAddress = path => address('file', path);
export const rawAddress = (path, values = {}) => `/api/raw?${new URLSearchParams({ path, ...values })}`;
