// Which finding of a case is shown below, when there are several: one line, with all of them on request, kind by kind.
import { useState } from 'preact/hooks';
import type { Case, FindingKind, FindingSummary } from '../api/contract';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { count, percent, plural } from '../words/number';
import { withoutArns } from '../words/short_name';
import { ago, exactTime, now } from '../words/time';
import { type CaseFindings, findingAddress } from './case_findings';

interface FindingListProps {
  detail: Case;
  findings: CaseFindings;
  current: string | null;
}

export function FindingList({ detail, findings, current }: FindingListProps) {
  const [all, setAll] = useState(false);
  const at = findings.indexOf(current);
  const shown = findings.list[at];
  return (
    <section class="section section-tight">
      <header class="section-head finding-head">
        <h3>
          Finding {at < 0 ? '' : count(at + 1)} <span class="quiet">of {count(detail.findings)}</span>
        </h3>
        <span class="finding-turn">
          <button class="button button-icon" aria-label="Previous finding" title="Previous finding ([)" disabled={at <= 0} onClick={() => void findings.turn(current, -1)}>
            <Icon name="back" />
          </button>
          <button
            class="button button-icon finding-next"
            aria-label="Next finding"
            title="Next finding (])"
            disabled={at >= detail.findings - 1}
            onClick={() => void findings.turn(current, 1)}
          >
            <Icon name="back" />
          </button>
        </span>
        {shown && (
          <span class="quiet finding-to">
            {shown.recipient && (
              <>
                to <Untrusted text={shown.recipient} />,{' '}
              </>
            )}
            {shown.joined_by && (
              <>
                joined by <Untrusted text={withoutArns(shown.joined_by)} />,{' '}
              </>
            )}
            <time title={exactTime(shown.event_time)}>{ago(shown.event_time, now.value)}</time>
          </span>
        )}
        <span class="stretch" />
        <button class="button button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Hide list' : detail.kinds.length > 1 ? `Show all, of ${plural(detail.kinds.length, 'kind')}` : 'Show all'}
        </button>
      </header>
      {all && <Kinds detail={detail} findings={findings} current={shown?.id ?? null} />}
    </section>
  );
}

function Kinds({ detail, findings, current }: FindingListProps) {
  let from = 0;
  const kinds = detail.kinds.map((kind) => {
    const part = { kind, from };
    from += kind.findings;
    return part;
  });
  const [only] = kinds;
  if (only && kinds.length === 1) return <Lines detail={detail} findings={findings} current={current} from={0} most={only.kind.findings} />;
  return (
    <div class="finding-kinds">
      {kinds.map(({ kind, from: first }) => (
        <Kind key={kind.subject} kind={kind} detail={detail} findings={findings} current={current} from={first} />
      ))}
      {from < detail.findings && <p class="quiet">{plural(detail.findings - from, 'more finding')} of kinds that are more common.</p>}
    </div>
  );
}

function Kind({ kind, from, detail, findings, current }: FindingListProps & { kind: FindingKind; from: number }) {
  const here = findings.indexOf(current);
  const [opened, setOpened] = useState(here >= from && here < from + kind.findings);
  const single = findings.list[from];
  if (kind.findings === 1 && single)
    return (
      <a class={`finding-line finding-kind ${here === from ? 'finding-current' : ''}`} aria-current={here === from ? 'true' : undefined} href={findingAddress(detail.id, single.id)}>
        <KindWords kind={kind} />
      </a>
    );
  return (
    <>
      <button
        class="finding-line finding-kind"
        aria-expanded={opened}
        onClick={() => {
          setOpened(!opened);
          if (!opened) void findings.read(from);
        }}
      >
        <KindWords kind={kind} />
      </button>
      {opened && <Lines detail={detail} findings={findings} current={current} from={from} most={kind.findings} />}
    </>
  );
}

function KindWords({ kind }: { kind: FindingKind }) {
  const last = ago(kind.last_at, now.value);
  return (
    <>
      <span class="number">{`${count(kind.findings)} ×`}</span>
      <Untrusted text={kind.subject || '(no subject)'} />
      <span class="number">{percent(kind.probability)}</span>
      <time class="quiet" title={`${exactTime(kind.first_at)} to ${exactTime(kind.last_at)}`}>
        {kind.findings > 1 ? `${ago(kind.first_at, now.value)} to ${last}` : last}
      </time>
    </>
  );
}

// Those from one place on that are there, and what reads on.
function Lines({ detail, findings, current, from, most }: FindingListProps & { from: number; most: number }) {
  const there: FindingSummary[] = [];
  for (let at = from; at < from + most; at++) {
    const finding = findings.list[at];
    if (!finding) break;
    there.push(finding);
  }
  const left = most - there.length;
  return (
    <>
      <ol class="finding-list">
        {there.map((finding) => (
          <li key={finding.id}>
            <a
              class={`finding-line ${finding.id === current ? 'finding-current' : ''}`}
              aria-current={finding.id === current ? 'true' : undefined}
              href={findingAddress(detail.id, finding.id)}
            >
              <Untrusted text={finding.recipient || finding.sender} />
              <Untrusted text={finding.subject} class="finding-subject" />
              <span class="number">{percent(finding.probability)}</span>
              <time class="quiet" title={exactTime(finding.event_time)}>
                {ago(finding.event_time, now.value)}
              </time>
            </a>
          </li>
        ))}
      </ol>
      {left > 0 && (
        <button class="button button-quiet finding-more" onClick={() => void findings.read(from + there.length)}>
          Show more of {plural(left, 'other')}
        </button>
      )}
    </>
  );
}
