const grouped = new Intl.NumberFormat('en-US');

export const count = (value: number): string => grouped.format(value);

// 100,000 is "100k" where there is little room.
export function shortCount(value: number): string {
  if (value < 1_000) return String(value);
  if (value < 10_000) return `${(Math.floor(value / 100) / 10).toFixed(1).replace('.0', '')}k`;
  if (value < 1_000_000) return `${Math.floor(value / 1_000)}k`;
  return `${(Math.floor(value / 100_000) / 10).toFixed(1).replace('.0', '')}M`;
}

// Never rounded up to a certainty that is not there.
export function percent(probability: number | null): string {
  if (probability === null || Number.isNaN(probability)) return 'no score';
  const value = probability * 100;
  if (value > 99 && value < 100) return '> 99 %';
  if (value < 1 && value > 0) return '< 1 %';
  return `${Math.round(value)} %`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
export function bytes(size: number): string {
  let at = 0;
  let value = size;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

// A figure of an evaluation: three digits behind the point, as the command line prints it.
export const figure = (value: number | null | undefined): string => (value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(3));

// A number of things a day, or so: as exact as it can be meant.
export function about(value: number): string {
  if (value === 0) return '0';
  if (value < 0.1) return '< 0.1';
  if (value < 10) return value.toFixed(1).replace('.0', '');
  return count(Math.round(value));
}

// A share in percent with the digits that small ones need: "0.04 %", "12 %".
export function share(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  const percents = value * 100;
  const digits = percents === 0 || percents >= 10 ? 0 : percents >= 1 ? 1 : percents >= 0.1 ? 2 : 3;
  return `${percents.toFixed(digits)} %`;
}
