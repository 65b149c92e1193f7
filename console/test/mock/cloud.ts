// A finding about what an identity did in a cloud in the place of one about a mail.
import type { Finding } from '../../src/api/contract';

export function ofCloud(finding: Finding): Finding {
  return {
    ...finding,
    sender: 'arn:aws:sts::111122223333:assumed-role/developer/ana@halvenmoor.example',
    subject: 'call: AttachUserPolicy',
    mail: null,
    features: [
      { name: 'place_is_new', value: 1, unit: 'yes/no', meaning: 'The principal never acted from that address block before.' },
      { name: 'place_is_new_here', value: 1, unit: 'yes/no', meaning: 'Nobody here acted from that block before.' },
    ],
    ocsf: {
      class_uid: 6003,
      class_name: 'API Activity',
      status_id: 2,
      metadata: { version: '1.8.0', product: { name: 'CloudTrail' } },
      cloud: { provider: 'AWS', region: 'eu-west-1', account: { uid: '111122223333' } },
      actor: {
        user: { uid: 'arn:aws:sts::111122223333:assumed-role/developer/ana@halvenmoor.example', type: 'AssumedRole', credential_uid: 'ASIAEXAMPLEEXAMPLE77' },
        session: { issuer: 'arn:aws:iam::111122223333:role/developer', is_mfa: false },
      },
      src_endpoint: { ip: '198.18.7.9', location: { city: 'Rome', country: 'Italy' } },
      http_request: { user_agent: 'Boto3/1.26.10' },
      api: { operation: 'AttachUserPolicy', service: { name: 'iam.amazonaws.com' }, request: { data: '{"userName":"svc-support"}' }, response: { error: 'AccessDenied' } },
      resources: [{ uid: 'arn:aws:iam::111122223333:user/svc-support', type: 'AWS::IAM::User' }],
    },
  };
}
