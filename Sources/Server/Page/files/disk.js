// What takes space on the disk, job by job.

import { element, get } from '../server.js';
import { sizeText } from './size.js';

export async function showDisk(page) {
  page.append(element('h1', { textContent: 'What takes space' }));
  const wait = element('p', { textContent: 'Adding up …' });
  page.append(wait);
  const { folders, free } = await get('disk');
  const sum = folders.reduce((total, folder) => total + folder.bytes, 0), largest = Math.max(1, ...folders.map(folder => folder.bytes));
  wait.textContent = `${sizeText(sum)} in all${free === undefined ? '' : `, ${sizeText(free)} free on the disk`}. “Clean” on a job's page moves what is not needed any more to the trash; “relion project empty-trash” empties it.`;
  page.append(element('table', {}, ...folders.map(({ name, bytes }) => element('tr', {},
    element('td', {}, /job\d+\/$/.test(name) ? element('a', { href: `#/job/${name}`, textContent: name }) : name),
    element('td', { style: 'text-align: right; white-space: nowrap', textContent: sizeText(bytes) }),
    element('td', {}, element('meter', { min: 0, max: largest, value: bytes, 'aria-label': `${name}: ${sizeText(bytes)}` }))))));
}
