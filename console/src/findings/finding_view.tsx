// One finding: the decision and the mail it was made about.
import type { Finding } from '../api/contract';
import { openFindings } from '../cases/open_case';
import { Icon } from '../kit/icon';
import { Ghost, ProblemNotice } from '../kit/notice';
import { dateTime, exactTime } from '../words/time';
import { Decision } from './decision';
import { Features } from './features';
import { MailView } from './mail_view';
import { Origin } from './origin';

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
      {finding.mail ? (
        <MailView key={finding.id} mail={finding.mail} />
      ) : (
        <section class="section">
          <header class="section-head">
            <h3>Mail</h3>
          </header>
          {finding.mail_removed ? (
            <div class="mail-text mail-withheld">
              <Icon name="archive" />
              <p>
                The mail was removed on <span title={exactTime(finding.mail_removed.at)}>{dateTime(finding.mail_removed.at)}</span>, its time being over ({finding.mail_removed.rule}).
                The decision above stands by itself.
              </p>
            </div>
          ) : (
            <p class="quiet">The mail is no longer kept. The decision above stands by itself.</p>
          )}
        </section>
      )}
      <Features list={finding.features} />
      <Origin finding={finding} />
    </>
  );
}
