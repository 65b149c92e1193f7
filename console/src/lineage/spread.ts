// Places things side by side in their order, each as near to where it wants to be as the others allow: least squares under
// the order, by pooling neighbours that are in each other's way (Ayer et al., "An empirical distribution function for
// sampling with incomplete information", 1955).

// The middles of things with these widths, at least `gap` apart, between 0 and `room` if they fit there.
export function spread(wishes: readonly number[], widths: readonly number[], gap: number, room: number): number[] {
  // Without their widths, things may share a place, and only must not overtake each other.
  let before = 0;
  const offsets = widths.map((width, index) => {
    before += index === 0 ? width / 2 : gap + ((widths[index - 1] ?? 0) + width) / 2;
    return before;
  });
  const pools: { sum: number; size: number }[] = [];
  for (const [index, wish] of wishes.entries()) {
    pools.push({ sum: wish - (offsets[index] ?? 0), size: 1 });
    for (;;) {
      const [last, other] = [pools.at(-1), pools.at(-2)];
      if (!last || !other || other.sum / other.size <= last.sum / last.size) break;
      pools.splice(-2, 2, { sum: last.sum + other.sum, size: last.size + other.size });
    }
  }
  const spare = Math.max(0, room - (before + (widths.at(-1) ?? 0) / 2));
  const shifts = pools.flatMap(({ sum, size }) => Array.from({ length: size }, () => Math.min(spare, Math.max(0, sum / size))));
  return shifts.map((shift, index) => shift + (offsets[index] ?? 0));
}
