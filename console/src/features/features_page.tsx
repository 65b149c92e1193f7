// What the champion of a domain looks at: how each feature is declared, how much it weighs, and its values over history.
import '../style/models.css';
import '../style/features.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FeatureDefinition, FeaturePreview, FeatureSet } from '../api/contract';
import * as api from '../api/endpoints';
import { asProblem, type Problem } from '../api/problem';
import { useLoaded } from '../api/use_loaded';
import { chosenDomain, DomainChoice } from '../kit/domain_choice';
import { Icon } from '../kit/icon';
import { Ghost, Notice, ProblemNotice } from '../kit/notice';
import { useSteps } from '../kit/opened';
import { SearchField } from '../kit/search_field';
import { Table } from '../kit/table';
import { Untrusted } from '../kit/untrusted';
import { goQuery, query } from '../shell/location';
import { count, plural, share } from '../words/number';
import { dateTime } from '../words/time';
import { shortId } from '../words/vocabulary';
import { FeatureView } from './feature_view';

const defaultEvents = 5_000;

// The features that the search finds, in the order of the file or, once values are there, by weight.
function shown(set: FeatureSet, preview: FeaturePreview | null, words: string): FeatureDefinition[] {
  const wanted = words.toLowerCase().split(' ').filter(Boolean);
  const found = set.features.filter((feature) => wanted.every((word) => `${feature.name} ${feature.meaning} ${feature.group}`.toLowerCase().includes(word)));
  if (!preview || !set.has_model) return found;
  const weight = new Map(preview.features.map(({ name, importance }) => [name, importance ?? 0]));
  return found.toSorted((a, b) => (weight.get(b.name) ?? 0) - (weight.get(a.name) ?? 0));
}

export default function FeaturesPage() {
  const domain = chosenDomain();
  return <FeaturesOf key={domain} domain={domain} />;
}

function FeaturesOf({ domain }: { domain: string }) {
  const { value, problem, reload } = useLoaded(domain, () => api.getFeatures(domain));
  const preview = useSignal<FeaturePreview | null>(null);
  const failed = useSignal<Problem | null>(null);
  const replaying = useSignal(false);
  const set = value.value;
  const list = set ? shown(set, preview.value, query.value.get('q') ?? '') : [];
  const opened = list.find(({ name }) => name === query.value.get('feature'));
  const look = async () => {
    if (replaying.peek()) return;
    replaying.value = true;
    try {
      preview.value = await api.getFeatureValues(new URLSearchParams({ domain, events: String(defaultEvents) }));
      failed.value = null;
    } catch (error) {
      failed.value = asProblem(error);
    }
    replaying.value = false;
  };
  // A feature that is opened is looked at: the first one has its domain replayed.
  useEffect(() => {
    if (opened && !preview.peek() && !failed.peek()) void look();
  }, [opened?.name]);
  useSteps('Features', 'feature', () => list.map(({ name }) => name), [
    { keys: '/', says: 'Search', run: () => document.getElementById('feature-search')?.focus() },
    { keys: 'v', says: 'Look at the values', run: () => void look() },
  ]);
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Features</h1>
        <DomainChoice />
        <span class="stretch" />
        {set?.bundle && (
          <button class="button" disabled={replaying.value} title={`Replays the newest ${count(defaultEvents)} events of the domain`} onClick={() => void look()}>
            <Icon name="curve" /> {replaying.value ? 'Replaying' : preview.value ? 'Look again' : 'Look at the values'}
          </button>
        )}
      </header>
      {!set ? (
        problem.value ? <ProblemNotice what="The features could not be read" problem={problem.value} retry={reload} /> : <Ghost lines={10} />
      ) : !set.bundle ? (
        <Notice icon="sliders" title="Nothing decides in this domain">
          <p>What is declared for it shows <code>winnow features list --domain {domain}</code>, its values <code>winnow features preview {domain}</code>.</p>
        </Notice>
      ) : (
        <>
          <p class="quiet">
            {plural(set.features.length, 'feature')} of the champion <a class="link" href={`/deployments?domain=${domain}`}><code>{shortId(set.bundle)}</code></a>
            {set.has_model ? (set.run ? <>, whose model is of <a class="link" href={`/models/${set.run}`}><code>{shortId(set.run)}</code></a></> : '') : ', which decides by rules alone'}.
          </p>
          <div class="filters"><SearchField id="feature-search" name="q" placeholder="Search names and meanings" keys="/" /></div>
          {failed.value && <ProblemNotice what="History could not be replayed" problem={failed.value} retry={() => void look()} />}
          {preview.value && <Replayed preview={preview.value} />}
          <div class={`features-body ${opened ? 'beside' : ''}`}>
            <FeatureTable set={set} list={list} preview={preview.value} opened={opened?.name ?? null} />
            {opened && <FeatureView key={opened.name} feature={opened} set={set} preview={preview.value} replaying={replaying.value} />}
          </div>
        </>
      )}
    </div>
  );
}

function Replayed({ preview }: { preview: FeaturePreview }) {
  return (
    <p class="quiet features-told" role="status">
      {plural(preview.replayed, 'event')} replayed, each seen with what was known before it.
      {!preview.whole && preview.remembers_from && ` What features remember begins on ${dateTime(preview.remembers_from)}; older events were not replayed.`}
      {preview.stopped && ' The replay took too long and was ended: the newest events are missing.'}
      {preview.unreadable > 0 && ` ${count(preview.unreadable)} could not be read.`}
    </p>
  );
}

interface TableProps {
  set: FeatureSet;
  list: FeatureDefinition[];
  preview: FeaturePreview | null;
  opened: string | null;
}

function FeatureTable({ set, list, preview, opened }: TableProps) {
  const values = new Map(preview?.features.map((one) => [one.name, one]));
  const most = Math.max(1e-9, ...(preview?.features.map(({ importance }) => importance ?? 0) ?? [0]));
  const titles = new Map(set.groups.map(({ name, title }) => [name, title]));
  if (list.length === 0) return <p class="quiet">No feature has all of this.</p>;
  return (
    <Table
      label="Features"
      kind="features"
      head={
        <>
          <th scope="col">Feature</th>
          <th scope="col" class="feature-meaning">Meaning</th>
          {!opened && <th scope="col">Group</th>}
          <th scope="col" title="How far it moves the model's log-odds of the newest events, on average">Weight</th>
          {preview && <th scope="col" class="number">Missing</th>}
        </>
      }
    >
      {list.map((feature) => {
        const value = values.get(feature.name);
        return (
          <tr key={feature.name} class={feature.name === opened ? 'feature-chosen' : ''}>
            <td>
              <button class="text-button" aria-pressed={feature.name === opened} onClick={() => goQuery({ feature: feature.name === opened ? null : feature.name })}>
                <code>{feature.name}</code>
              </button>
            </td>
            <td class="feature-meaning"><Untrusted text={feature.meaning} /></td>
            {!opened && <td class="quiet">{titles.get(feature.group) ?? feature.group}</td>}
            <td>{!feature.in_model ? <span class="quiet">{set.has_model ? 'not in the model' : 'rules'}</span> : value && value.importance !== null ? <Weight value={value.importance} most={most} /> : <span class="quiet">in the model</span>}</td>
            {preview && <td class="number">{value ? share(preview.rows === 0 ? null : 1 - value.present / preview.rows) : '–'}</td>}
          </tr>
        );
      })}
    </Table>
  );
}

function Weight({ value, most }: { value: number; most: number }) {
  return (
    <span class="feature-weight">
      <span class="feature-bar" aria-hidden="true"><span style={{ width: `${(100 * value) / most}%` }} /></span>
      <span class="number">{value.toFixed(3)}</span>
    </span>
  );
}
