// That a case is under legal hold: nothing of it is removed, whatever its age, until somebody releases the hold.
import * as api from '../api/endpoints';
import { useLoaded } from '../api/use_loaded';
import { Icon } from '../kit/icon';
import { plainOf, Untrusted } from '../kit/untrusted';
import { plural } from '../words/number';
import { dateTime } from '../words/time';
import { scopeWords } from './hold_words';

const mostShown = 3;

// Who is told the ids may read what they stand for. The mark does not wait for that.
export function CaseHolds({ ids }: { ids: string[] }) {
  const { value } = useLoaded(ids.join(' '), api.getHolds);
  return (
    <ul class="case-holds" aria-label="Legal holds">
      {ids.slice(0, mostShown).map((id) => {
        const hold = value.value?.holds.find((one) => one.id === id);
        return (
          <li key={id} class="case-group">
            <Icon name="archive" />
            <span class="case-hold">
              <strong>
                On hold: <Untrusted text={id} />
              </strong>
              {hold && (
                <span title={`Placed on ${dateTime(hold.placed_at)}: ${plainOf(hold.reason)}`}>
                  , <Untrusted text={hold.reason} /> (<Untrusted text={hold.by} />, on <Untrusted text={scopeWords(hold.scope)} />)
                </span>
              )}
            </span>
          </li>
        );
      })}
      {ids.length > mostShown && <li class="quiet">and {plural(ids.length - mostShown, 'more hold')}</li>}
    </ul>
  );
}
