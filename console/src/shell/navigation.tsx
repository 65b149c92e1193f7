// The way around: views of the queue, the other pages, who is signed in, and how it looks.
import { computed } from '@preact/signals';
import type { Role } from '../api/contract';
import { me, signOut } from '../session/session';
import { filter } from '../queue/filter';
import { counts } from '../queue/queue';
import { views } from '../queue/views';
import { Icon, type IconName } from '../kit/icon';
import { Key } from '../kit/key';
import { openMenu } from '../kit/menu';
import { Mark } from '../kit/mark';
import { Owner } from '../kit/owner';
import { shortCount } from '../words/number';
import { roleName } from '../words/vocabulary';
import { showHelp } from './help_sheet';
import { go, path } from './location';
import { useShortcuts } from './shortcuts';
import { nextTheme, theme, type Theme } from './theme';
import { tellProblem } from './toasts';

const every: { name: string; href: string; icon: IconName; keys: string; only?: Role[] }[] = [
  { name: 'Events', href: '/events', icon: 'pulse', keys: 'g e' },
  { name: 'Sources', href: '/sources', icon: 'plug', keys: 'g c' },
  { name: 'Features', href: '/features', icon: 'sliders', keys: 'g f' },
  { name: 'Models', href: '/models', icon: 'curve', keys: 'g o' },
  { name: 'Deployments', href: '/deployments', icon: 'promote', keys: 'g d' },
  { name: 'Audit log', href: '/audit', icon: 'shield', keys: 'g l' },
  { name: 'Suppressions', href: '/suppressions', icon: 'archive', keys: 'g s' },
  { name: 'Retention', href: '/retention', icon: 'clock', keys: 'g h', only: ['senior', 'admin', 'auditor'] },
  { name: 'People', href: '/people', icon: 'person', keys: 'g p', only: ['admin', 'auditor'] },
  { name: 'Status', href: '/status', icon: 'gauge', keys: 'g t' },
];

// What a role is told nothing of is not offered to it.
const pages = computed(() => every.filter(({ only }) => !only || (me.value && only.includes(me.value.role))));

const themeName: Record<Theme, string> = { system: 'System theme', light: 'Light', dark: 'Dark' };
const themeIcon: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' };

// Where there is no room for all, at the bottom of a phone or of a page at 200 %: these stay, the others are behind More.
const staying = new Set(['Open', 'Mine', 'Unassigned', 'Resolved']);

const leave = (): void => void signOut().catch((error: unknown) => tellProblem('Not signed out', error));

function openMore(anchor: Element): void {
  const who = me.peek();
  openMenu(
    'More',
    [
      ...views.filter(({ name }) => !staying.has(name)).map(({ name, href }) => ({ label: name, run: () => go(href) })),
      ...pages.value.map(({ name, href }) => ({ label: name, run: () => go(href) })),
      { label: 'Keyboard', run: showHelp },
      { label: 'Change the theme', note: themeName[theme.peek()], run: nextTheme },
      { label: 'Sign out', ...(who ? { note: `${who.name}, ${roleName[who.role]}` } : {}), run: leave },
    ],
    anchor,
  );
}

interface ItemProps {
  name: string;
  href: string;
  icon: IconName;
  keys: string;
  current: boolean;
  count?: number | null;
}

function Item({ name, href, icon, keys, current, count = null }: ItemProps) {
  return (
    <a class={`nav-item ${current ? 'nav-current' : ''} ${staying.has(name) ? '' : 'nav-behind'}`} href={href} aria-current={current ? 'page' : undefined} title={`${name} (${keys})`}>
      <Icon name={icon} /> <span class="nav-name">{name}</span>
      {count !== null && count > 0 && <span class="nav-count">{shortCount(count)}</span>}
    </a>
  );
}

export function Navigation() {
  const atQueue = path.value.startsWith('/queue');
  const elsewhere = !views.some((view) => staying.has(view.name) && atQueue && view.matches(filter.value));
  useShortcuts('Go to', [
    ...views.map((view) => ({ keys: view.keys, says: view.name, run: () => go(view.href) })),
    ...pages.value.map((page) => ({ keys: page.keys, says: page.name, run: () => go(page.href) })),
  ]);
  useShortcuts('Everywhere', [
    { keys: '?', says: 'This sheet', run: showHelp },
    { keys: 't', says: 'Light, dark, or as the system', run: nextTheme },
  ]);
  return (
    <nav class="nav" aria-label="Main">
      <div class="nav-brand">
        <Mark /> <span class="nav-workspace">{me.value?.workspace ?? 'Winnow'}</span>
      </div>
      <div class="nav-group">
        <p class="nav-title">Queue</p>
        {views.map((view) => (
          <Item key={view.href} {...view} current={atQueue && view.matches(filter.value)} count={counts.value ? view.count(counts.value) : null} />
        ))}
      </div>
      <div class="nav-group">
        <p class="nav-title">Winnow</p>
        {pages.value.map((page) => (
          <Item key={page.href} {...page} current={path.value === page.href || path.value.startsWith(`${page.href}/`)} />
        ))}
      </div>
      <button
        class={`nav-item nav-more ${elsewhere ? 'nav-current' : ''}`}
        aria-haspopup="menu"
        onClick={(event) => openMore(event.currentTarget)}
      >
        <Icon name="more" /> <span class="nav-name">More</span>
      </button>
      <span class="stretch" />
      <div class="nav-foot">
        <button class="nav-item" onClick={showHelp} title="Keyboard (?)">
          <Icon name="keyboard" /> <span class="nav-name">Keyboard</span> <Key keys="?" />
        </button>
        <button class="nav-item" onClick={nextTheme} title="Light, dark, or as the system (T)">
          <Icon name={themeIcon[theme.value]} /> <span class="nav-name">{themeName[theme.value]}</span>
        </button>
        <div class="nav-me">
          <Owner name={me.value?.name ?? null} />
          <span class="nav-name">
            {me.value?.name}
            <small>{me.value ? roleName[me.value.role] : ''}</small>
          </span>
          <button class="button button-icon" aria-label="Sign out" title="Sign out" onClick={leave}>
            <Icon name="sign_out" />
          </button>
        </div>
      </div>
    </nav>
  );
}
