import { expect, test } from 'vitest';
import { isOfCloudIdentity, roleOf } from '../../src/findings/cloud_identity';

test('a session of a role is told by its parts', () => {
  expect(roleOf('arn:aws:sts::111122223333:assumed-role/developer/ana@halvenmoor.example')).toEqual({ role: 'developer', session: 'ana@halvenmoor.example' });
  expect(roleOf('arn:aws-cn:sts::1:assumed-role/a/b/c')).toEqual({ role: 'a', session: 'b/c' });
  for (const other of ['', 'ana', 'arn:aws:iam::111122223333:user/ana', 'arn:aws:sts::1:assumed-role/', 'arn:aws:sts::1:assumed-role/x']) expect(roleOf(other)).toBeNull();
});

test('an identity did what no machine logged', () => {
  expect(isOfCloudIdentity({ api: { operation: 'ListUsers' } })).toBe(true);
  expect(isOfCloudIdentity({ class_uid: 3002, user: { name: 'ana' } })).toBe(true);
  expect(isOfCloudIdentity({ class_uid: 3002, device: { hostname: 'ws5' } })).toBe(false);
  expect(isOfCloudIdentity({ class_uid: 3002, dst_endpoint: { hostname: 'files-01' } })).toBe(false); // as a network sensor tells a logon
  expect(isOfCloudIdentity({ class_uid: 4001, src_endpoint: { ip: '10.0.0.1' } })).toBe(false);
});
