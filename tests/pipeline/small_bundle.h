// A bundle that one can foresee: the forest's score depends on how many links a mail has, the rules
// on whether one is listed and how often the sender wrote.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ingest/event_log.h"
#include "intel/intel_snapshot.h"
#include "pipeline/bundle_loader.h"
#include "tests/support/support.h"

namespace winnow::testing {

// Features, in this order: links, listed, mails (of the sender before), phishing and benign
// (verdicts on the sender's mails), days_known.
FeatureSet small_features();

// Escalates from 0.9, queues from 0.6, abstains from 0.4 to below 0.5, and below from what is
// novel. Rules: a listed link escalates, a sender of two mails or more is closed; otherwise queue.
std::string small_policy();

// 0 links: 5 %, 1: 45 %, 2: 70 %, more: 95 %.
Classifier model_by_links();

// A mail whose sender wrote ten or more before is more novel than 999 in 1000 ordinary ones.
NoveltyModel novelty_by_mails();

// "bad.example" is known as phishing since `since`.
IntelSnapshot bad_domain_known_since(Timestamp since);

struct SmallBundle {
  bool has_model = true;
  std::optional<IntelSnapshot> intel = {};
  bool has_novelty = false;    // the eleventh mail of a sender is novel
  bool raises = false;         // rules may raise what has at least 50 %
  std::string name = "small";  // bundles of different names have different ids
};
std::shared_ptr<const BundleRuntime> compiled(SmallBundle parts = {});

struct SmallMail {
  std::string from = "ann@shop.example";
  int links = 0;
  std::string date = "Tue, 3 Mar 2026 14:05:06 +0000";  // empty: a mail without one
  std::string link_host = "good.example";
  std::string subject = "hello";
};
std::string raw_of(const SmallMail& mail);

// What intake would store of it, `arrival` being when it came; `raw` is borrowed.
NewEvent event_of(const std::string& raw, Timestamp arrival, Label label = Label::None);

inline const Timestamp kMorning = Timestamp::from_civil(2026, 3, 4, 8);

}  // namespace winnow::testing
