// The mail as text. Nothing of it is ever markup: no HTML, no image, no link that could be followed.
import { useState } from 'preact/hooks';
import type { Mail } from '../api/contract';
import { Icon } from '../kit/icon';
import { Entity } from '../kit/entity';
import { Untrusted } from '../kit/untrusted';
import { me } from '../session/session';
import { plural } from '../words/number';
import { dateTime, exactTime } from '../words/time';
import { roleName } from '../words/vocabulary';
import { Attachments } from './attachments';
import { AuthenticationChips } from './authentication_chips';
import { Links } from './links';
import { MailPath } from './mail_path';

const foldedLength = 2_400;

export function MailView({ mail }: { mail: Mail }) {
  return (
    <>
      <section class="section">
        <header class="section-head">
          <h3>Mail</h3>
          <span class="stretch" />
          <AuthenticationChips list={mail.authentication} />
        </header>
        <Addresses mail={mail} />
        {mail.problems.length > 0 && (
          <ul class="problems" aria-label="Problems of the mail">
            {mail.problems.map((problem) => (
              <li key={problem}>
                <Icon name="warning" size={13} /> <Untrusted text={problem} />
              </li>
            ))}
          </ul>
        )}
        <MailText mail={mail} />
      </section>
      <Links list={mail.links} />
      <Attachments list={mail.attachments} />
      <MailPath hops={mail.received} />
      <Headers mail={mail} />
    </>
  );
}

function Addresses({ mail }: { mail: Mail }) {
  const [all, setAll] = useState(false);
  const few = (list: string[]) => (all ? list : list.slice(0, 3));
  const lines: [string, string[]][] = [
    ['Reply to', mail.reply_to.filter((address) => address !== mail.from.mailbox)],
    ['To', mail.to],
    ['Cc', mail.cc],
  ];
  return (
    <dl class="facts mail-addresses">
      <div>
        <dt>From</dt>
        <dd>
          {mail.from.name && (
            <>
              <Untrusted text={mail.from.name} class="mail-name" />{' '}
            </>
          )}
          {mail.from.mailbox ? <Entity name={mail.from.mailbox} class="mailbox" /> : <span class="mailbox">(no sender)</span>}
        </dd>
      </div>
      {lines.map(
        ([name, list]) =>
          list.length > 0 && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {few(list).map((address, index) => (
                  <Entity key={index} name={address} class="mailbox" />
                ))}
                {list.length > few(list).length && (
                  <button class="button button-quiet" onClick={() => setAll(true)}>
                    and {list.length - few(list).length} more
                  </button>
                )}
              </dd>
            </div>
          ),
      )}
      <div>
        <dt>Date</dt>
        <dd title={exactTime(mail.date)}>{dateTime(mail.date)}</dd>
      </div>
      <div>
        <dt>Subject</dt>
        <dd>
          <Untrusted text={mail.subject || '(no subject)'} />
        </dd>
      </div>
    </dl>
  );
}

function MailText({ mail }: { mail: Mail }) {
  const [all, setAll] = useState(false);
  if (mail.text === null) return <Withheld />;
  const text = mail.text.trimEnd();
  const isLong = text.length > foldedLength;
  if (text === '') return <p class="quiet">The mail has no text.</p>;
  return (
    <div class="mail-text">
      <pre>
        <Untrusted text={isLong && !all ? text.slice(0, foldedLength) : text} />
      </pre>
      {isLong && !all && (
        <button class="button" onClick={() => setAll(true)}>
          Show all {plural(text.length, 'character')}
        </button>
      )}
      {mail.truncated && (all || !isLong) && <p class="quiet">The text goes on; only its beginning is shown.</p>}
    </div>
  );
}

// What the mail says is not for this role. Who sent it, why it was found and how it came are.
function Withheld() {
  return (
    <div class="mail-text mail-withheld">
      <Icon name="shield" />
      <p>
        The text is withheld: the role {roleName[me.value?.role ?? 'sensor'].toLowerCase()} may not read what mails say. The texts and targets of links, the names of attachments
        and what reasons quote are left out too.
      </p>
    </div>
  );
}

function Headers({ mail }: { mail: Mail }) {
  const [open, setOpen] = useState(false);
  if (mail.headers.length === 0) return null;
  return (
    <details class="section fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={12} /> <h3>Headers</h3> <span class="quiet">{mail.headers.length}</span>
      </summary>
      {open && (
        <dl class="headers">
          {mail.headers.map((header, index) => (
            <div key={index}>
              <dt>
                <Untrusted text={header.name} />
              </dt>
              <dd>
                <Untrusted text={header.value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
