// One finding: the decision and what it was made about, a mail or another event.
import type { Finding } from '../api/contract';
import { openFindings } from '../cases/open_case';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { dateTime, exactTime } from '../words/time';
import { Decision } from './decision';
import { EventView } from './event_view';
import { Features } from './features';
import { MailView } from './mail_view';
import { Origin } from './origin';
import { WhoWasWhere } from './who_was_where';

export function FindingView({ id }: { id: string }) {
  const loaded = openFindings.get(id).value;
  if (loaded.value) return <FindingBody finding={loaded.value} />;
  if (loaded.problem) return <ProblemNotice what="The finding could not be read" problem={loaded.problem} retry={() => void openFindings.reload(id)} />;
  return <Ghost lines={10} />;
}

function FindingBody({ finding }: { finding: Finding }) {
  return (
    <>
      <Decision finding={finding} />
      <Subject finding={finding} />
      <Features list={finding.features} />
      <Origin finding={finding} />
    </>
  );
}

function Subject({ finding }: { finding: Finding }) {
  if (finding.mail) return <MailView key={finding.id} mail={finding.mail} />;
  if (finding.ocsf)
    return (
      <>
        <WhoWasWhere id={finding.id} />
        <EventView key={finding.id} event={finding.ocsf} decision={finding.id} features={finding.features} />
      </>
    );
  return (
    <section class="section">
      <header class="section-head">
        <h3>Record</h3>
      </header>
      {finding.mail_removed ? (
        <div class="mail-text mail-withheld">
          <Icon name="archive" />
          <p>
            The record was removed on <span title={exactTime(finding.mail_removed.at)}>{dateTime(finding.mail_removed.at)}</span>, its time being over ({finding.mail_removed.rule}).
            The decision above stands by itself.
          </p>
        </div>
      ) : (
        <p class="quiet">The record is no longer kept. The decision above stands by itself.</p>
      )}
    </section>
  );
}
