#include "server/query.h"

#include <algorithm>

#include "server/routes.h"
#include "tests/support/support.h"

namespace winnow::server {
namespace {

using testing::code_of;

const Route& listing() { return *std::ranges::find(routes(), "/v1/decisions", &Route::pattern); }

TEST(Query, ReadsWhatTheRouteHas) {
  const auto query = Query::parse(
      "sender=ann%40shop.example&since=2026-03-03T14:00:00%2B01:00&&limit=7", listing());
  ASSERT_OK(query);
  EXPECT_EQ(query->text("sender"), "ann@shop.example");
  EXPECT_EQ(query->time("since").value(), Timestamp::from_civil(2026, 3, 3, 13));
  EXPECT_EQ(query->time("until").value(), std::nullopt);
  EXPECT_EQ(query->number("limit", 50, 1, 500).value(), 7U);
  EXPECT_FALSE(query->has("route"));
  EXPECT_EQ(query->text("route"), "");
}

TEST(Query, APlusIsASpaceAndInATimeItself) {
  const auto query = Query::parse("sender=ann+lee%2Bx&since=2026-03-03T14:00:00+01:00", listing());
  ASSERT_OK(query);
  EXPECT_EQ(query->text("sender"), "ann lee+x");
  EXPECT_EQ(query->time("since").value(), Timestamp::from_civil(2026, 3, 3, 13));
}

TEST(Query, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(code_of(Query::parse("sender=a&sender=b", listing())), Code::InvalidArgument);
  EXPECT_EQ(code_of(Query::parse("sender=%FF", listing())), Code::InvalidArgument);
  EXPECT_EQ(code_of(Query::parse("sender=" + std::string(321, 'a'), listing())),
            Code::InvalidArgument);
  const auto misspelt = Query::parse("sneder=a", listing());
  EXPECT_EQ(code_of(misspelt), Code::InvalidArgument);
  EXPECT_EQ(misspelt.error().hint(), "did you mean 'sender'?");
}

TEST(Query, KeepsToWhatTheSchemaSaysOfLengths) {
  // In characters, as JSON schemas count, not in bytes.
  for (const auto& [value, fits] :
       {std::pair(std::string(64, 'a'), true), std::pair(std::string(65, 'a'), false)}) {
    const auto& queue = *std::ranges::find(routes(), "/v1/queue", &Route::pattern);
    EXPECT_EQ(Query::parse("owner=" + value, queue).has_value(), fits) << value.size();
  }
  std::string umlauts;
  for (int i = 0; i < 320; ++i) umlauts += "%C3%A4";
  EXPECT_OK(Query::parse("sender=" + umlauts, listing()));
  EXPECT_EQ(code_of(Query::parse("sender=a" + umlauts, listing())), Code::InvalidArgument);
}

TEST(Query, NeedsWhatIsRequired) {
  const auto& diff = *std::ranges::find(routes(), "/v1/runs/{id}/diff", &Route::pattern);
  EXPECT_OK(Query::parse("with=r-1", diff));
  EXPECT_EQ(code_of(Query::parse("", diff)), Code::InvalidArgument);
}

TEST(Query, NumbersHaveBounds) {
  for (const auto* text :
       {"limit=0", "limit=501", "limit=", "limit=1x", "limit=-1", "limit=99999999999999999999"}) {
    const auto query = Query::parse(text, listing()).value();
    EXPECT_EQ(code_of(query.number("limit", 50, 1, 500)), Code::InvalidArgument) << text;
  }
}

}  // namespace
}  // namespace winnow::server
