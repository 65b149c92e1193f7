// How a decision came to its route: which stage, which rule, how far from the thresholds, and what the model saw where the decision itself
// kept no reasons of it.
import type { Explanation, Finding, RuleReading } from '../api/contract';
import { RouteChip } from '../kit/chips';
import { Icon } from '../kit/icon';
import { Untrusted } from '../kit/untrusted';
import { capital } from '../words/vocabulary';
import { Reasons } from './reasons';

export function ExplanationView({ finding }: { finding: Finding }) {
  const { explanation, reasons } = finding;
  if (!explanation)
    return (
      <p class="quiet">
        An earlier bundle decided this: <code>winnow decisions explain {finding.id.slice(0, 14)}</code> tells how it came to its route.
      </p>
    );
  const keepsReasons = reasons.some((reason) => reason.weight !== 0);
  return (
    <>
      <ul class="routing">
        {explanation.says.map((sentence) => (
          <li key={sentence}>
            <Untrusted text={capital(sentence)} />
          </li>
        ))}
      </ul>
      {!keepsReasons && explanation.model_saw.length > 0 && (
        <>
          <h4>What the model saw</h4>
          <Reasons list={explanation.model_saw} />
        </>
      )}
      <Rules explanation={explanation} />
    </>
  );
}

function Rules({ explanation }: { explanation: Explanation }) {
  if (explanation.rules.length === 0) return null;
  return (
    <details class="fold routing-rules" open={explanation.rule_applied}>
      <summary>
        <Icon name="chevron" size={12} /> {explanation.rule_applied ? 'The rule that applied' : 'Rules that lacked one condition'}
      </summary>
      {explanation.rules.map((rule) => (
        <Rule key={rule.name} rule={rule} />
      ))}
    </details>
  );
}

function Rule({ rule }: { rule: RuleReading }) {
  return (
    <div class="routing-rule">
      <p>
        <Untrusted text={rule.name} class="routing-condition" /> <RouteChip route={rule.route} /> <Untrusted text={rule.says} class="quiet" />
      </p>
      <ul>
        {rule.when.map((condition) => (
          <li key={condition.text} class={condition.holds ? '' : 'routing-lacks'}>
            <Untrusted text={condition.text} class="routing-condition" /> {condition.holds ? 'holds' : 'does not hold'}: it is <Untrusted text={condition.found} class="number" />
          </li>
        ))}
      </ul>
    </div>
  );
}
