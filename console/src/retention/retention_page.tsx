// What is kept how long, and what stays whatever its age.
import { Holds } from './holds';
import { Rules } from './rules';

export default function RetentionPage() {
  return (
    <div class="page">
      <header class="page-head">
        <h1 class="page-title">Retention</h1>
        <span class="quiet">what is kept how long, and what stays whatever its age</span>
      </header>
      <Rules />
      <Holds />
    </div>
  );
}
