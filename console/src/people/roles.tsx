// Who may do what: the roles of docs/api.md, as people say them.
import type { Role } from '../api/contract';
import { Table } from '../kit/table';
import { roleName } from '../words/vocabulary';

const may: Record<Role, string> = {
  analyst: 'Works the queue: cases, notes, verdicts, suppressions of one sender for at most 30 days. Reads what mails say.',
  senior: 'Likewise, and promotes bundles, goes back to one, suppresses whatever it is for however long, sees legal holds.',
  engineer: 'Reads models, features, sources and cases, without what mails say. Tries again what is in quarantine.',
  admin: 'Works the queue without reading mails, promotes, makes and revokes tokens, signs people out, places and lifts legal holds, applies retention.',
  auditor: 'Reads cases, events, models, tokens and holds, not what mails say, and verifies the audit log. Changes nothing.',
  sensor: 'A program: sends mails and events, and is told what was decided. Cannot sign in.',
};

export function Roles() {
  return (
    <section class="section">
      <header class="section-head">
        <h2>Roles</h2> <span class="quiet">what each may do; who reads what mails say is a setting, <code>privacy.mail_bodies</code></span>
      </header>
      <Table label="Roles">
        {(Object.keys(may) as Role[]).map((role) => (
          <tr key={role}>
            <th scope="row">{roleName[role]}</th>
            <td>{may[role]}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
