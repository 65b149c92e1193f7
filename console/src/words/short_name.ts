// Names that machines gave, as short as people still tell them apart. The whole one stands in the title, or one step away.

const hash = /^[0-9a-f]{32,}$/i;
// "arn:aws:sts::111122223333:assumed-role/administrator/ana" is an assumed-role/administrator/ana: what stands before it is the same for a whole account.
const beforeResource = /arn:[a-z0-9-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:(?=\S)/g;

export const withoutArns = (text: string): string => text.replaceAll(beforeResource, '');
export const shortName = (name: string): string => (hash.test(name) ? `${name.slice(0, 12)}…` : name.startsWith('arn:') ? withoutArns(name) : name);
