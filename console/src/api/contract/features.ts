// Feature sets, and their values over history.
import type { Domain } from './sources';

export interface FeatureDefinition {
  name: string;
  group: string;
  unit: string;
  meaning: string;
  value: string;
  when: string;
  monotone: -1 | 0 | 1;
  pivot: number;
  high: string;
  low: string;
  missing: string;
  in_model: boolean;
}

export interface FeatureSet {
  domain: Domain;
  bundle: string | null; // null: nothing decides in the domain
  run: string | null;
  feature_set: string | null;
  has_model: boolean;
  groups: { name: string; title: string }[];
  features: FeatureDefinition[];
}

export type RowLabel = 'malicious' | 'unwanted' | 'benign' | 'none';

export interface FeatureValues {
  name: string;
  present: number;
  distinct: number;
  quantiles: number[] | null; // 0, 5, 25, 50, 75, 95, 100 %
  by_label: Partial<Record<RowLabel, { rows: number; present: number; quantiles: number[] | null }>>;
  histogram: { low: number; high: number; counts: Partial<Record<RowLabel, number[]>> };
  importance: number | null;
  sample: (number | null)[];
}

export interface FeaturePreview {
  replayed: number;
  unreadable: number;
  rows: number;
  whole: boolean; // it began with the domain's first event
  stopped: boolean;
  remembers_from: string | null;
  sample: { time: string[]; label: RowLabel[]; event: string[] };
  features: FeatureValues[];
}
