// Charts of progress, drawn when they come into view; the tables beside them say the same.
import type { Series } from "../charts/series.ts";
import { pageData } from "../http.ts";

interface Drawn {
  readonly charts: readonly { readonly id: string; readonly series: readonly Series[] }[];
  readonly pain: readonly (readonly [string, number])[];
}

const told = pageData<Drawn>();
const seen = new IntersectionObserver(
  (found) => {
    for (const one of found.filter((each) => each.isIntersecting)) {
      seen.unobserve(one.target);
      void draw(one.target as HTMLElement);
    }
  },
  { rootMargin: "200px" },
);
for (const root of document.querySelectorAll<HTMLElement>("[data-chart], [data-pain]")) seen.observe(root);

async function draw(root: HTMLElement): Promise<void> {
  const { plotMeasure, plotPain } = await import("../charts/plot.ts");
  const chart = told.charts.find(({ id }) => id === root.dataset["chart"]);
  if (chart) plotMeasure(root, chart.series);
  else plotPain(root, told.pain);
}
