// One case: what it is about, why it was found, the mail, and what happened with it.
import { useEffect, useRef } from 'preact/hooks';
import type { Case } from '../api/contract';
import { Due, StateChip, VerdictChip } from '../kit/chips';
import { DomainMark } from '../kit/domain_mark';
import { Icon } from '../kit/icon';
import { Key } from '../kit/key';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { Owner } from '../kit/owner';
import { SeverityMark } from '../kit/severity';
import { Untrusted } from '../kit/untrusted';
import { FindingView } from '../findings/finding_view';
import { assignToMe, openAssign, openSnooze, openVerdict } from '../queue/queue_actions';
import { mayChange } from '../session/session';
import { useShortcuts } from '../shell/shortcuts';
import { plural } from '../words/number';
import { dateTime } from '../words/time';
import { domainName, severityName, shortId } from '../words/vocabulary';
import { CaseAbout } from './case_about';
import { type CaseFindings, useCaseFindings } from './case_findings';
import { CaseHolds } from './case_holds';
import { FindingList } from './finding_list';
import { firstToShow } from './first_finding';
import { History } from './history';
import { caseOf } from './known_cases';
import { openCases } from './open_case';
import { SimilarCases, tally } from './similar_cases';

interface CaseViewProps {
  id: string;
  findingId: string | null;
  onClose: () => void;
}

export function CaseView({ id, findingId, onClose }: CaseViewProps) {
  const loaded = openCases.get(id).value;
  const summary = caseOf(id)?.value;
  const detail = loaded.value;
  const scroller = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (openCases.has(id) && openCases.get(id).peek().value) void openCases.reload(id);
  }, [id]);

  const findings = useCaseFindings(detail);
  const current = findingId ?? (detail && firstToShow(detail));
  const turn = (by: number) => void findings.turn(current, by);
  useShortcuts('Case', [
    { keys: ']', says: 'Next finding of the case', run: () => turn(1) },
    { keys: '[', says: 'Previous finding of the case', run: () => turn(-1) },
    { keys: 'n', says: 'Write a note', run: () => document.querySelector<HTMLElement>('#note')?.focus() },
    { keys: 'Space', says: 'Scroll the case', run: (event) => scroller.current?.scrollBy({ top: (event.shiftKey ? -0.8 : 0.8) * scroller.current.clientHeight }) },
  ]);

  const one = summary ?? detail;
  if (!one) {
    if (!loaded.problem) return <Ghost lines={12} />;
    if (loaded.problem.status === 404)
      return (
        <Notice icon="search" title="There is no such case">
          <p>No case is called <code>{id}</code>. The address may have been cut.</p>
          <button class="button" onClick={onClose}>Back to the queue</button>
        </Notice>
      );
    return <ProblemNotice what="The case could not be read" problem={loaded.problem} retry={() => void openCases.reload(id)} />;
  }
  const enabled = mayChange.value;
  const why = enabled ? '' : ' (your role reads only)';
  return (
    <article class="case" aria-label="Case">
      <header class="case-head">
        <div class="case-bar">
          <button class="button button-icon case-back" aria-label="Close the case" title="Close the case (Esc)" onClick={onClose}>
            <Icon name="back" />
          </button>
          <code class="case-id" title={one.id}>{shortId(one.id)}</code>
          <span class="stretch" />
          <div class="case-actions" role="toolbar" aria-label="Actions on the case">
            <button class="button" disabled={!enabled} title={`Assign to me (A)${why}`} onClick={assignToMe}>
              <Icon name="person" />
              <span class="button-text">Assign to me</span> <Key keys="a" />
            </button>
            <button class="button" disabled={!enabled} title={`Snooze (S)${why}`} onClick={(event) => openSnooze(event.currentTarget)}>
              <Icon name="bell_off" />
              <span class="button-text">Snooze</span> <Key keys="s" />
            </button>
            <button class="button button-primary" disabled={!enabled} title={`Give a verdict (E)${why}`} onClick={openVerdict}>
              <Icon name="verdict" /> Verdict <Key keys="e" />
            </button>
          </div>
        </div>
        <h2 class="case-title">
          <Untrusted text={one.title || '(no subject)'} />
        </h2>
        <div class="case-facts">
          <span class="fact">
            <SeverityMark severity={one.severity} /> {severityName[one.severity] ?? one.severity}
          </span>
          <span class="fact">
            <DomainMark domains={one.domains} /> <span aria-hidden="true">{one.domains.map((domain) => domainName[domain] ?? domain).join(', ')}</span>
          </span>
          <StateChip state={one.state} />
          {one.verdict && <VerdictChip verdict={one.verdict} />}
          {one.suppressed_by && (
            <a class="chip" href="/suppressions" title={`Kept quiet by suppression ${one.suppressed_by}`}>
              Suppressed
            </a>
          )}
          <button class="fact fact-button" disabled={!enabled} title={`Assign (Shift+A)${why}`} onClick={(event) => openAssign(event.currentTarget)}>
            <Owner name={one.owner} /> {one.owner === null ? 'Nobody' : <Untrusted text={one.owner} />}
          </button>
          {one.state === 'snoozed' && <span class="fact quiet">until {dateTime(one.snoozed_until)}</span>}
          {one.state !== 'resolved' && one.state !== 'snoozed' && <Due at={one.due_at} />}
          <span class="fact quiet">
            {plural(one.findings, 'finding')}
            {one.recipient_count > 0 && <>, {plural(one.recipient_count, 'recipient')}</>}
          </span>
          {detail && tally(detail.similar) && <span class="fact quiet">of similar cases {tally(detail.similar)}</span>}
        </div>
        {one.grouped_by && (
          <p class="case-group">
            <Icon name="layers" /> <span>Together because of <Untrusted text={one.grouped_by} /></span>
          </p>
        )}
        <CaseAbout one={one} />
        {detail?.holds && detail.holds.length > 0 && <CaseHolds ids={detail.holds} />}
      </header>
      <div class="case-scroll" ref={scroller} data-scrolls tabIndex={0} role="region" aria-label="Details of the case">
        {loaded.problem && detail === null ? (
          <ProblemNotice what="The case could not be read" problem={loaded.problem} retry={() => void openCases.reload(id)} />
        ) : (
          <CaseBody detail={detail} findings={findings} findingId={current} id={id} />
        )}
      </div>
    </article>
  );
}

interface CaseBodyProps {
  detail: Case | null;
  findings: CaseFindings;
  findingId: string | null;
  id: string;
}

function CaseBody({ detail, findings, findingId, id }: CaseBodyProps) {
  if (!detail) return <Ghost lines={10} />;
  return (
    <div class="case-columns">
      <div class="case-main">
        {detail.finding_list.length > 1 && <FindingList detail={detail} findings={findings} current={findingId} />}
        {findingId ? <FindingView id={findingId} /> : <p class="quiet">This case has no findings yet.</p>}
      </div>
      <aside class="case-side" aria-label="History and similar cases">
        <SimilarCases list={detail.similar} mail={detail.domains.every((domain) => domain === 'mail')} />
        <History id={id} entries={detail.history} findings={detail.findings} />
      </aside>
    </div>
  );
}
