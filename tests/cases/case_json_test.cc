// Cases as programs see them.
#include "cases/case_json.h"

#include <algorithm>

#include "base/json.h"
#include "tests/cases/desk.h"

namespace winnow::cases {
namespace {

using testing::Desk;

std::string reasons_shown(const Case& subject, MailContent content) {
  return to_text(case_json(subject, subject.updated_at, content)["reasons"]);
}

struct Quoting {
  const char* name;
  std::vector<Domain> domains;  // none: decided by a bundle that nobody knows
  bool left_out;
};
class QuotingReasons : public ::testing::TestWithParam<Quoting> {};

TEST_P(QuotingReasons, AreCutWhereTheyMayQuoteAMail) {
  Case subject;
  for (const auto domain : GetParam().domains) subject.domains.add(DomainSet(domain));
  subject.reasons = {"such were found malicious: 'a web attack'"};
  EXPECT_EQ(reasons_shown(subject, MailContent::Shown),
            "[\"such were found malicious: 'a web attack'\"]");
  EXPECT_EQ(
      reasons_shown(subject, MailContent::Redacted) == reasons_shown(subject, MailContent::Shown),
      !GetParam().left_out);
}

INSTANTIATE_TEST_SUITE_P(Each, QuotingReasons,
                         ::testing::Values(Quoting{"mail", {Domain::Mail}, true},
                                           Quoting{"unknown", {}, true},
                                           Quoting{"alerts", {Domain::Alerts}, false},
                                           Quoting{"both", {Domain::Mail, Domain::Cloud}, true}),
                         [](const auto& made) { return made.param.name; });

TEST(CaseHistory, IsNotPushedOutByFindingsThatJoin) {
  Desk desk;
  const auto id = desk.find({});
  desk.change({.id = id, .note = "called them"});
  for (std::size_t i = 0; i < kShownJoins + 10; ++i) ASSERT_EQ(desk.find({}), id);
  desk.change({.id = id, .owner = "bea"});
  const auto history = desk.get(id).history;
  const auto told = [&](std::string_view what) {
    return std::ranges::count(history, what, &CaseEvent::what);
  };
  EXPECT_EQ(told("joined"), static_cast<std::ptrdiff_t>(kShownJoins));
  EXPECT_EQ(told("note"), 1);
  EXPECT_EQ(told("opened"), 1);
  EXPECT_EQ(history.front().what, "owner");
  EXPECT_EQ(history.back().what, "opened");
}

}  // namespace
}  // namespace winnow::cases
