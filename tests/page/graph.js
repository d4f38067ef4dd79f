// @ts-check
// Small graphs below one another, as an SVG file: one a quantity, all over the same time.

/**
 * @typedef {object} Curve
 * @property {string} name For people.
 * @property {string} color
 * @property {number[]} values At equal distances over the whole time.
 */

/**
 * @typedef {object} Panel
 * @property {string} title What is drawn, with its unit.
 * @property {Curve[]} curves
 */

const WIDTH = 760;
const LEFT = 76;
const RIGHT = 24;
const TOP = 72;
/** Of a panel: what is drawn, and what is above and below it. */
const HEIGHT = 96;
const ABOVE = 26;
const BELOW = 18;

const INK = '#1f2933';
const QUIET = '#52606d';
const LINE = '#d9dee3';

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Round numbers from 0 to at least `most`, four or five of them. @param {number} most */
export function ticks(most) {
  const rough = (most || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((it) => it * power >= rough) ?? 10);
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/**
 * @param {object} graph
 * @param {string} graph.title
 * @param {string} graph.subtitle
 * @param {string} graph.time What is along the horizontal axis.
 * @param {number} graph.end Where it ends; it begins at 0.
 * @param {Panel[]} graph.panels
 */
export function svg({ title, subtitle, time, end, panels }) {
  const each = ABOVE + HEIGHT + BELOW;
  const height = TOP + panels.length * each + 34;
  const across = WIDTH - LEFT - RIGHT;
  const parts = panels.map((panel, index) => drawn(panel, TOP + index * each + ABOVE, across));
  const bottom = TOP + panels.length * each - BELOW;
  const times = ticks(end).filter((it) => it <= end);
  const axis = times.map((it) => {
    const x = LEFT + (it / end) * across;
    return `<text x="${x.toFixed(1)}" y="${bottom + 18}" text-anchor="middle" class="quiet">${it}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: ${INK}; }
  .quiet { fill: ${QUIET}; font-variant-numeric: tabular-nums; }
  .title { font-size: 17px; font-weight: 600; }
  .panel { font-weight: 600; }
</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="30" class="title">${escaped(title)}</text>
<text x="${LEFT}" y="51" class="quiet">${escaped(subtitle)}</text>
${parts.join('\n')}
${axis.join('\n')}
<text x="${LEFT + across / 2}" y="${bottom + 40}" text-anchor="middle" class="quiet">${escaped(time)}</text>
</svg>
`;
}

/** @param {Panel} panel @param {number} top @param {number} across */
function drawn({ title, curves }, top, across) {
  const marks = ticks(Math.max(...curves.flatMap(({ values }) => values)));
  const most = marks[marks.length - 1];
  const y = (/** @type {number} */ value) => (top + HEIGHT * (1 - value / most)).toFixed(1);
  const grid = marks.map(
    (it) =>
      `<line x1="${LEFT}" x2="${LEFT + across}" y1="${y(it)}" y2="${y(it)}" stroke="${LINE}"/>` +
      `<text x="${LEFT - 8}" y="${(Number(y(it)) + 4).toFixed(1)}" text-anchor="end" class="quiet">${it.toLocaleString('en')}</text>`,
  );
  const lines = curves.map(({ color, values }) => {
    const points = values.map(
      (value, at) => `${(LEFT + ((at + 1) / values.length) * across).toFixed(1)},${y(value)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>`;
  });
  const keys =
    curves.length === 1
      ? ''
      : curves
          .map(({ name, color }) => `<tspan fill="${color}" dx="10">${escaped(name)}</tspan>`)
          .join('');
  return `<text x="${LEFT}" y="${top - 9}" class="panel">${escaped(title)}${keys}</text>
${grid.join('\n')}
${lines.join('\n')}`;
}
