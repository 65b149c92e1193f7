#include "milter/handling.h"

#include "tests/support/support.h"

namespace winnow::milter {
namespace {

using testing::code_of;
using Fields = std::vector<Field>;

Rules rules(const std::vector<std::string_view>& changes,
            WhenUnavailable unavailable = WhenUnavailable::TempFail) {
  Rules made;
  for (const auto change : changes) EXPECT_OK(made.set(change));
  made.unavailable = unavailable;
  return made;
}

struct Case {
  const char* name;
  Outcome outcome;
  Rules rules;
  Fields add;
  std::string quarantine, refuse;
};
class MilterHandling : public ::testing::TestWithParam<Case> {};

TEST_P(MilterHandling, IsThatOfTheTable) {
  const auto handling = handling_of(GetParam().outcome, GetParam().rules);
  EXPECT_EQ(handling.add, GetParam().add);
  EXPECT_EQ(handling.quarantine, GetParam().quarantine);
  EXPECT_EQ(handling.refuse, GetParam().refuse);
}

Fields fields(const std::string& route, const std::string& score) {
  return {{"X-Winnow-Route", route}, {"X-Winnow-Score", score}, {"X-Winnow-Decision", "d-1f"}};
}

const std::string kLater = "451 4.7.1 mail cannot be checked at the moment, try again later";

INSTANTIATE_TEST_SUITE_P(
    All, MilterHandling,
    ::testing::Values(
        Case{"Close",
             Scored{"d-1f", Route::Close, 0.0123456},
             {},
             fields("close", "0.0123"),
             "",
             ""},
        Case{"Queue", Scored{"d-1f", Route::Queue, 0.5}, {}, fields("queue", "0.5000"), "", ""},
        Case{"Escalate",
             Scored{"d-1f", Route::Escalate, 0.99996},
             {},
             fields("escalate", "1.0000"),
             "winnow: escalate (d-1f)",
             ""},
        Case{"Playbook",
             Scored{"d-1f", Route::Playbook, 1.0},
             {},
             fields("playbook", "1.0000"),
             "winnow: playbook (d-1f)",
             ""},
        Case{"WithoutAScore",
             Scored{"d-1f", Route::Queue, std::nullopt},
             {},
             {{"X-Winnow-Route", "queue"}, {"X-Winnow-Decision", "d-1f"}},
             "",
             ""},
        Case{"AcceptLeavesNoTrace",
             Scored{"d-1f", Route::Close, 0.1},
             rules({"close=accept"}),
             {},
             "",
             ""},
        Case{"QueueOnHold", Scored{"d-1f", Route::Queue, 0.5}, rules({"queue=quarantine"}),
             fields("queue", "0.5000"), "winnow: queue (d-1f)", ""},
        Case{"EscalateOnlyTagged", Scored{"d-1f", Route::Escalate, 0.9},
             rules({"escalate=reject", "escalate=tag"}), fields("escalate", "0.9000"), "", ""},
        Case{"Reject",
             Scored{"d-1f", Route::Escalate, 0.9},
             rules({"escalate=reject"}),
             {},
             "",
             "550 5.7.1 refused by the recipient's mail policy (d-1f)"},
        Case{"TooLarge", Unscored::TooLarge, {}, {{"X-Winnow-Unscored", "too large"}}, "", ""},
        Case{"Unusable", Unscored::Unusable, {}, {{"X-Winnow-Unscored", "unusable"}}, "", ""},
        Case{"Unavailable", Unscored::Unavailable, {}, {}, "", kLater},
        Case{"UnavailableAndDelivered",
             Unscored::Unavailable,
             rules({}, WhenUnavailable::Accept),
             {{"X-Winnow-Unscored", "unavailable"}},
             "",
             ""}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(MilterRules, SayWhatIsWrongWithThem) {
  Rules rules;
  for (const auto* const text : {"", "escalate", "escalate=", "escalate=drop", "high=tag", "=tag",
                                 "escalate=tag=tag", "Escalate=tag"})
    EXPECT_EQ(code_of(rules.set(text)), Code::InvalidArgument) << text;
  EXPECT_EQ(rules.of(Route::Escalate), Action::Quarantine);
}

}  // namespace
}  // namespace winnow::milter
