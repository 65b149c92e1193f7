// What has an age and a rule: mails, decisions, quarantine. Cases stand on the same floor as
// retention; who composes both makes a kind of them.
#pragma once

#include <functional>

#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "retention/hold_check.h"
#include "retention/retention.h"

namespace winnow {

// Asked of each mail that is old enough.
using WhyMailsStay = std::function<Result<Stays>(const StoredEvent& mail)>;

// Their age is counted from when they came: the date that a mail gives itself is its sender's.
RowKind mail_rows(EventLog& events, WhyMailsStay why);           // without a label
RowKind labelled_mail_rows(EventLog& events, WhyMailsStay why);  // what models are trained on

// Decisions that closed a mail; those about findings go with their case.
RowKind decision_rows(DecisionStore& decisions, const HoldCheck& holds);
RowKind quarantine_rows(Quarantine& quarantine, const HoldCheck& holds);

}  // namespace winnow
