// Decisions per minute as stacked areas, one a route.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import type { Route, Status } from '../api/contract';
import { paint } from '../shell/theme';
import { count } from '../words/number';
import { routeName } from '../words/vocabulary';
import { routes, type Stack, stack } from './stack';

const height = 230;
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const clock = (seconds: number): string => time.format(new Date(seconds * 1000));

// From the top of the stack down, so that each covers what is below it. A route that decided nothing is left out.
const drawnRoutes = ({ values }: Stack): Route[] => routes.toReversed().filter((route) => values.get(route)?.some((value) => value > 0));

const token = (element: Element, name: string): string => {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
};

function options(element: HTMLElement, data: { stack: Stack }): uPlot.Options {
  const quiet = token(element, '--text-quiet');
  const line = token(element, '--line');
  const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '11px Inter, system-ui, sans-serif' };
  const drawn = drawnRoutes(data.stack);
  return {
    width: Math.max(280, element.clientWidth),
    height,
    legend: { show: true, live: true },
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(5, high * 1.1)] } },
    axes: [{ ...axis, values: (_plot, ticks) => ticks.map(clock) }, { ...axis, size: 44, values: (_plot, ticks) => ticks.map((tick) => count(tick)) }],
    series: [
      { label: 'Minute', value: (_plot, at, _series, index) => clock(index === null ? (data.stack.times.at(-1) ?? 0) : at) },
      ...drawn.map((route) => ({
        label: routeName[route],
        stroke: token(element, `--route-${route}`),
        fill: token(element, `--route-${route}-area`),
        width: 1.5,
        points: { show: false },
        value: (_plot: uPlot, _value: number, _series: number, index: number | null) =>
          count(data.stack.values.get(route)?.at(index ?? -1) ?? 0), // without the mouse: the latest
      })),
    ],
  };
}

export function DecidedChart({ series }: { series: Status['series'] }) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const data = useRef({ stack: stack(series, Date.now()) });
  data.current.stack = stack(series, Date.now());
  const columns = (): uPlot.AlignedData => [data.current.stack.times, ...drawnRoutes(data.current.stack).map((route) => data.current.stack.tops.get(route) ?? [])];

  useEffect(() => {
    const box = element.current;
    if (!box) return;
    plot.current = new uPlot(options(box, data.current), columns(), box);
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: Math.max(280, box.clientWidth), height }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
    };
  }, [paint.value, drawnRoutes(data.current.stack).join()]);
  useEffect(() => plot.current?.setData(columns()), [series]);

  const totals = routes.map((route) => `${routeName[route]} ${count((data.current.stack.values.get(route) ?? []).reduce((a, b) => a + b, 0))}`);
  return <div ref={element} class="chart" role="img" aria-label={`Decisions of the last hour by route: ${totals.join(', ')}`} />;
}
