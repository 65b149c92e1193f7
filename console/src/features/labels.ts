// What events were found to be, and their values, in words.
import type { RowLabel } from '../api/contract';

// Those of which one wants to see every dot come last: they are drawn on top.
export const labels: readonly RowLabel[] = ['none', 'benign', 'unwanted', 'malicious'];
export const labelName: Record<RowLabel, string> = { none: 'Without label', benign: 'Benign', unwanted: 'Unwanted', malicious: 'Malicious' };

// Four digits, as the command line prints it.
export const number = (value: number | null): string => (value === null ? '–' : Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4))));
