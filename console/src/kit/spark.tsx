// Counts of equal times as small bars, the newest last: for a look, not for reading numbers off it.
import { count } from '../words/number';

const width = 120;
const height = 24;

export function Spark({ counts, label }: { counts: number[]; label: string }) {
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const all = counts.reduce((sum, one) => sum + one, 0);
  return (
    <svg class="spark" width={width} height={height} role="img" aria-label={`${label}: ${count(all)}, at most ${count(Math.max(0, ...counts))}`}>
      <line class="spark-ground" x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
      {counts.map((one, index) => {
        const size = one === 0 ? 0 : Math.max(1.5, (one / most) * (height - 1));
        return size > 0 && <rect key={index} class="spark-bar" x={index * step + 0.25} y={height - size} width={Math.max(0.75, step - 0.75)} height={size} />;
      })}
    </svg>
  );
}
