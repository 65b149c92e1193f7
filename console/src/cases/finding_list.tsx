// Which finding of a case is shown below, when there are several: one line, with all of them on request.
import { useState } from 'preact/hooks';
import type { Case, FindingSummary } from '../api/contract';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { go, withQuery } from '../shell/location';
import { count, percent } from '../words/number';
import { ago, exactTime, now } from '../words/time';

export const findingAddress = (caseId: string, id: string): string => withQuery(`/queue/${encodeURIComponent(caseId)}/${encodeURIComponent(id)}`);

export function FindingList({ detail, current }: { detail: Case; current: string | null }) {
  const [all, setAll] = useState(false);
  const list = detail.finding_list;
  const at = Math.max(0, list.findIndex((finding) => finding.id === current));
  const shown = list[at];
  const turn = (by: number) => {
    const next = list[at + by];
    if (next) go(findingAddress(detail.id, next.id), 'replace');
  };
  return (
    <section class="section section-tight">
      <header class="section-head finding-head">
        <h3>
          Finding {at + 1} <span class="quiet">of {count(detail.findings)}</span>
        </h3>
        <span class="finding-turn">
          <button class="button button-icon" aria-label="Previous finding" title="Previous finding ([)" disabled={at === 0} onClick={() => turn(-1)}>
            <Icon name="back" />
          </button>
          <button class="button button-icon finding-next" aria-label="Next finding" title="Next finding (])" disabled={at >= list.length - 1} onClick={() => turn(1)}>
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
                joined by <Untrusted text={shown.joined_by} />,{' '}
              </>
            )}
            <time title={exactTime(shown.event_time)}>{ago(shown.event_time, now.value)}</time>
          </span>
        )}
        <span class="stretch" />
        <button class="button button-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Hide list' : list.length === detail.findings ? 'Show all' : `Show the first ${list.length}`}
        </button>
      </header>
      {all && <FindingLines caseId={detail.id} list={list} current={shown?.id ?? null} />}
    </section>
  );
}

function FindingLines({ caseId, list, current }: { caseId: string; list: FindingSummary[]; current: string | null }) {
  return (
    <ol class="finding-list">
      {list.map((finding) => (
        <li key={finding.id}>
          <a
            class={`finding-line ${finding.id === current ? 'finding-current' : ''}`}
            aria-current={finding.id === current ? 'true' : undefined}
            href={findingAddress(caseId, finding.id)}
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
  );
}
