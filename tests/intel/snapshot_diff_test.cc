#include "intel/snapshot_diff.h"

#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::indicator;
using testing::snapshot_of;
using enum IndicatorKind;

TEST(IntelDiff, CountsWhatMovedByKind) {
  const auto from =
      snapshot_of({indicator(Domain, "a.example", "x"), indicator(Domain, "b.example", "x"),
                   indicator(Ip, "10.0.0.0/8", "x"), indicator(File, "aa", "x")});
  const auto to = snapshot_of({indicator(Domain, "b.example", "y"),
                               indicator(Domain, "c.example", "x"), indicator(Ip, "9.0.0.0/8", "x"),
                               indicator(Ip, "10.0.0.0/8", "x"), indicator(File, "aa", "x")});
  const auto moved = diff(from, to, 3);
  const auto& domains = moved.by_kind[static_cast<std::size_t>(Domain)];
  EXPECT_EQ(domains.added, 1U);
  EXPECT_EQ(domains.removed, 1U);
  EXPECT_EQ(domains.changed, 1U);
  EXPECT_EQ(moved.by_kind[static_cast<std::size_t>(Ip)].added, 1U);
  EXPECT_EQ(moved.by_kind[static_cast<std::size_t>(Ip)].removed, 0U);
  EXPECT_EQ(moved.by_kind[static_cast<std::size_t>(File)].changed, 0U);
  ASSERT_EQ(moved.changes.size(), 3U) << "no more than asked";
  EXPECT_EQ(moved.changes[0].value, "a.example");
  EXPECT_EQ(moved.changes[0].what, IntelChange::What::Removed);
}

TEST(IntelDiff, OfEqualSnapshotsIsEmpty) {
  const auto one = snapshot_of({indicator(Domain, "a.example", "x"),
                                indicator(Url, "http://a/", "x"), indicator(Mailbox, "a@b", "x")});
  EXPECT_TRUE(diff(one, one, 10).changes.empty());
}

}  // namespace
}  // namespace winnow
