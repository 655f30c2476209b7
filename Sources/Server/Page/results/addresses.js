// Addresses of other pages with values filled in.

export const tableAddress = (path, values = {}) => `#/table/${path.split('/').map(encodeURIComponent).join('/')}?${new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''))}`;

/** The form of a Select job that keeps rows whose value lies in a range. */
export function selectAddress(path, block, label, [low, high]) {
  const isMicrographs = block === 'micrographs';
  return `#/new/relion.select?${new URLSearchParams({
    [isMicrographs ? 'fn_mic' : 'fn_data']: path, do_select_values: 'Yes', select_label: label, select_minval: low, select_maxval: high })}`;
}
