// The kinds of plots: curves and points, histograms with a range to choose, counts in boxes, scatter plots, tracks of movies.

import { element } from '../server.js';
import { Plot, shape, colours } from './plot.js';
import { axisTitle, told } from './scale.js';

const colourOf = index => index % colours + 1;

/** Curves, or points, over a common axis. `pick(index, x)` is called when a point is clicked; `nameOf(x)` tells more of a point. */
export function curvesChart(host, { title, x, y, curves, marks = [], pick, nameOf }) {
  const isHidden = new Set();
  const shown = () => curves.map((curve, index) => ({ ...curve, index })).filter(curve => !isHidden.has(curve.index));
  const plot = new Plot(host, {
    title, label: `${title}: ${axisTitle(y)} against ${axisTitle(x)}`,
    values: () => curvesTable(x, curves),
    data: () => ({ x, y, xs: [...shown().flatMap(curve => curve.x), ...marks.filter(mark => mark.axis === 'x').map(mark => mark.value)],
      ys: [...shown().flatMap(curve => curve.y.filter(value => value !== null)), ...marks.filter(mark => mark.axis === 'y').map(mark => mark.value)] }),
    draw(layer, scales) {
      for (const mark of marks) {
        const line = mark.axis === 'x' ? { x1: scales.x.at(mark.value), x2: scales.x.at(mark.value), y1: scales.y.from, y2: scales.y.to }
          : { x1: scales.x.from, x2: scales.x.to, y1: scales.y.at(mark.value), y2: scales.y.at(mark.value) };
        const isLeft = mark.axis === 'x' && line.x1 < scales.x.to - 60;
        layer.append(shape('line', { ...line, class: 'mark-line' }), plot.text(mark.label, isLeft ? line.x1 + 4 : line.x2 - 4, mark.axis === 'x' ? line.y2 + 10 : line.y1 - 4, isLeft ? 'start' : 'end', 'mark-label'));
      }
      for (const curve of shown()) layer.append(curve.isPoints ? points(curve, scales) : line(curve, scales));
    },
    note(px, py, scales) {
      const nearest = shown().map(curve => ({ curve, at: nearestIndex(curve, px, scales) })).filter(found => found.at >= 0);
      if (!nearest.length) return null;
      const first = nearest.reduce((a, b) => Math.abs(scales.x.at(a.curve.x[a.at]) - px) <= Math.abs(scales.x.at(b.curve.x[b.at]) - px) ? a : b);
      const value = first.curve.x[first.at];
      return { px: scales.x.at(value), lines: [`${x.label} ${scales.x.text(value)}`, ...(nameOf?.(value) ? [nameOf(value)] : []),
        ...nearest.filter(found => found.curve.x[found.at] === value).map(found => ({ colour: colourOf(found.curve.index), text: `${found.curve.name}: ${scales.y.text(found.curve.y[found.at])}${y.unit ? ' ' + y.unit : ''}` }))] };
    },
  });
  if (curves.length > 1) plot.legend.append(...curves.map((curve, index) => element('button', {
    className: `key-button${curve.isDashed ? ' dashed' : ''}`, 'aria-pressed': 'true',
    onclick(event) {
      if (isHidden.has(index)) isHidden.delete(index); else isHidden.add(index);
      event.currentTarget.setAttribute('aria-pressed', String(!isHidden.has(index)));
      plot.redraw();
    } }, element('span', { className: `key k${colourOf(index)}` }), curve.name)));
  if (pick) plot.body.addEventListener('click', event => {
    const [px] = plot.place(event), curve = shown()[0], index = curve ? nearestIndex(curve, px, plot.scales) : -1;
    if (index >= 0) pick(index, curve.x[index]);
  });
  return plot;
}

/** One column for each curve; where they have not the same places each its own two. */
function curvesTable(x, curves) {
  const isCommon = curves.every(curve => curve.x.length === curves[0].x.length && curve.x.every((value, i) => value === curves[0].x[i]));
  if (isCommon) return [[axisTitle(x), ...curves.map(curve => curve.name)], ...(curves[0]?.x || []).map((value, i) => [value, ...curves.map(curve => curve.y[i])])];
  return [['curve', axisTitle(x), 'value'], ...curves.flatMap(curve => curve.x.map((value, i) => [curve.name, value, curve.y[i]]))];
}

function nearestIndex(curve, px, scales) {
  let best = -1, distance = Infinity;
  for (let i = 0; i < curve.x.length; i += 1) {
    if (curve.y[i] === null) continue;
    const away = Math.abs(scales.x.at(curve.x[i]) - px);
    if (away < distance) { distance = away; best = i; }
  }
  return best;
}

function line(curve, { x, y }) {
  let path = '', isDown = false;
  const single = curve.y.filter(value => value !== null).length === 1;
  curve.x.forEach((value, i) => {
    if (curve.y[i] === null) { isDown = false; return; }
    path += `${isDown ? 'L' : 'M'}${x.at(value).toFixed(1)},${y.at(curve.y[i]).toFixed(1)}`;
    isDown = true;
  });
  const made = shape('g', { class: `curve k${colourOf(curve.index)}${curve.isDashed ? ' dashed' : ''}` }, shape('path', { d: path }));
  if (single || curve.x.length <= 40) curve.x.forEach((value, i) => { if (curve.y[i] !== null) made.append(shape('circle', { cx: x.at(value), cy: y.at(curve.y[i]), r: single ? 3 : 2 })); });
  return made;
}

/** One path of small strokes with round ends is drawn much faster than thousands of circles. */
function points(curve, { x, y }) {
  const path = curve.x.map((value, i) => curve.y[i] === null ? '' : `M${x.at(value).toFixed(1)},${y.at(curve.y[i]).toFixed(1)}h0`).join('');
  return shape('path', { d: path, class: `points k${colourOf(curve.index)}`, 'stroke-width': curve.x.length > 2000 ? 2.5 : 4.5 });
}

/** Bars. `choose(low, high)` is called when a range is drawn with the pointer or typed; with nulls when it is taken away. */
export function histogramChart(host, { title, x, counted, histogram, choose, range }) {
  const { counts, start, step } = histogram;
  let chosen = range || null, begin = null;
  const fields = choose ? ['from', 'to'].map(name => element('input', { type: 'number', step: 'any', 'aria-label': `${title}, ${name}`, placeholder: name })) : [];
  const plot = new Plot(host, {
    title, label: `Histogram: ${title}`, height: 210,
    values: () => [['from', 'to', counted], ...counts.map((count, i) => [start + i * step, start + (i + 1) * step, count])],
    data: () => ({ x: { ...x, low: undefined, high: undefined }, y: { label: counted, low: 0 }, xs: [start, start + step * counts.length], ys: [0, Math.max(1, ...counts)] }),
    draw(layer, scales) {
      counts.forEach((count, i) => {
        const from = scales.x.at(start + i * step), to = scales.x.at(start + (i + 1) * step), top = scales.y.at(count), middle = start + (i + 0.5) * step;
        const isIn = !chosen || (middle >= chosen[0] && middle <= chosen[1]);
        layer.append(shape('rect', { x: from + 0.5, width: Math.max(0.6, to - from - 1), y: top, height: Math.max(0, scales.y.from - top), class: isIn ? 'bar' : 'bar out' }));
      });
      if (chosen) {
        const [from, to] = chosen.map(value => Math.max(scales.x.from, Math.min(scales.x.to, scales.x.at(value))));
        layer.append(shape('rect', { x: from, width: Math.max(1, to - from), y: scales.y.to, height: scales.y.from - scales.y.to, class: 'brush' }));
      }
    },
    note(px, py, scales) {
      const bin = Math.floor((scales.x.value(px) - start) / step);
      if (bin < 0 || bin >= counts.length) return null;
      const low = start + bin * step, isWhole = step === 1 && Math.abs(start % 1) === 0.5;
      return { px: scales.x.at(low + step / 2), lines: [isWhole ? `${x.label} ${low + 0.5}` : `${told(low)} to ${told(low + step)}${x.unit ? ' ' + x.unit : ''}`, `${counts[bin]} ${counted}`] };
    },
  });
  const summary = element('div', { className: 'summary', textContent: `${histogram.count.toLocaleString()} ${counted}, mean ${told(histogram.mean)}, median ${told(histogram.median)}, σ ${told(histogram.deviation)}, ${told(histogram.minimum)} to ${told(histogram.maximum)}${x.unit ? ' ' + x.unit : ''}${histogram.missing ? `, ${histogram.missing} without a value` : ''}` });
  plot.figure.append(summary);
  if (!choose) return plot;
  const show = () => fields.forEach((field, i) => { field.value = chosen ? told(chosen[i], 6) : ''; });
  const take = (given, isFinal) => {
    chosen = given;
    show();
    plot.redraw();
    if (isFinal) choose(...(chosen || [null, null]));
  };
  plot.body.classList.add('can-brush');
  plot.body.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    begin = plot.scales.x.value(plot.place(event)[0]);
    plot.body.setPointerCapture(event.pointerId);
  });
  plot.body.addEventListener('pointermove', event => {
    if (begin === null) return;
    const { x: scale } = plot.scales, now = scale.value(Math.max(scale.from, Math.min(scale.to, plot.place(event)[0])));
    if (Math.abs(scale.at(now) - scale.at(begin)) > 3) take([Math.min(begin, now), Math.max(begin, now)], false);
  });
  plot.body.addEventListener('pointerup', event => {
    if (begin === null) return;
    const moved = Math.abs(plot.place(event)[0] - plot.scales.x.at(begin)) > 3;
    begin = null;
    take(moved ? chosen : null, true);
  });
  for (const field of fields) field.addEventListener('change', () => {
    const [low, high] = fields.map(field => field.value === '' ? null : Number(field.value));
    take(low === null && high === null ? null : [low ?? histogram.minimum, high ?? histogram.maximum], true);
  });
  plot.figure.append(element('div', { className: 'row range' }, 'Range', ...fields));
  show();
  return plot;
}

/** Counts in boxes, brighter for more. */
export function heatChart(host, { title, x, y, columns, rows, counts }) {
  const largest = Math.max(1, ...counts), total = counts.reduce((sum, count) => sum + count, 0);
  const edge = (axis, i, n) => axis.low + (axis.high - axis.low) * i / n;
  const plot = new Plot(host, {
    title, height: 300,
    values: () => [[axisTitle(x), axisTitle(y), 'count'], ...counts.map((count, i) => [edge(x, i % columns + 0.5, columns), edge(y, Math.floor(i / columns) + 0.5, rows), count])],
    data: () => ({ x, y, xs: [x.low, x.high], ys: [y.low, y.high] }),
    draw(layer, scales) {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [columns, rows];
      const context = canvas.getContext('2d'), picture = context.createImageData(columns, rows);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const at = 4 * ((rows - 1 - row) * columns + column);
          picture.data.set([...ramp(Math.sqrt(counts[row * columns + column] / largest)), 255], at);
        }
      }
      context.putImageData(picture, 0, 0);
      layer.append(shape('image', { href: canvas.toDataURL(), x: scales.x.from, y: scales.y.to, width: scales.x.to - scales.x.from, height: scales.y.from - scales.y.to, preserveAspectRatio: 'none', style: 'image-rendering: pixelated' }));
    },
    note(px, py, scales) {
      const column = Math.min(columns - 1, Math.floor((scales.x.value(px) - x.low) / (x.high - x.low) * columns));
      const row = Math.min(rows - 1, Math.floor((scales.y.value(py) - y.low) / (y.high - y.low) * rows));
      const count = counts[row * columns + column];
      return { px, py, lines: [`${x.label} ${scales.x.text(edge(x, column + 0.5, columns))}, ${y.label} ${scales.y.text(edge(y, row + 0.5, rows))}`, `${count} of ${total} (${told(100 * count / Math.max(1, total), 3)} %)`] };
    },
  });
  plot.figure.append(element('div', { className: 'summary', textContent: `Up to ${largest.toLocaleString()} in a box; the scale is that of the square root.` }));
  return plot;
}

/** Dark blue over green to yellow, even in lightness. */
function ramp(value) {
  const stops = [[24, 22, 56], [38, 66, 120], [28, 118, 130], [70, 168, 104], [176, 208, 70], [253, 231, 60]];
  const place = Math.max(0, Math.min(0.9999, value)) * (stops.length - 1), index = Math.floor(place), rest = place - index;
  return stops[index].map((low, i) => Math.round(low + (stops[index + 1][i] - low) * rest));
}

/** Points on a canvas. `lasso(corners, rows)` is called with the corners in values and the rows of the points inside; `pick(row)` on a click. */
export function scatterChart(host, { title, x, y, points: sample, lasso, pick }) {
  let corners = [], isDrawing = false, inside = null;
  const plot = new Plot(host, {
    title, label: `${title}: ${axisTitle(y)} against ${axisTitle(x)}`, height: 320,
    values: () => [['row', axisTitle(x), axisTitle(y)], ...sample.rows.map((row, i) => [row + 1, sample.x[i], sample.y[i]])],
    data: () => ({ x, y, xs: sample.x, ys: sample.y }),
    draw(layer, scales) {
      const size = sample.x.length > 5000 ? 2 : sample.x.length > 800 ? 3 : 4.5;
      const path = keep => sample.x.map((value, i) => keep(i) ? `M${scales.x.at(value).toFixed(1)},${scales.y.at(sample.y[i]).toFixed(1)}h0` : '').join('');
      layer.append(shape('path', { d: path(i => !inside || !inside[i]), class: inside ? 'points faint' : 'points k1', 'stroke-width': size }));
      if (inside) layer.append(shape('path', { d: path(i => inside[i]), class: 'points k2', 'stroke-width': size }));
      if (corners.length > 1) layer.append(shape('path', { d: corners.map(([a, b], i) => `${i ? 'L' : 'M'}${scales.x.at(a)},${scales.y.at(b)}`).join('') + (isDrawing ? '' : 'Z'), class: 'lasso' }));
    },
    note(px, py, scales) {
      if (isDrawing) return null;
      const at = nearestPoint(px, py, scales);
      return at < 0 ? null : { px: scales.x.at(sample.x[at]), py: scales.y.at(sample.y[at]), lines: [`${axisTitle(x)} ${told(sample.x[at])}`, `${axisTitle(y)} ${told(sample.y[at])}`, `row ${sample.rows[at] + 1}`] };
    },
  });
  function nearestPoint(px, py, scales) {
    let best = -1, distance = 12 * 12;
    for (let i = 0; i < sample.x.length; i += 1) {
      const away = (scales.x.at(sample.x[i]) - px) ** 2 + (scales.y.at(sample.y[i]) - py) ** 2;
      if (away < distance) { distance = away; best = i; }
    }
    return best;
  }
  plot.figure.append(element('div', { className: 'summary', textContent: sample.rows.length < sample.total ? `${sample.rows.length.toLocaleString()} of ${sample.total.toLocaleString()} points` : `${sample.total.toLocaleString()} points` }));
  if (pick) plot.body.addEventListener('click', event => { const at = nearestPoint(...plot.place(event), plot.scales); if (at >= 0) pick(sample.rows[at]); });
  if (!lasso) return plot;
  plot.body.classList.add('can-brush');
  const value = event => { const [px, py] = plot.place(event); return [plot.scales.x.value(px), plot.scales.y.value(py)]; };
  plot.body.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    [corners, isDrawing, inside] = [[value(event)], true, null];
    plot.body.setPointerCapture(event.pointerId);
  });
  plot.body.addEventListener('pointermove', event => { if (isDrawing) { corners.push(value(event)); plot.redraw(); } });
  plot.body.addEventListener('pointerup', () => {
    if (!isDrawing) return;
    isDrawing = false;
    if (corners.length > 80) corners = corners.filter((_, i) => i % Math.ceil(corners.length / 80) === 0);
    if (corners.length < 3) corners = [];
    else corners = boxIfFlat(corners);
    inside = corners.length ? sample.x.map((a, i) => isInside(a, sample.y[i], corners)) : null;
    plot.redraw();
    lasso(corners, inside ? sample.rows.filter((_, i) => inside[i]) : []);
  });
  return plot;
}

/** A line that encloses next to nothing, as from one corner to another, stands for its box. */
function boxIfFlat(corners) {
  const [xs, ys] = [0, 1].map(i => corners.map(corner => corner[i]));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const area = Math.abs(corners.reduce((sum, [x, y], i) => {
    const [u, v] = corners[(i + 1) % corners.length];
    return sum + x * v - u * y;
  }, 0)) / 2;
  return area < 0.1 * (right - left) * (high - low) ? [[left, low], [right, low], [right, high], [left, high]] : corners;
}

function isInside(x, y, corners) {
  let isIn = false;
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + corners.length - 1) % corners.length];
    if ((y1 > y) !== (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) isIn = !isIn;
  });
  return isIn;
}
