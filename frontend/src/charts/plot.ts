// Charts with uPlot: bands of 95 %, dotted limits, colours of the design system.
import uPlot from "uplot";
import { columns, noonS, range, type Series } from "./series.ts";

const HEIGHT = 210;
const LOW = 130;
const DASH = [2, 4];
const ALPHA = 0.16;

const colour = (name: string) => {
  const probe = document.createElement("span");
  probe.className = `ink-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

const faded = (css: string, alpha: number) => css.replace("rgb(", "rgba(").replace(")", `, ${alpha})`);

const axes = (unit: string): uPlot.Axis[] => {
  const [ink, line] = [colour("quiet"), colour("line")];
  const look = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "13px 'Figtree Variable', sans-serif" };
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" });
  const days = (_: uPlot, splits: number[]) => {
    const told = splits.map((at) => day.format(at * 1000));
    return told.map((words, place) => (place && words === told[place - 1] ? "" : words));
  };
  return [
    { ...look, grid: { show: false }, values: days, space: 70 },
    { ...look, size: 46, values: (_: uPlot, splits: number[]) => splits.map((at) => `${at}${unit}`) },
  ];
};

/** Dotted lines from edge to edge. */
const limits = (series: readonly Series[]): uPlot.Plugin => ({
  hooks: {
    draw: (u) => {
      const { ctx, bbox } = u;
      ctx.save();
      ctx.setLineDash(DASH.map((one) => one * devicePixelRatio));
      ctx.lineWidth = devicePixelRatio;
      for (const one of series) {
        ctx.strokeStyle = colour(one.side || "single");
        for (const at of one.limits ?? []) {
          const y = u.valToPos(at, "y", true);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
        }
      }
      ctx.restore();
    },
  },
});

/** One point has no band to be seen: its error is a bar through it. */
const errors = (colours: readonly string[]): uPlot.Plugin => ({
  hooks: {
    draw: (u) => {
      const { ctx } = u;
      for (let n = 1; n < u.series.length; n += 3) {
        ctx.strokeStyle = colours[(n - 1) / 3]!;
        ctx.lineWidth = 1.5 * devicePixelRatio;
        u.data[0].forEach((at, place) => {
          const [low, high] = [u.data[n + 1]?.[place], u.data[n + 2]?.[place]];
          if (low == null || high == null) return;
          const x = u.valToPos(at, "x", true);
          ctx.beginPath();
          ctx.moveTo(x, u.valToPos(low, "y", true));
          ctx.lineTo(x, u.valToPos(high, "y", true));
          ctx.stroke();
        });
      }
    },
  },
});

const days = (at: readonly number[]): [number, number] => {
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0];
  const air = Math.max((last - first) * 0.06, 2 * 86_400);
  return [first - air, last + air];
};

function fitted(root: HTMLElement, make: (width: number) => uPlot): void {
  let plot = make(Math.max(root.clientWidth, 200));
  new ResizeObserver(() => plot.setSize({ width: Math.max(root.clientWidth, 200), height: plot.height })).observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot.destroy();
    plot = make(Math.max(root.clientWidth, 200));
  });
}

export function plotMeasure(root: HTMLElement, series: readonly Series[]): void {
  const data = columns(series);
  const shown: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  fitted(root, (width) => {
    shown.length = 1;
    bands.length = 0;
    for (const one of series) {
      const ink = colour(one.side || "single");
      const edge = { label: "", stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
      const n = shown.length;
      shown.push({ label: one.label, stroke: ink, width: 2, spanGaps: true, points: { size: 9, fill: ink, stroke: ink } }, edge, edge);
      bands.push({ series: [n + 2, n + 1], fill: faded(ink, ALPHA) });
    }
    const options: uPlot.Options = {
      width, height: HEIGHT, series: shown, bands, axes: axes("°"), legend: { show: false }, cursor: { show: false },
      scales: { x: { time: true, range: () => days(data[0]) }, y: { range: () => range(series) } },
      plugins: [limits(series), errors(series.map((one) => colour(one.side || "single")))],
    };
    return new uPlot(options, data as uPlot.AlignedData, root);
  });
}

export function plotPain(root: HTMLElement, pain: readonly (readonly [string, number])[]): void {
  const data: [number[], number[]] = [pain.map(([day]) => noonS(day)), pain.map(([, score]) => score)];
  fitted(root, (width) => {
    const ink = colour("ink");
    const line = { label: "", stroke: ink, width: 1.5, fill: faded(ink, 0.06), points: { size: 7, fill: ink, stroke: ink } };
    const go: Series = { side: "", label: "", points: [], limits: [3, 3] };
    const options: uPlot.Options = {
      width, height: LOW, series: [{}, line], axes: axes(""), legend: { show: false }, cursor: { show: false },
      scales: { x: { time: true, range: () => days(data[0]) }, y: { range: () => [0, 10] } },
      plugins: [limits([go])],
    };
    return new uPlot(options, data, root);
  });
}
