// What started what on the machine around an event, as the events that arrived around it tell. Every text is hostile.
import type { OcsfEvent, ProcessNode } from '../api/contract';
import { openTrees } from '../cases/open_case';
import { Entity, eventAt } from '../kit/entity';
import { Ghost, ProblemNotice } from '../kit/notice';
import { Untrusted } from '../kit/untrusted';
import { plural } from '../words/number';
import { exactTime, now, timeToday } from '../words/time';
import { textAt } from './ocsf';

export const namesProcess = (event: OcsfEvent): boolean =>
  textAt(event, 'process.uid', 'process.pid', 'actor.process.uid', 'actor.process.pid', 'evidences.0.process.uid', 'evidences.0.process.pid') !== '';

export function ProcessTree({ finding }: { finding: string }) {
  const loaded = openTrees.get(finding).value;
  const tree = loaded.value;
  if (tree && tree.processes.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Processes</h3>
        {tree && (
          <span class="quiet">
            as {plural(tree.looked_at, 'event')} around it {tree.looked_at === 1 ? 'tells' : 'tell'}
          </span>
        )}
      </header>
      {!tree && !loaded.problem && <Ghost lines={4} />}
      {!tree && loaded.problem && <ProblemNotice what="The processes could not be read" problem={loaded.problem} retry={() => void openTrees.reload(finding)} />}
      {tree && (
        <ol class="processes">
          {tree.processes.map((process, index) => (
            <Node key={index} process={process} />
          ))}
        </ol>
      )}
      {tree?.cut && <p class="quiet">It started more; only the first are shown.</p>}
    </section>
  );
}

const deepest = 12; // further in there is no room

function Node({ process }: { process: ProcessNode }) {
  const name = <Untrusted text={process.name || process.path || 'a process without a name'} class="process-name" />;
  return (
    <li class={`process process-${process.kin}`} style={{ '--depth': Math.min(process.depth, deepest) }} aria-current={process.kin === 'own' ? 'true' : undefined}>
      <div class="process-head">
        {process.event ? (
          <a class="entity" href={eventAt(process.event)} title="The event that tells of it">
            {name}
          </a>
        ) : (
          name
        )}
        {process.kin === 'own' && <span class="chip">this process</span>}
        {process.pid !== null && <span class="quiet number">{process.pid}</span>}
        {process.user && <Entity name={process.user} class="quiet" />}
        <span class="stretch" />
        {process.started ? (
          <time class="quiet number" title={exactTime(process.started)}>
            {timeToday(process.started, now.value)}
          </time>
        ) : (
          <span class="quiet">start not seen</span>
        )}
      </div>
      {process.command && <Untrusted text={process.command} class="process-command" />}
      {process.path && !process.command.includes(process.path) && <Untrusted text={process.path} class="process-path quiet" />}
      {process.sha256 && process.kin === 'own' && (
        <span class="process-path quiet">
          SHA-256 <Entity name={process.sha256} />
        </span>
      )}
    </li>
  );
}
