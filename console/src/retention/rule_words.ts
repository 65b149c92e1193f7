// The rules of retention, as winnow.yaml calls them, in words.
const names: Readonly<Record<string, string>> = {
  'retention.mails': 'Mails without a label',
  'retention.labelled_mails': 'Mails that models learn from',
  'retention.cases': 'Cases, once they are resolved',
  'retention.decisions': 'Decisions that closed something',
  'retention.quarantine': 'Records that could not be used',
};
export const kinds = Object.keys(names);
export const keptName = (rule: string): string => names[rule] ?? rule;
