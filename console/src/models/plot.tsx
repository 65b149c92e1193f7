// A plot with two axes: the ground on which the drawings of a run stand.
import type { ComponentChildren, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { useWidth } from '../kit/use_width';

export interface Frame {
  x: (value: number) => number; // from data to the drawing
  y: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Axis {
  name: string;
  low: number;
  high: number;
  ticks: { at: number; text: string }[];
}

interface PlotProps {
  x: Axis;
  y: Axis;
  height: number;
  label: string; // what a reader who cannot see it should know
  svg?: RefObject<SVGSVGElement>;
  children: (frame: Frame) => ComponentChildren;
}

const margin = { left: 44, right: 14, top: 28, bottom: 38 };

export function Plot({ x, y, height, label, svg, children }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 520).value;
  const left = margin.left;
  const right = Math.max(left + 60, width - margin.right);
  const top = margin.top;
  const bottom = height - margin.bottom;
  const frame: Frame = {
    x: (value) => left + ((value - x.low) / (x.high - x.low)) * (right - left),
    y: (value) => bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top),
    left, right, top, bottom,
  };
  return (
    <div ref={box} class="plot">
      <svg ref={svg ?? null} width="100%" height={height} role="group" aria-label={label}>
        <g class="plot-ground" aria-hidden="true">
          {y.ticks.map(({ at, text }) => (
            <g key={text}>
              <line x1={left} x2={right} y1={frame.y(at)} y2={frame.y(at)} />
              <text x={left - 8} y={frame.y(at) + 4} text-anchor="end">{text}</text>
            </g>
          ))}
          {x.ticks.map(({ at, text }) => (
            <text key={text} x={frame.x(at)} y={bottom + 16} text-anchor="middle">{text}</text>
          ))}
          <text class="plot-axis" x={right} y={height - 5} text-anchor="end">{x.name}</text>
          <text class="plot-axis" x={left} y={14}>{y.name}</text>
        </g>
        {children(frame)}
      </svg>
    </div>
  );
}

export const percents = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` }));

export const lineOf = (frame: Frame, points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${frame.x(x).toFixed(1)} ${frame.y(y).toFixed(1)}`).join('');
