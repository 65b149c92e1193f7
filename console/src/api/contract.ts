// The answers of the server, as docs/api.md describes them. Times are RFC 3339, UTC.

export type * from './contract/people';
export type * from './contract/cases';
export type * from './contract/findings';
export type * from './contract/sources';
export type * from './contract/events';
export type * from './contract/features';
export type * from './contract/models';
export type * from './contract/records';
export type * from './contract/retention';
