// Real feeds and lists: everything is read or accounted for.
#include <algorithm>

#include "base/json.h"
#include "intel/indicator_list.h"
#include "intel/snapshot_builder.h"
#include "intel/snapshot_diff.h"
#include "tests/intel/indicators.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::kNow;

TEST(RealIntel, MispWarningListsAreReadOrAccountedFor) {
  const auto folder = testing::unpacked("intel/misp-warninglists.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  SnapshotBuilder builder;
  std::uint64_t records = 0, taken = 0, refused = 0;
  for (const auto& file : list_files(*folder).value()) {
    if (file.filename() != "list.json") continue;
    const auto bytes = read_file(file, 64UL << 20).value();
    const auto json = parse_json(bytes).value();
    ListOptions options;
    options.source = file.parent_path().filename().string();
    options.labels = {"benign"};
    const auto report =
        read_indicators(bytes, options, [&](const Indicator& one) { builder.add(one); });
    ASSERT_OK(report);
    EXPECT_EQ(report->format, ListFormat::Misp);
    EXPECT_EQ(report->indicators + report->refused, json["list"].size()) << file;
    records += json["list"].size();
    taken += report->indicators;
    refused += report->refused;
  }
  EXPECT_GT(records, 400'000U);
  EXPECT_GT(taken, records * 97 / 100) << refused << " refused";
  const auto snapshot = IntelSnapshot::from_bytes(std::move(builder).build().value()).value();
  EXPECT_TRUE(snapshot.is("benign", {IndicatorKind::Ip, "8.8.8.8"}, kNow));
  EXPECT_TRUE(snapshot.is("benign", {IndicatorKind::Domain, "bit.ly"}, kNow));
  EXPECT_TRUE(snapshot.is("benign", {IndicatorKind::Ip, "10.20.30.40"}, kNow)) << "RFC 1918";
}

TEST(RealIntel, TwoDaysOfC2AddressesDifferAsTheirReadmeSays) {
  const auto folder = testing::unpacked("intel/feed-c2-tracker.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  std::vector<IntelSnapshot> days;
  auto files = list_files(*folder).value();
  std::erase_if(files, [](const auto& file) { return file.filename() != "all.txt"; });
  ASSERT_EQ(files.size(), 2U);
  for (const auto& file : files) {
    SnapshotBuilder builder;
    ListOptions options;
    options.source = "c2-tracker";
    options.labels = {"c2"};
    const auto report = read_indicators(read_file(file, 1UL << 20).value(), options,
                                        [&](const Indicator& one) { builder.add(one); });
    ASSERT_OK(report);
    EXPECT_EQ(report->refused, 0U);
    days.push_back(IntelSnapshot::from_bytes(std::move(builder).build().value()).value());
  }
  const auto moved = diff(days[0], days[1], 0).by_kind[static_cast<std::size_t>(IndicatorKind::Ip)];
  EXPECT_EQ(moved.added, 1349U);
  EXPECT_EQ(moved.removed, 1578U);
  EXPECT_EQ(moved.changed, 0U);
}

TEST(RealIntel, PhishingUrlsKeepTheirDates) {
  const auto folder = testing::unpacked("intel/feed-phishurl-jpcert.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  std::uint64_t taken = 0, refused = 0;
  for (const auto& file : list_files(*folder).value()) {
    if (file.extension() != ".csv") continue;
    ListOptions options;
    options.source = "jpcert";
    options.labels = {"phishing"};
    options.kind = IndicatorKind::Url;
    options.column = "URL";
    options.first_seen_column = "date";
    const auto report =
        read_indicators(read_file(file, 64UL << 20).value(), options, [](const Indicator& one) {
          ASSERT_TRUE(one.first_seen.has_value());
          EXPECT_GE(*one.first_seen, Timestamp::from_civil(2023, 12, 1));
        });
    ASSERT_OK(report);
    taken += report->indicators;
    refused += report->refused;
  }
  EXPECT_GT(taken, 80'000U);
  EXPECT_LT(refused, taken / 100) << "URLs that no browser would open";
}

TEST(RealIntel, IpsumBecomesASnapshot) {
  const auto folder = testing::unpacked("intel/feed-ipsum.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  for (const auto& file : list_files(*folder).value()) {
    if (file.filename() != "ipsum.txt") continue;
    SnapshotBuilder builder;
    ListOptions options;
    options.source = "ipsum";
    const auto report = read_indicators(read_file(file, 64UL << 20).value(), options,
                                        [&](const Indicator& one) { builder.add(one); });
    ASSERT_OK(report);
    EXPECT_EQ(report->indicators, 120'430U);
    EXPECT_EQ(report->refused, 0U);
    return;
  }
  FAIL() << "no ipsum.txt";
}

}  // namespace
}  // namespace winnow
