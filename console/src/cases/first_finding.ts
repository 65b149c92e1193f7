import type { Case } from '../api/contract';

// The one to look at first: of those as urgent as the case itself the one that is like fewest others, so that the case and what
// one sees of it first say the same.
export const firstToShow = ({ finding_list: list, route }: Case): string | null => (list.find((one) => one.route === route) ?? list[0])?.id ?? null;
