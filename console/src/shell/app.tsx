// Which page is shown.
import { useEffect } from 'preact/hooks';
import { Menu } from '../kit/menu';
import { Notice } from '../kit/notice';
import { Icon } from '../kit/icon';
import { VerdictDialog } from '../cases/verdict_dialog';
import { filter } from '../queue/filter';
import { counts } from '../queue/queue';
import { QueuePage } from '../queue/queue_page';
import { viewName } from '../queue/views';
import { resume, session, takePlace } from '../session/session';
import { SessionEnded, SignInPage } from '../session/sign_in';
import { ConnectionBanner, goLive } from './connection';
import { HelpSheet } from './help_sheet';
import { later } from './later';
import { decoded, go, path } from './location';
import { Navigation } from './navigation';
import { Toasts } from './toasts';

const StatusPage = later(() => import('../status/status_page'));
const SourcesPage = later(() => import('../sources/sources_page'));
const EventsPage = later(() => import('../events/events_page'));
const FeaturesPage = later(() => import('../features/features_page'));
const ModelsPage = later(() => import('../models/models_page'));
const RunPage = later(() => import('../models/run_page'));
const ComparePage = later(() => import('../models/compare_page'));
const DeploymentsPage = later(() => import('../deployments/deployments_page'));
const AuditPage = later(() => import('../audit/audit_page'));
const LineagePage = later(() => import('../lineage/lineage_page'));
const PeoplePage = later(() => import('../people/people_page'));
const RetentionPage = later(() => import('../retention/retention_page'));
const SuppressionsPage = later(() => import('../suppressions/suppressions_page'));

const pageNames: Record<string, string> = {
  events: 'Events', sources: 'Sources', features: 'Features', models: 'Models', deployments: 'Deployments', audit: 'Audit log', lineage: 'Lineage', status: 'Status', suppressions: 'Suppressions', people: 'People', retention: 'Retention',
};

function Page() {
  const [, page, first, second] = path.value.split('/');
  useEffect(() => {
    if (page === '' || page === 'sign-in') go((page === '' && takePlace()) || '/queue', 'replace');
    if (page === 'cases' && first) go(`/queue/${first}?state=all`, 'replace');
    const open = counts.value ? counts.value.new + counts.value.in_progress : 0;
    const name = page === 'queue' ? `${open > 0 ? `(${open}) ` : ''}${viewName(filter.value)}` : (pageNames[page ?? ''] ?? '');
    document.title = name ? `${name} · Winnow` : 'Winnow';
  }, [page, first, counts.value, filter.value]);
  if (page === 'queue') return <QueuePage opened={decoded(first)} finding={decoded(second)} />;
  if (page === 'status') return <StatusPage />;
  if (page === 'events') return <EventsPage />;
  if (page === 'sources') return <SourcesPage />;
  if (page === 'features') return <FeaturesPage />;
  if (page === 'suppressions') return <SuppressionsPage />;
  if (page === 'people') return <PeoplePage />;
  if (page === 'retention') return <RetentionPage />;
  if (page === 'models' && first) return second ? <ComparePage key={`${first} ${second}`} /> : <RunPage key={first} />;
  if (page === 'models') return <ModelsPage />;
  if (page === 'deployments') return <DeploymentsPage />;
  if (page === 'audit') return <AuditPage />;
  if (page === 'lineage' && first) return <LineagePage key={first} />;
  if (page === '' || page === 'sign-in' || page === 'cases') return null;
  return (
    <div class="page">
      <Notice icon="search" title="There is no such page" alone>
        <a class="button" href="/queue">Go to the queue</a>
      </Notice>
    </div>
  );
}

function Workplace() {
  useEffect(goLive, []);
  return (
    <div class="shell">
      <Navigation />
      <main class="shell-main">
        <ConnectionBanner />
        <Page />
        <Menu />
      </main>
      <Toasts />
      <HelpSheet />
      <VerdictDialog />
      {session.value === 'ended' && <SessionEnded />}
    </div>
  );
}

const tryAgainMs = 5_000;

function Unreachable() {
  useEffect(() => {
    const timer = setInterval(() => void resume(), tryAgainMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <main class="sign-in">
      <Notice icon="offline" title="The server does not answer" alone>
        <p>Winnow may be starting, or the network is away. This page keeps trying.</p>
        <button class="button" onClick={() => void resume()}>
          <Icon name="refresh" /> Try now
        </button>
      </Notice>
    </main>
  );
}

export function App() {
  switch (session.value) {
    case 'asking':
      return null;
    case 'none':
      return <SignInPage />;
    case 'unreachable':
      return <Unreachable />;
    default:
      return <Workplace />;
  }
}
