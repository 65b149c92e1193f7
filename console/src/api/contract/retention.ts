// What goes when its time is over.

export interface RetentionRun {
  by: string;
  begun_at: string;
  ended_at: string;
  rows: number;
  mails_erased: number;
  bytes_erased: number;
  problem: string | null;
}

export interface Retention {
  rules: { rule: string; days: number }[]; // what is not kept for ever
  next_at: string | null; // null: when somebody asks
  running: boolean;
  last: RetentionRun | null; // since the start
}

export interface RetentionPlan {
  rule: string; // "retention.mails: 90d"
  before: string; // what is older goes
  rows: number;
  bytes: number | null;
  first: string | null;
  last: string | null;
  held: number; // old enough, but they stay
  open: number;
  more: boolean; // than one application takes
}
