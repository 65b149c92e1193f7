#include "cases/case_policy.h"

#include "tests/support/support.h"

namespace winnow::cases {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::code_of;

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 8);

Case fresh(Route route, double probability, std::uint64_t recipients = 1) {
  Case subject;
  subject.route = route;
  subject.probability = probability;
  subject.recipient_count = recipients;
  subject.clock_from = kNow;
  return subject;
}

Case assessed(Case subject, Timestamp now = kNow) {
  CasePolicy().assess(subject, now);
  return subject;
}

TEST(CasePolicy, WhatShipsIsWhatIsBuiltIn) {
  const auto file = (testing::source_folder() / "content/policies/cases.yaml").string();
  const auto shipped = CasePolicy::compile(Yaml::read(file).value());
  ASSERT_OK(shipped);
  EXPECT_EQ(shipped->digest(), CasePolicy().digest());
}

TEST(CasePolicy, SeverityByRouteProbabilityAndReach) {
  EXPECT_EQ(assessed(fresh(Route::Playbook, 0.1)).severity, Severity::Critical);
  EXPECT_EQ(assessed(fresh(Route::Escalate, 0.99, 10)).severity, Severity::Critical);
  EXPECT_EQ(assessed(fresh(Route::Escalate, 0.99, 9)).severity, Severity::High);
  EXPECT_EQ(assessed(fresh(Route::Queue, 0.7)).severity, Severity::Medium);
  EXPECT_EQ(assessed(fresh(Route::Queue, 0.5, 10)).severity, Severity::Medium);
  EXPECT_EQ(assessed(fresh(Route::Queue, 0.5)).severity, Severity::Low);
}

Case with_asset(Case subject, std::uint8_t criticality) {
  subject.criticality = criticality;
  subject.entities = {{ocsf::EntityKind::Host, "dc-01", criticality}};
  return subject;
}

TEST(CasePolicy, SeverityByWhatIsAtStake) {
  EXPECT_EQ(assessed(with_asset(fresh(Route::Escalate, 0.5), 4)).severity, Severity::Critical);
  EXPECT_EQ(assessed(with_asset(fresh(Route::Escalate, 0.5), 3)).severity, Severity::High);
  EXPECT_EQ(assessed(with_asset(fresh(Route::Queue, 0.7), 3)).severity, Severity::High);
  EXPECT_EQ(assessed(with_asset(fresh(Route::Queue, 0.1), 4)).severity, Severity::Medium);
  EXPECT_EQ(assessed(with_asset(fresh(Route::Queue, 0.1), 3)).severity, Severity::Low);
}

TEST(CasePolicy, SeverityByTheDomain) {
  auto subject = fresh(Route::Queue, 0.5);
  for (const auto domain : {Domain::Endpoint, Domain::Cloud}) {
    subject.domains = DomainSet(domain);
    EXPECT_EQ(assessed(subject).severity, Severity::Medium) << name_of(domain);
    subject.domains.add(kMailAlone);
    EXPECT_EQ(assessed(subject).severity, Severity::Medium) << "one of its domains is enough";
  }
  subject.domains = DomainSet(Domain::Network);
  EXPECT_EQ(assessed(subject).severity, Severity::Low);
}

TEST(CasePolicy, SaysWhatMadeACaseSoSevere) {
  EXPECT_EQ(assessed(with_asset(fresh(Route::Escalate, 0.5), 4)).severity_because,
            "its route is escalate, dc-01 is a critical asset");
  EXPECT_EQ(assessed(fresh(Route::Escalate, 0.99, 12)).severity_because,
            "its route is escalate, a probability of at least 98 %, at least 10 recipients");
  auto subject = fresh(Route::Queue, 0.6);
  subject.domains = DomainSet(Domain::Endpoint);
  EXPECT_EQ(assessed(subject).severity_because,
            "a probability of at least 50 %, it is of the endpoint domain");
  EXPECT_EQ(assessed(fresh(Route::Queue, 0.1)).severity_because, "nothing makes it more severe");
}

TEST(CasePolicy, RefusesWhatIsNoCriticalityOrDomain) {
  const auto compiled = [](const std::string& rule) {
    const auto text =
        "policy: cases\nseverity:\n  - {severity: low, " + rule +
        "}\nclocks:\n  critical: {acknowledge: 1h, resolve: 1d}\n"
        "  high: {acknowledge: 1h, resolve: 1d}\n  medium: {acknowledge: 1h, resolve: "
        "1d}\n  low: {acknowledge: 1h, resolve: 1d}\n";
    return CasePolicy::compile(Yaml::parse(text, "cases.yaml").value());
  };
  ASSERT_OK(compiled("criticality: high, domain: [endpoint]"));
  for (const auto* rule : {"criticality: huge", "criticality: ''", "domain: endpoint", "domain: []",
                           "domain: [endpiont]"}) {
    EXPECT_EQ(code_of(compiled(rule)), Code::InvalidArgument) << rule;
  }
}

TEST(CasePolicy, ASeverityIsNeverOvertakenByALesserOne) {
  testing::for_each_seed(500, [](Rng& rng) {
    const auto random = [&] {
      auto subject = fresh(static_cast<Route>(1 + rng.below(3)), rng.unit(), rng.below(5'000));
      if (rng.chance(0.1)) subject.probability.reset();
      if (rng.chance(0.5)) subject.acknowledged_at = kNow;
      return assessed(subject, kNow + minutes(rng.below(20'000)));
    };
    const auto a = random(), b = random();
    if (a.severity > b.severity) {
      EXPECT_GT(a.urgency, b.urgency);
    }
    EXPECT_LT(a.urgency, 1'000'000U);
  });
}

TEST(CasePolicy, ClocksRunFromAcknowledgingToResolving) {
  auto subject = assessed(fresh(Route::Escalate, 0.95));
  EXPECT_EQ(subject.due_at, kNow + hours(1));
  EXPECT_EQ(subject.next_phase_at, kNow + minutes(30));
  const auto first = subject.urgency;
  subject = assessed(subject, kNow + minutes(30));
  EXPECT_EQ(subject.phase, CasePolicy::HalfGone);
  EXPECT_GT(subject.urgency, first);
  subject = assessed(subject, kNow + hours(1));
  EXPECT_EQ(subject.phase, CasePolicy::Overdue);
  EXPECT_EQ(subject.next_phase_at, std::nullopt);
  subject.acknowledged_at = kNow + hours(1);
  subject = assessed(subject, kNow + hours(1));
  EXPECT_EQ(subject.due_at, kNow + hours(24));
  EXPECT_EQ(subject.phase, CasePolicy::Fresh);
  subject.snoozed_until = kNow + hours(48);
  EXPECT_EQ(assessed(subject, kNow + hours(2)).due_at, kNow + hours(48));
}

TEST(CasePolicy, RefusesWhatMakesNoSense) {
  const auto code = [](std::string_view severity, std::string_view clocks) {
    const auto text = "policy: cases\nseverity: " + std::string(severity) +
                      "\nclocks: " + std::string(clocks) + "\n";
    const auto yaml = Yaml::parse(text, "cases.yaml");
    return yaml ? code_of(CasePolicy::compile(*yaml)) : yaml.error().code();
  };
  const std::string_view rules = "[{severity: low}]";
  const std::string_view clocks =
      "{critical: {acknowledge: 1m, resolve: 1h}, high: {acknowledge: 1m, resolve: 1h}, "
      "medium: {acknowledge: 1m, resolve: 1h}, low: {acknowledge: 1m, resolve: 1h}}";
  EXPECT_EQ(code(rules, clocks), std::nullopt);
  for (const std::string_view bad :
       {"[]", "[{severity: awful}]", "[{severity: low}, {severity: high}]",
        "[{severity: low, probability: 2}]", "[{severity: low, recipients: -1}]",
        "[{severity: low, route: nowhere}]", "[{severity: low, colour: red}]", "low"}) {
    EXPECT_EQ(code(bad, clocks), Code::InvalidArgument) << bad;
  }
  for (const std::string_view bad : {"{}", "{critical: {acknowledge: 2h, resolve: 1h}}",
                                     "{critical: {acknowledge: 1 week, resolve: 1h}}",
                                     "{critical: {acknowledge: 0m, resolve: 1h}}"}) {
    EXPECT_EQ(code(rules, bad), Code::InvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace winnow::cases
