// What was accepted and waits on disk for its decision.
import type { Spool } from '../api/contract';
import { bytes, count, plural } from '../words/number';
import { exactTime, span } from '../words/time';

export function SpoolFacts({ spool }: { spool: Spool }) {
  return (
    <dl class="facts">
      <div>
        <dt>Waiting</dt>
        <dd>
          {spool.records === 0 ? 'nothing' : `${plural(spool.records, 'record')} of ${plural(spool.deliveries, 'request')}, ${bytes(spool.bytes)}`}
        </dd>
      </div>
      {spool.oldest_at && (
        <div>
          <dt>The oldest</dt>
          <dd title={exactTime(spool.oldest_at)}>waits {span(spool.oldest_seconds * 1_000)}</dd>
        </div>
      )}
      <div>
        <dt>On disk</dt>
        <dd title={`${count(spool.file_bytes)} bytes`}>
          {bytes(spool.file_bytes)} of {bytes(spool.max_bytes)}
        </dd>
      </div>
    </dl>
  );
}
