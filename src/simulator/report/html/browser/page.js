/** What the report does in a browser: draws the charts, steps through timelines, changes the theme. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: it is the scope of the page's one script.
(() => {
  /** @typedef {{ id: string, kind: string, xLabel: string, yLabel: string, x: number[], series: { label: string, y: (number | null)[] }[] }} Chart */
  const root = document.documentElement;
  root.classList.add('js');
  const HEIGHT = 260;
  const isDark = () =>
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  // A canvas needs the colour itself, which only an element that has it can tell.
  const probe = document.body.appendChild(document.createElement('i'));
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

  /** @type {import('uplot')[]} */
  let plots = [];
  /** @type {Chart[]} */
  const charts = JSON.parse(document.getElementById('charts')?.textContent ?? '[]');

  function draw() {
    for (const plot of plots) plot.destroy();
    plots = [];
    for (const chart of charts) {
      const box = document.querySelector(`[data-chart="${chart.id}"]`);
      if (box instanceof HTMLElement) plots.push(plotOf(chart, box));
    }
  }

  function plotOf(/** @type {Chart} */ chart, /** @type {HTMLElement} */ box) {
    const strokes = [colour('accent'), colour('quiet'), colour('bad')];
    const axis = {
      stroke: colour('quiet'),
      grid: { stroke: colour('rule'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui',
      labelFont: '12px system-ui',
    };
    const readout = box.parentElement?.querySelector('.readout');
    const isFlat = chart.x.length === 1;
    const only = chart.x[0] ?? 0;
    return new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: true, y: false } },
        scales: {
          x: { time: false, ...(isFlat ? { range: [only - 1, only + 1] } : {}) },
          y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          { ...axis, label: chart.xLabel, labelSize: 20, size: 36 },
          { ...axis, label: chart.yLabel, labelSize: 20, size: 64 },
        ],
        series: [
          {},
          ...chart.series.map((series, index) =>
            seriesOf(chart.kind, series.label, strokes[index] ?? '', index),
          ),
        ],
        hooks: {
          setCursor: [
            (plot) => {
              const at = plot.cursor.idx;
              if (!readout || at === null || at === undefined) return;
              const values = chart.series.flatMap(({ label, y }) => {
                const value = y[at];
                return value === null || value === undefined
                  ? []
                  : [`${label} ${number.format(value)}`];
              });
              readout.textContent = `${chart.xLabel} ${number.format(chart.x[at] ?? 0)}: ${values.join(', ')}`;
            },
          ],
        },
      },
      [chart.x, ...chart.series.map(({ y }) => y)],
      box,
    );
  }

  /** @returns {import('uplot').Series} */
  function seriesOf(
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

  for (const chart of charts) {
    const box = document.querySelector(`[data-chart="${chart.id}"]`);
    if (!(box instanceof HTMLElement)) continue;
    let at = -1;
    box.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      at = Math.max(0, Math.min(chart.x.length - 1, at + by));
      const plot = plots.find((each) => box.contains(each.root));
      plot?.setCursor({ left: plot.valToPos(chart.x[at] ?? 0, 'x'), top: HEIGHT / 2 });
    });
  }

  for (const timeline of document.querySelectorAll('[data-timeline]')) {
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
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: marks.length - 1 }[
        event.key
      ];
      if (to === undefined) return;
      event.preventDefault();
      show(to);
    });
    show(at);
  }

  const theme = document.getElementById('theme');
  const label = () => {
    if (theme) theme.textContent = isDark() ? 'Light' : 'Dark';
    theme?.setAttribute('aria-label', `Change to the ${isDark() ? 'light' : 'dark'} theme`);
  };
  theme?.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    label();
    draw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    label();
    draw();
  });
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (width === window.innerWidth) return;
    width = window.innerWidth;
    for (const plot of plots) {
      const box = plot.root.parentElement;
      if (box) plot.setSize({ width: box.clientWidth, height: HEIGHT });
    }
  });
  label();
  draw();
})();
