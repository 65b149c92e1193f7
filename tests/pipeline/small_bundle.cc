#include "tests/pipeline/small_bundle.h"

#include <cmath>

#include <fmt/format.h>

#include "intel/snapshot_builder.h"

namespace winnow::testing {
namespace {

constexpr std::string_view kFeatures = R"yaml(schema: winnow.feature_set/1
name: small
attributes:
  from: text unmapped.mail.from
  body: text unmapped.mail.own_text
  recipients: texts unmapped.mail.recipients
  links: {list: unmapped.mail.links, fields: {host: text host, shown: text text}}
history:
  sender:
    key: [from]
    keep:
      seen: {seen: true}
      mails: {count: 1, bucket: 1d, buckets: 30}
      phishing: {verdict: phishing, bucket: 1d, buckets: 30}
      benign: {verdict: benign, bucket: 1d, buckets: 30}
define: {body_words: "words(body, recipients)", first_shown: "first(links: shown)"}
text:
  - {name: words, grams: words, least: 1, most: 1, of: [body_words], first: 1000, bits: 10, weight: 1}
groups: {all: {title: All, view: all, missing: nothing is known}}
features:
  - {name: links, group: all, unit: count, meaning: Links., value: "or_else(count(links), 0)", high: 'it has links, such as "{first_shown}"', low: it has no links}
  - {name: listed, group: all, unit: yes/no, meaning: A listed link., value: 'or_else(any(links: listed_domain(host, "phishing")), 0)', high: a link is listed, low: no link is listed}
  - {name: mails, group: all, unit: count, meaning: Mails before., value: "or_else(total(sender.mails), 0)", high: wrote before, low: never wrote}
  - {name: phishing, group: all, unit: count, meaning: Verdicts., value: "or_else(total(sender.phishing), 0)", high: was phishing, low: was not}
  - {name: benign, group: all, unit: count, meaning: Verdicts., value: "or_else(total(sender.benign), 0)", high: was fine, low: was not}
  - {name: days_known, group: all, unit: days, meaning: Days., value: "or_else(days_since_first(sender.seen), 0)", high: known, low: new}
)yaml";

float log_odds(double probability) {
  return static_cast<float>(std::log(probability / (1 - probability)));
}

}  // namespace

FeatureSet small_features() {
  const TemporaryFolder folder;
  EXPECT_OK(write_atomically(folder / "set.yaml", kFeatures));
  auto features = FeatureSet::compile(folder / "set.yaml");
  EXPECT_OK(features);
  return std::move(features).value();
}

std::string small_policy() {
  return R"(policy: small
routes:
  - {route: escalate, from: 0.9}
  - {route: queue, from: 0.6}
  - {route: close, from: 0}
abstain: {from: 0.4, to: 0.5, novelty: 0.99}
second_stage:
  - {rule: known-bad-link, when: ["listed > 0"], route: escalate, says: it links to a listed address}
  - {rule: known-sender, when: ["mails >= 2"], route: close, says: the sender wrote before}
otherwise: queue
attack:
  - {technique: T1566.002, when: ["links > 0"]}
explain: {from: 0, reasons: 3}
model_deadline: 2s
)";
}

Classifier model_by_links() {
  // A chain: fewer than one link, fewer than two, fewer than three.
  Tree tree;
  tree.leaf_values = {log_odds(0.05), log_odds(0.45), log_odds(0.7), log_odds(0.95)};
  for (std::uint32_t i = 0; i < 3; ++i) {
    tree.nodes.push_back({.kind = TreeNode::Kind::Numeric,
                          .threshold = static_cast<float>(i + 1) - 0.5F,
                          .left = 2 * i + 1,
                          .right = 2 * i + 2,
                          .cover = static_cast<float>(8 >> i)});
    tree.nodes.push_back({.slot = i, .cover = static_cast<float>(4 >> i)});
  }
  tree.nodes.push_back({.slot = 3, .cover = 1});
  Forest forest;
  forest.trees = {std::move(tree)};
  forest.base_scores = {0};
  forest.features = 1;
  forest.link = Link::Logistic;
  return Classifier::create({{"links"}, std::move(forest), std::nullopt, "", 1, 0, Calibrator()})
      .value();
}

NoveltyModel novelty_by_mails() {
  auto forest =
      IsolationForest::create(
          {{"mails"}, {{{0, 9.5F, false, 2, 0}, {0, 0, false, 0, 255}, {0, 0, false, 0, 1}}}, 5})
          .value();
  const float no_mails = 0;
  float usual = 0;
  forest.score({&no_mails, 1, 1}, {&usual, 1});
  return NoveltyModel::create(std::move(forest), std::vector<float>(999, usual)).value();
}

IntelSnapshot bad_domain_known_since(Timestamp since) {
  SnapshotBuilder builder;
  Indicator bad;
  bad.value = "bad.example";
  bad.source = "list";
  bad.labels = {"phishing"};
  bad.first_seen = since;
  builder.add(bad);
  return IntelSnapshot::from_bytes(std::move(builder).build().value()).value();
}

std::shared_ptr<const BundleRuntime> compiled(SmallBundle small) {
  auto features = small_features();
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  const auto text = small_policy() + (small.raises ? "raise: {from: 0.5}\n" : "");
  auto policy = Policy::compile(Yaml::parse(text, "policy").value(), names).value();
  const auto id = sha256(small.name);
  PipelineParts parts{id, std::move(features), nullptr, nullptr, std::move(policy)};
  if (small.has_model) parts.model = std::make_shared<const Classifier>(model_by_links());
  if (small.intel) parts.intel = std::make_shared<const IntelSnapshot>(*std::move(small.intel));
  if (small.has_novelty) parts.novelty = std::make_shared<const NoveltyModel>(novelty_by_mails());
  return std::make_shared<const BundleRuntime>(
      BundleRuntime{bundle_id_of(id), DomainMapping(RecordMapping()),
                    Pipeline::create(std::move(parts)).value()});
}

std::string raw_of(const SmallMail& mail) {
  std::string raw =
      fmt::format("From: {}\nTo: us@here.example\nSubject: {}\n", mail.from, mail.subject);
  if (!mail.date.empty()) raw += fmt::format("Date: {}\n", mail.date);
  raw += "\nhere is what you asked for\n";
  for (int i = 0; i < mail.links; ++i) raw += fmt::format("http://{}/{}\n", mail.link_host, i);
  return raw;
}

NewEvent event_of(const std::string& raw, Timestamp arrival, Label label) {
  const auto event = RecordMapping().apply(RecordForm::Mail, raw);
  const bool dated = event && event->time() > Timestamp();
  return {.raw = raw,
          .digest = sha256(raw),
          .event_time = dated ? event->time() : arrival,
          .received_time = arrival,
          .source = "test",
          .label = label,
          .label_origin = label == Label::None ? "" : "option"};
}

}  // namespace winnow::testing
