// An event that is no mail: what it says in short, its connection, and all of it. Every value may come from an attacker.
import { useState } from 'preact/hooks';
import type { Feature, OcsfEvent } from '../api/contract';
import { Entity } from '../kit/entity';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { Connection } from './connection';
import { CloudIdentity, isOfCloudIdentity } from './cloud_identity';
import { Logon } from './logon';
import { linesOf, maxLines, textAt } from './ocsf';
import { namesProcess, ProcessTree } from './process_tree';

// What is told of each side of an event, where it has that side: any fact of it, or one of what it is `about`. Facts with an `entity` name somebody or something
// whose other events can be looked for.
const entity = true;
const parts: { title: string; about?: string[]; facts: [string, string[], true?][] }[] = [
  {
    title: 'Alert',
    facts: [
      ['Signature', ['finding_info.title']],
      ['Category', ['finding_info.analytic.category', 'finding_info.types.0']],
      ['Number', ['finding_info.analytic.uid']],
      ['Severity', ['severity']],
    ],
  },
  {
    title: 'Name',
    facts: [
      ['Asked for', ['query.hostname', 'evidences.0.query.hostname'], entity],
      ['Record', ['query.type', 'evidences.0.query.type']],
      ['Answer', ['answers.0.rdata']],
      ['Result', ['rcode']],
    ],
  },
  {
    title: 'Request',
    about: ['http_request.http_method', 'http_request.url.path', 'evidences.0.http_request.http_method', 'evidences.0.http_request.url.path', 'http_response.code'],
    facts: [
      ['Method', ['http_request.http_method', 'evidences.0.http_request.http_method']],
      ['Host', ['http_request.url.hostname', 'evidences.0.http_request.url.hostname'], entity],
      ['Path', ['http_request.url.path', 'evidences.0.http_request.url.path']],
      ['Program', ['http_request.user_agent', 'evidences.0.http_request.user_agent']],
      ['Status', ['http_response.code', 'evidences.0.http_response.code']],
      ['Content', ['http_response.content_type', 'evidences.0.http_response.content_type']],
    ],
  },
  {
    title: 'Encryption',
    facts: [
      ['Server', ['tls.sni', 'evidences.0.tls.sni'], entity],
      ['Version', ['tls.version', 'evidences.0.tls.version']],
      ['Issuer', ['tls.certificate.issuer', 'evidences.0.tls.certificate.issuer']],
      ['Subject', ['tls.certificate.subject', 'evidences.0.tls.certificate.subject']],
      ['Client', ['tls.ja3_hash.value']],
    ],
  },
  {
    title: 'File',
    facts: [
      ['Name', ['file.name']],
      ['Type', ['file.mime_type']],
      ['Size', ['file.size']],
      ['Digest', ['file.hashes.2.value', 'file.hashes.0.value'], entity],
    ],
  },
  {
    title: 'Process',
    about: ['process.name', 'process.cmd_line', 'actor.process.name', 'evidences.0.process.name', 'evidences.0.process.cmd_line'],
    facts: [
      ['Program', ['process.file.path', 'process.name', 'evidences.0.process.file.path', 'evidences.0.process.name']],
      ['Command', ['process.cmd_line', 'evidences.0.process.cmd_line']],
      ['User', ['process.user.name', 'evidences.0.user.name', 'actor.user.name'], entity],
      ['Host', ['device.hostname'], entity],
      ['Integrity', ['process.integrity']],
      ['Original name', ['process.file.internal_name']],
      ['Digest', ['process.file.hashes.2.value', 'process.file.hashes.0.value', 'evidences.0.process.file.hashes.0.value'], entity],
      ['Maker', ['process.file.company_name']],
      ['Rights asked for', ['actual_permissions']],
      ['By', ['actor.process.file.path', 'actor.process.name', 'evidences.0.process.parent_process.name']],
      ['Its command', ['actor.process.cmd_line', 'evidences.0.process.parent_process.cmd_line']],
    ],
  },
  {
    title: 'Service',
    facts: [
      ['Name', ['win_service.name']],
      ['Runs', ['win_service.cmd_line']],
      ['As', ['win_service.service_start_name']],
    ],
  },
  {
    title: 'Task',
    facts: [
      ['Name', ['job.name']],
      ['Runs', ['job.cmd_line']],
      ['As', ['job.user.name']],
    ],
  },
  {
    title: 'Registry',
    facts: [
      ['Key', ['reg_value.path', 'reg_key.path']],
      ['Value', ['reg_value.name']],
      ['Data', ['reg_value.data']],
      ['Before', ['prev_reg_value.data', 'prev_reg_key.path']],
    ],
  },
  {
    title: 'Script',
    facts: [
      ['File', ['script.file.path']],
      ['Text', ['script.script_content.value']],
    ],
  },
  {
    title: 'Share',
    facts: [
      ['Share', ['share']],
      ['File', ['file.path']],
    ],
  },
];

// `decision` is the one on it, null where there is none; `features` what it looked at.
export function EventView({ event, decision, features }: { event: OcsfEvent; decision: string | null; features: Feature[] }) {
  const ofIdentity = isOfCloudIdentity(event);
  // What an identity did came from a place, and is no connection of two machines.
  const isConnection = !ofIdentity || textAt(event, 'dst_endpoint.ip', 'evidences.0.dst_endpoint.ip') !== '';
  return (
    <>
      {ofIdentity ? <CloudIdentity event={event} features={features} /> : <Logon event={event} />}
      {isConnection && <Connection event={event} finding={decision} />}
      {decision && namesProcess(event) && <ProcessTree finding={decision} />}
      {parts.map(({ title, about, facts }) => {
        if (about && textAt(event, ...about) === '') return null;
        const told = facts.map(([name, paths, named]) => [name, textAt(event, ...paths), named] as const).filter(([, value]) => value !== '');
        if (told.length === 0) return null;
        return (
          <section key={title} class="section">
            <header class="section-head">
              <h3>{title}</h3>
            </header>
            <dl class="facts">
              {told.map(([name, value, named]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    {named ? <Entity name={value} class="event-value" /> : <Untrusted text={value} class="event-value" />}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
      <WholeEvent event={event} />
    </>
  );
}

function WholeEvent({ event }: { event: OcsfEvent }) {
  const [open, setOpen] = useState(false);
  const lines = open ? linesOf(event) : [];
  return (
    <details class="section fold" open={open} onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={12} /> <h3>Whole event</h3> <span class="quiet">{textAt(event, 'class_name')}, OCSF {textAt(event, 'metadata.version')}</span>
      </summary>
      {open && (
        <dl class="headers">
          {lines.map(({ path, value }) => (
            <div key={path}>
              <dt>
                <Untrusted text={path} />
              </dt>
              <dd>
                <Untrusted text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {open && lines.length === maxLines && <p class="quiet">The event goes on; only its beginning is shown.</p>}
    </details>
  );
}
