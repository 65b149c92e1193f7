// Precision over recall, with the operating point as something to take hold of: by pointer, or by keyboard as a slider.
import { useRef } from 'preact/hooks';
import type { CurvePoint } from '../api/contract';
import { share } from '../words/number';
import type { DomainWords } from '../words/vocabulary';
import { nearestPoint } from './operating';
import { type Frame, lineOf, percents, Plot } from './plot';

interface Mark {
  name: string;
  at: number; // of the curve
}

interface PrecisionRecallProps {
  curve: CurvePoint[];
  baseline: CurvePoint[];
  marks: Mark[];
  at: number;
  words: DomainWords;
  says: string; // what the point means, for who cannot see the plot
  move: (at: number) => void;
}

const height = 340;
const steps: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

const drawn = (curve: CurvePoint[]): [number, number][] => curve.map(({ recall, precision }) => [recall, precision]);

export function PrecisionRecall({ curve, baseline, marks, at, words, says, move }: PrecisionRecallProps) {
  const svg = useRef<SVGSVGElement>(null);
  const holds = useRef(false);
  const point = curve[at] as CurvePoint;
  const follow = (event: PointerEvent, frame: Frame) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return;
    const recall = (event.clientX - box.left - frame.left) / (frame.right - frame.left);
    const precision = (frame.bottom - (event.clientY - box.top)) / (frame.bottom - frame.top);
    move(nearestPoint(curve, recall, precision, (frame.bottom - frame.top) / (frame.right - frame.left)));
  };
  const byKey = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    const to = step === undefined ? (event.key === 'Home' ? 0 : curve.length - 1) : at + step;
    move(Math.max(0, Math.min(curve.length - 1, to)));
  };
  const x = { name: `share of ${words.sought} found`, low: 0, high: 1, ticks: percents };
  const y = { name: `share of alerts that are ${words.are}, in the test`, low: 0, high: 1, ticks: percents };
  return (
    <Plot x={x} y={y} height={height} label="Precision over recall" svg={svg}>
      {(frame) => (
        <>
          {baseline.length > 0 && <path class="line line-baseline" d={lineOf(frame, drawn(baseline))} />}
          <path class="line line-model" d={lineOf(frame, drawn(curve))} />
          <rect
            class="plot-catch"
            x={frame.left}
            y={frame.top}
            width={frame.right - frame.left}
            height={frame.bottom - frame.top}
            onPointerDown={(event) => {
              holds.current = true;
              event.currentTarget.setPointerCapture(event.pointerId);
              follow(event, frame);
            }}
            onPointerMove={(event) => holds.current && follow(event, frame)}
            onPointerUp={() => (holds.current = false)}
            onPointerCancel={() => (holds.current = false)}
          />
          {marks.map((mark) => (
            <circle key={mark.name} class="plot-mark" cx={frame.x((curve[mark.at] as CurvePoint).recall)} cy={frame.y((curve[mark.at] as CurvePoint).precision)} r={4}>
              <title>{mark.name}</title>
            </circle>
          ))}
          <g class="plot-cross" aria-hidden="true">
            <line x1={frame.x(point.recall)} x2={frame.x(point.recall)} y1={frame.y(point.precision)} y2={frame.bottom} />
            <line x1={frame.left} x2={frame.x(point.recall)} y1={frame.y(point.precision)} y2={frame.y(point.precision)} />
          </g>
          <circle
            class="plot-handle"
            cx={frame.x(point.recall)}
            cy={frame.y(point.precision)}
            r={8}
            tabindex={0}
            role="slider"
            aria-label="Operating point"
            aria-valuemin={0}
            aria-valuemax={curve.length - 1}
            aria-valuenow={at}
            aria-valuetext={`finds ${share(point.recall)} of ${words.sought}. ${says}`}
            onKeyDown={byKey}
          />
        </>
      )}
    </Plot>
  );
}
