import type { Attachment } from '../api/contract';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { bytes, plural } from '../words/number';

export function Attachments({ list }: { list: Attachment[] }) {
  if (list.length === 0) return null;
  return (
    <section class="section">
      <header class="section-head">
        <h3>Attachments</h3>
        <span class="quiet">{plural(list.length, 'file')}</span>
      </header>
      <ul class="attachments">
        {list.map((file, index) => (
          <li key={index} class={file.problems.length ? 'attachment attachment-bad' : 'attachment'}>
            <Icon name="clip" />
            <div>
              <p>
                {file.name === null ? (
                  <span class="quiet">name withheld,</span>
                ) : (
                  <Untrusted text={file.name || '(no name)'} class="attachment-name" />
                )}{' '}
                <span class="quiet">
                  <Untrusted text={file.type} />, {bytes(file.size)}
                </span>
              </p>
              {file.problems.map((problem) => (
                <p key={problem} class="attachment-problem">
                  <Untrusted text={problem} />
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
