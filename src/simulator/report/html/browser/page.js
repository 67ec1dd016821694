/** Draws the charts of the report, steps through its timelines and changes its theme. */

/** @typedef {{ id: string, kind: string, xLabel: string, yLabel: string, x: number[], series: { label: string, y: (number | null)[] }[] }} Chart */
/** @typedef {import('uplot')} Plot */

const HEIGHT = 260;
const numberFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

document.documentElement.classList.add('js');
setUpTheme(setUpCharts());
for (const timeline of document.querySelectorAll('[data-timeline]')) setUpTimeline(timeline);

/** Returns a function that draws all charts in the colours of the current theme. */
function setUpCharts() {
  /** @type {Chart[]} */
  const charts = JSON.parse(document.getElementById('charts')?.textContent ?? '[]');
  const places = charts.flatMap((chart) => {
    const box = document.querySelector(`[data-chart="${chart.id}"]`);
    return box instanceof HTMLElement ? [{ chart, box }] : [];
  });
  /** @type {Plot[]} */
  let plots = [];
  for (const [index, { chart, box }] of places.entries()) {
    moveCursorByKey(chart, box, () => plots[index]);
  }
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (width === window.innerWidth) return;
    width = window.innerWidth;
    for (const [index, { box }] of places.entries()) {
      plots[index]?.setSize({ width: box.clientWidth, height: HEIGHT });
    }
  });
  return () => {
    for (const plot of plots) plot.destroy();
    plots = places.map(({ chart, box }) => createPlot(chart, box));
  };
}

function createPlot(/** @type {Chart} */ chart, /** @type {HTMLElement} */ box) {
  const strokes = [colour('accent'), colour('quiet'), colour('bad')];
  const axis = {
    stroke: colour('quiet'),
    grid: { stroke: colour('rule'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
    labelFont: '12px system-ui',
  };
  const readout = box.parentElement?.querySelector('.readout');
  const hasOnePoint = chart.x.length === 1;
  const only = chart.x[0] ?? 0;
  return new uPlot(
    {
      width: box.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: true, y: false } },
      scales: {
        x: { time: false, ...(hasOnePoint ? { range: [only - 1, only + 1] } : {}) },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        { ...axis, label: chart.xLabel, labelSize: 20, size: 36 },
        { ...axis, label: chart.yLabel, labelSize: 20, size: 64 },
      ],
      series: [
        {},
        ...chart.series.map(({ label }, index) =>
          createSeries(chart.kind, label, strokes[index] ?? '', index),
        ),
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) => {
            if (readout && typeof idx === 'number') readout.textContent = valuesAt(chart, idx);
          },
        ],
      },
    },
    [chart.x, ...chart.series.map(({ y }) => y)],
    box,
  );
}

/** Resolves a custom property, because a canvas does not accept one. */
function colour(/** @type {string} */ name) {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(--${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function valuesAt(/** @type {Chart} */ chart, /** @type {number} */ index) {
  const values = chart.series.flatMap(({ label, y }) => {
    const value = y[index];
    return typeof value === 'number' ? [`${label} ${numberFormat.format(value)}`] : [];
  });
  return `${chart.xLabel} ${numberFormat.format(chart.x[index] ?? 0)}: ${values.join(', ')}`;
}

/** @returns {import('uplot').Series} */
function createSeries(
  /** @type {string} */ kind,
  /** @type {string} */ label,
  /** @type {string} */ stroke,
  /** @type {number} */ index,
) {
  const shared = { label, stroke, width: 2 };
  if (kind === 'points') {
    return {
      ...shared,
      paths: () => null,
      points: { show: true, size: 3 + index, width: 1, fill: stroke },
    };
  }
  if (kind === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.8, 24] });
    return { ...shared, fill: stroke, points: { show: false }, ...(paths ? { paths } : {}) };
  }
  const paths = kind === 'steps' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    ...shared,
    spanGaps: true,
    ...(kind === 'steps' ? {} : { points: { show: false } }),
    ...(paths ? { paths } : {}),
  };
}

function moveCursorByKey(
  /** @type {Chart} */ chart,
  /** @type {HTMLElement} */ box,
  /** @type {() => Plot | undefined} */ currentPlot,
) {
  let at = -1;
  box.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    at = Math.max(0, Math.min(chart.x.length - 1, at + by));
    const plot = currentPlot();
    plot?.setCursor({ left: plot.valToPos(chart.x[at] ?? 0, 'x'), top: HEIGHT / 2 });
  });
}

function setUpTimeline(/** @type {Element} */ timeline) {
  const marks = [...timeline.querySelectorAll('[data-step]')];
  const texts = [...timeline.querySelectorAll('[data-step-text]')];
  const [back, next] = timeline.querySelectorAll('button');
  const where = timeline.querySelector('.where');
  const scroll = timeline.querySelector('.scroll');
  const diverged = marks.findIndex((mark) => mark.classList.contains('diverged'));
  let at = Math.max(0, diverged);
  const show = (/** @type {number} */ to) => {
    at = Math.max(0, Math.min(marks.length - 1, to));
    for (const [index, mark] of marks.entries()) mark.classList.toggle('on', index === at);
    for (const [index, text] of texts.entries()) text.classList.toggle('on', index === at);
    if (where)
      where.textContent = `step ${at + 1} of ${marks.length}${at === diverged ? ': where the row left the reference' : ''}`;
    if (back) back.disabled = at === 0;
    if (next) next.disabled = at === marks.length - 1;
    const mark = marks[at]?.querySelector('circle');
    if (scroll && mark)
      scroll.scrollLeft = Number(mark.getAttribute('cx')) - scroll.clientWidth / 2;
  };
  back?.addEventListener('click', () => show(at - 1));
  next?.addEventListener('click', () => show(at + 1));
  for (const [index, mark] of marks.entries()) mark.addEventListener('click', () => show(index));
  timeline.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: marks.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  show(at);
}

function setUpTheme(/** @type {() => void} */ drawCharts) {
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () =>
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] === undefined && prefersDark.matches);
  const update = () => {
    const [other, label] = isDark() ? ['light', 'Light'] : ['dark', 'Dark'];
    if (button) button.textContent = label;
    button?.setAttribute('aria-label', `Change to the ${other} theme`);
    drawCharts();
  };
  button?.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    update();
  });
  prefersDark.addEventListener('change', update);
  update();
}
