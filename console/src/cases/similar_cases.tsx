// What resembled this case before, and what became of it.
import type { SimilarCase } from '../api/contract';
import { StateChip, VerdictChip } from '../kit/chips';
import { Untrusted } from '../kit/untrusted';
import { ago, exactTime, now } from '../words/time';

// "3 of 4 were true positives": what an analyst wants to know first.
export function tally(list: SimilarCase[]): string {
  const judged = list.filter((one) => one.verdict);
  if (judged.length === 0) return '';
  const bad = judged.filter((one) => one.verdict === 'true_positive').length;
  return `${bad} of ${judged.length} ${judged.length === 1 ? 'was a true positive' : 'were true positives'}`;
}

// What is compared: a mail's text, links and sender; of what is no mail who acted, what happened, and the hosts, users, addresses, indicators
// and techniques that both name.
export function SimilarCases({ list, mail }: { list: SimilarCase[]; mail: boolean }) {
  return (
    <section class="section">
      <header class="section-head">
        <h3>Similar cases</h3>
        <span class="quiet">{tally(list)}</span>
      </header>
      {list.length === 0 && <p class="quiet">{mail ? 'Nothing like it was seen before.' : 'No other case of the same actor, host, user, address, indicator or technique.'}</p>}
      <ol class="similar">
        {list.map((one) => (
          <li key={one.id}>
            <a href={`/queue/${encodeURIComponent(one.id)}?state=all`}>
              <Untrusted text={one.title || '(no subject)'} />
            </a>
            <p class="similar-line">
              {one.verdict ? <VerdictChip verdict={one.verdict} /> : <StateChip state={one.state} />}
              {one.resolved_at && (
                <time class="quiet" title={exactTime(one.resolved_at)}>
                  {ago(one.resolved_at, now.value)}
                </time>
              )}
            </p>
            <p class="quiet similar-why">
              <Untrusted text={one.why} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
