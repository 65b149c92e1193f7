// What stands where content would: nothing there, still coming, could not be had.
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { Icon, type IconName } from './icon';

interface NoticeProps {
  icon: IconName;
  title: string;
  alone?: boolean; // there is nothing else on the page: it is what the page is about
  children?: ComponentChildren;
}

export function Notice({ icon, title, alone = false, children }: NoticeProps) {
  const Title = alone ? 'h1' : 'h2';
  return (
    <div class="notice">
      <span class="notice-icon">
        <Icon name={icon} size={22} />
      </span>
      <Title class="notice-title">{title}</Title>
      {children && <div class="notice-text">{children}</div>}
    </div>
  );
}

export function ProblemNotice({ what, problem, retry }: { what: string; problem: Problem; retry: () => void }) {
  return (
    <div role="alert">
      <Notice icon={problem.isOffline ? 'offline' : 'alert'} title={what}>
        <p>{problem.detail}</p>
        {problem.hint && <p class="quiet">{problem.hint}</p>}
        <button class="button" onClick={retry}>
          <Icon name="refresh" /> Try again
        </button>
      </Notice>
    </div>
  );
}

// Grey lines in the shape of what is coming.
export function Ghost({ lines }: { lines: number }) {
  return (
    <div class="ghost" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class={`ghost-line ghost-${index % 4}`} />
      ))}
    </div>
  );
}
