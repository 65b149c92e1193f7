// Where a plot's axes begin, end, and are marked.

export interface Scale {
  least: number; // of what is drawn
  most: number;
  low: number; // of the axis
  high: number;
  ticks: { at: number; text: string }[];
}

// About four round steps that cover what is drawn; a single value has room around it.
export function ticksOf(least: number, most: number): Scale {
  const span = most > least ? most - least : Math.max(1, Math.abs(least));
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const low = Math.floor((most > least ? least : least - span / 2) / step) * step;
  const high = Math.ceil((most > least ? most : most + span / 2) / step) * step;
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => {
    const at = low + index * step;
    return { at, text: String(Number(at.toPrecision(6))) };
  });
  return { least, most, low, high: high > low ? high : low + step, ticks };
}

const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

// Three times in milliseconds: days, or of less than two days the time of day.
export function timeTicks(least: number, most: number): Scale {
  const high = most > least ? most : least + 60_000;
  const format = high - least > 2 * 86_400_000 ? day : minute;
  const ticks = [0.08, 0.5, 0.92].map((share) => {
    const at = least + share * (high - least);
    return { at, text: format.format(new Date(at)) };
  });
  const different = ticks.filter(({ text }, index) => ticks.findIndex((other) => other.text === text) === index);
  return { least, most, low: least, high, ticks: different };
}

// The medians of so many equal times, of those that have a value.
export function medians(dots: readonly { time: number; value: number }[], parts: number): [number, number][] {
  if (dots.length === 0) return [];
  const first = Math.min(...dots.map(({ time }) => time));
  const length = Math.max(1, Math.max(...dots.map(({ time }) => time)) - first);
  const of = new Map<number, number[]>();
  for (const { time, value } of dots) {
    const at = Math.min(parts - 1, Math.floor(((time - first) / length) * parts));
    of.set(at, [...(of.get(at) ?? []), value]);
  }
  return [...of]
    .sort(([a], [b]) => a - b)
    .map(([at, values]) => {
      const sorted = values.toSorted((a, b) => a - b);
      return [first + ((at + 0.5) / parts) * length, sorted[Math.floor((sorted.length - 1) / 2)] ?? 0];
    });
}
