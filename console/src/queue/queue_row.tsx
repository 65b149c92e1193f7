// One case of the list. On a narrow list it takes two lines, on a wide one a single line of columns: the style sheet decides.
import { caseOf } from '../cases/known_cases';
import { Due } from '../kit/chips';
import { DomainMark } from '../kit/domain_mark';
import { Owner } from '../kit/owner';
import { SeverityMark } from '../kit/severity';
import { plainOf, Untrusted } from '../kit/untrusted';
import { withQuery } from '../shell/location';
import { count, percent } from '../words/number';
import { shortName, withoutArns } from '../words/short_name';
import { age, now } from '../words/time';
import { stateName, verdictName } from '../words/vocabulary';
import { cursor, selected, selectRange, toggle } from './cursor';
import { stillBelongs } from './queue';
import { RowAbout, Worth, worthOfSender } from './row_about';

interface QueueRowProps {
  id: string;
  index: number;
  top: number;
  opened: boolean;
}

export function QueueRow({ id, index, top, opened }: QueueRowProps) {
  const one = caseOf(id)?.value;
  if (!one) return null;
  const isSelected = selected.value.has(id);
  const isCursor = cursor.value === id;
  const changedElsewhere = !stillBelongs(one);
  const name = ['row', isCursor && 'row-cursor', opened && 'row-open', isSelected && 'row-selected', changedElsewhere && 'row-gone']
    .filter(Boolean)
    .join(' ');
  const note = one.verdict ? verdictName[one.verdict] : one.state === 'new' ? '' : stateName[one.state];
  return (
    <div id={`row-${id}`} role="row" aria-rowindex={index + 1} aria-selected={isSelected} class={name} style={{ transform: `translateY(${top}px)` }} data-case={id}>
      <span role="gridcell" class="row-mark">
        <SeverityMark severity={one.severity} />
        <input
          type="checkbox"
          class="check"
          tabIndex={-1}
          checked={isSelected}
          aria-label={`Select ${plainOf(one.title)}`}
          onClick={(event) => {
            event.stopPropagation();
            event.shiftKey ? selectRange(id) : toggle(id);
          }}
        />
      </span>
      <span role="gridcell" class="row-title">
        <a href={withQuery(`/queue/${encodeURIComponent(id)}`)} tabIndex={-1} title={plainOf(one.title)}>
          <Untrusted text={one.title || '(no subject)'} />
        </a>
        {one.findings > 1 && (
          <span class="row-findings" title={`${count(one.findings)} findings${one.grouped_by ? `: ${plainOf(one.grouped_by)}` : ''}`}>
            {count(one.findings)}
          </span>
        )}
        <span class="row-why">
          <Untrusted text={withoutArns(one.reasons[0] ?? '')} />
        </span>
      </span>
      <span role="gridcell" class="row-sender" title={plainOf(one.sender)}>
        <DomainMark domains={one.domains} /> <Untrusted text={shortName(one.sender)} />
        <Worth criticality={worthOfSender(one)} />
      </span>
      <RowAbout one={one} />
      <span role="gridcell" class="row-state">{changedElsewhere ? `${note || stateName[one.state]} elsewhere` : note}</span>
      <span role="gridcell" class="row-probability" title="How likely it is malicious">
        {percent(one.probability)}
      </span>
      <span role="gridcell" class="row-due">
        {one.state === 'snoozed' || one.state === 'resolved' ? null : <Due at={one.due_at} />}
      </span>
      <span role="gridcell" class="row-owner">
        <Owner name={one.owner} />
      </span>
      <span role="gridcell" class="row-age" title={`Last finding ${one.last_finding_at}`}>
        {age(one.last_finding_at, now.value)}
      </span>
    </div>
  );
}
