// Who did what in a cloud, from where and by which right. Every value may come from an attacker.
import type { Feature, OcsfEvent } from '../api/contract';
import { Entity } from '../kit/entity';
import { Untrusted } from '../kit/untrusted';
import { flagAt, numberAt, textAt } from './ocsf';

const classes = { accountChange: 3001, authentication: 3002, userAccess: 3005, groupManagement: 3006, apiActivity: 6003 };
const ofPeople = new Set(Object.values(classes));

// What no machine logged: a call to a control plane, a sign-in at an identity provider, a change of an account there.
export const isOfCloudIdentity = (event: OcsfEvent): boolean =>
  textAt(event, 'api.operation', 'evidences.0.api.operation', 'cloud.provider') !== '' || (ofPeople.has(numberAt(event, 'class_uid') ?? 0) && textAt(event, 'device.hostname', 'dst_endpoint.hostname', 'dst_endpoint.ip') === '');

const kinds: Readonly<Record<string, string>> = {
  AssumedRole: 'session of a role',
  IAMUser: 'user with a key',
  Root: 'owner of the account',
  AWSService: 'service of the provider',
  FederatedUser: 'federated user',
};

// "arn:aws:sts::111122223333:assumed-role/developer/ana@halvenmoor.example" is a session of a role: its parts, as people say them.
export function roleOf(uid: string): { role: string; session: string } | null {
  const found = /^arn:[^:]*:sts::[^:]*:assumed-role\/([^/]+)\/(.+)$/.exec(uid);
  return found ? { role: found[1]!, session: found[2]! } : null;
}

export function CloudIdentity({ event, features }: { event: OcsfEvent; features: Feature[] }) {
  if (!isOfCloudIdentity(event)) return null;
  const mfa = flagAt(event, 'is_mfa', 'actor.session.is_mfa');
  const refusal = textAt(event, 'api.response.error', 'status_detail', 'api.response.error_message');
  const failed = numberAt(event, 'status_id') === 2;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Cloud identity</h3>
        <span class="stretch" />
        {mfa !== null && <span class={mfa ? 'chip' : 'chip chip-over'}>{mfa ? 'second factor' : 'no second factor'}</span>}
        {failed && (
          <span class="chip chip-over">
            refused
            {refusal && (
              <>
                : <Untrusted text={refusal} />
              </>
            )}
          </span>
        )}
      </header>
      <div class="cloud-identity">
        <Who event={event} />
        <Deed event={event} />
        <Place event={event} features={features} />
      </div>
    </section>
  );
}

function Who({ event }: { event: OcsfEvent }) {
  const uid = textAt(event, 'actor.user.uid', 'evidences.0.actor.user.uid', 'user.uid');
  const role = roleOf(uid);
  const name = role?.session ?? textAt(event, 'actor.user.name', 'evidences.0.actor.user.name', 'evidences.0.user.name', 'user.name', 'actor.app_name', 'actor.invoked_by');
  const kind = textAt(event, 'actor.user.type');
  return (
    <Part title="Who" main={name || uid} named={role ? uid : name || uid}>
      {kind && <Fact name="is a" value={Object.hasOwn(kinds, kind) ? kinds[kind]! : kind} ours={Object.hasOwn(kinds, kind)} />}
      {role && <Fact name="role" value={role.role} />}
      {!role && uid !== name && <Fact name="known as" value={uid} named />}
      <Fact name="key" value={textAt(event, 'actor.user.credential_uid', 'evidences.0.actor.user.credential_uid', 'actor.session.credential_uid')} />
      <Fact name="through" value={textAt(event, 'actor.invoked_by', 'actor.app_name')} />
      <Fact name="account" value={textAt(event, 'cloud.account.uid', 'cloud.project_uid', 'metadata.tenant_uid')} />
    </Part>
  );
}

function Deed({ event }: { event: OcsfEvent }) {
  const target = textAt(event, 'user.name');
  const thing = textAt(event, 'resources.0.uid', 'resources.0.name', 'group.name', 'entity.name');
  const signsIn = numberAt(event, 'class_uid') === classes.authentication;
  const operation = textAt(event, 'api.operation', 'evidences.0.api.operation', 'metadata.event_code', 'message');
  return (
    <Part title="Does" main={signsIn ? 'signs in' : operation}>
      <Fact name="service" value={textAt(event, 'api.service.name', 'service.name', 'evidences.0.api.service.name', 'metadata.product.name')} />
      <Fact name="to" value={thing || (signsIn ? '' : target)} named={!thing} />
      <Fact name="kind" value={textAt(event, 'resources.0.type')} />
      <Fact name="asks" value={textAt(event, 'api.request.data')} />
      <Fact name="region" value={textAt(event, 'cloud.region')} />
    </Part>
  );
}

// Whether the place is a new one the decision remembers: it was made with what was known before the event.
function Place({ event, features }: { event: OcsfEvent; features: Feature[] }) {
  const valueOf = (name: string): number | null => features.find((feature) => feature.name === name)?.value ?? null;
  const address = textAt(event, 'src_endpoint.ip', 'evidences.0.src_endpoint.ip');
  const isNew = valueOf('place_is_new');
  const isNewHere = valueOf('place_is_new_here');
  return (
    <Part title="From" main={address || textAt(event, 'src_endpoint.name', 'src_endpoint.svc_name')} named={address}>
      {isNew !== null && <Fact name="before" value={isNew > 0 ? 'never from there' : 'has acted from there'} ours />}
      {isNewHere !== null && isNewHere > 0 && <Fact name="others" value="nobody here acted from there" ours />}
      <Fact name="in" value={[textAt(event, 'src_endpoint.location.city'), textAt(event, 'src_endpoint.location.country', 'evidences.0.src_endpoint.location.country')].filter(Boolean).join(', ')} />
      <Fact name="program" value={textAt(event, 'http_request.user_agent')} />
    </Part>
  );
}

// `named` is what events call `main`, where it is somebody or a place.
function Part({ title, main, named = '', children }: { title: string; main: string; named?: string; children: preact.ComponentChildren }) {
  return (
    <div class="cloud-identity-part">
      <span class="quiet">{title}</span>
      {named ? <Entity name={named} shown={main} class="cloud-identity-main" /> : <Untrusted text={main || 'not told'} class="cloud-identity-main" />}
      <dl>{children}</dl>
    </div>
  );
}

// `ours` are words of the console and not of the event; `named` is somebody.
function Fact({ name, value, ours = false, named = false }: { name: string; value: string; ours?: boolean; named?: boolean }) {
  if (value === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{ours ? value : named ? <Entity name={value} class="event-value" /> : <Untrusted text={value} class="event-value" />}</dd>
    </div>
  );
}
