// Axes of plots: from values to pixels, ticks at round values, numbers as people write them.

/** A number with as many digits as it needs. */
export function told(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return String(Number(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size + 1))))));
}

export const axisTitle = axis => axis.unit ? `${axis.label} (${axis.unit})` : axis.label;

function roundTicks(low, high, count, isAngle) {
  const rough = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(rough));
  const steps = isAngle && rough > 10 ? [15, 30, 45, 60, 90, 180, 360] : [1, 2, 5, 10].map(factor => factor * power);
  const step = steps.find(step => step >= rough * 0.999) || rough;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) ticks.push(i * step);
  return ticks;
}

const resolutions = [200, 100, 50, 30, 20, 15, 12, 10, 8, 7, 6, 5, 4.5, 4, 3.5, 3.2, 3, 2.8, 2.6, 2.4, 2.2, 2, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.9, 0.8, 0.7, 0.6, 0.5];

/** One axis: `at(value)` in pixels, `value(pixel)`, `ticks` as [{ value, text }], `text(value)` for hovering. */
export function makeScale(axis, values, from, to) {
  let low = Infinity, high = -Infinity;
  for (const value of values) { if (value < low) low = value; if (value > high) high = value; }
  if (axis.low !== undefined && axis.low !== null) low = Math.min(low, axis.low);
  if (axis.high !== undefined && axis.high !== null) high = Math.max(high, axis.high);
  if (!(low <= high)) { low = 0; high = 1; }
  if (low === high) { const half = Math.abs(low) * 0.05 || 0.5; low -= half; high += half; }
  const length = Math.abs(to - from);
  const at = value => from + (value - low) / (high - low) * (to - from);
  const value = pixel => low + (pixel - from) / (to - from) * (high - low);
  let ticks, text;
  if (axis.scale === 'resolution') {
    text = given => given > 0 ? `${told(1 / given, 3)} Å` : '∞';
    let last = Infinity;
    ticks = resolutions.map(resolution => ({ value: 1 / resolution, text: String(resolution) })).filter(tick => {
      if (tick.value < low || tick.value > high || Math.abs(at(tick.value) - last) < 34) return false;
      last = at(tick.value);
      return true;
    });
  } else if (axis.scale === 'cosine') {
    text = given => told(Math.acos(Math.max(-1, Math.min(1, given))) * 180 / Math.PI, 3) + '°';
    ticks = [0, 30, 60, 90, 120, 150, 180].map(angle => ({ value: Math.cos(angle * Math.PI / 180), text: String(angle) }));
  } else {
    ticks = roundTicks(low, high, Math.max(2, length / (from > to ? 45 : 75)), axis.unit === '°').map(tick => ({ value: tick, text: told(Math.abs(tick) < 1e-12 ? 0 : tick, 5) }));
    text = given => told(given);
  }
  return { low, high, at, value, ticks, text, from, to };
}
