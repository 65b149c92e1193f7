#include "learn/data_set.h"

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::made;
using testing::made_shape;
using testing::random_rows;
using winnow::testing::code_of;
using winnow::testing::for_each_seed;

void expect_equal(const DataSet& a, const DataSet& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(a.shape(), b.shape());
  EXPECT_EQ(a.sources(), b.sources());
  std::vector<float> scratch_a, scratch_b;
  for (std::size_t row = 0; row < a.size(); ++row) {
    EXPECT_EQ(a.raw(row), b.raw(row));
    EXPECT_EQ(a.time(row), b.time(row));
    EXPECT_EQ(a.source(row), b.source(row));
    EXPECT_EQ(a.label(row), b.label(row));
    EXPECT_EQ(a.weight(row), b.weight(row));
    EXPECT_EQ(a.group(row), b.group(row));
    const auto x = a.values(row), y = b.values(row);
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      EXPECT_TRUE(x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i])));
    const auto s = a.terms(row, scratch_a), t = b.terms(row, scratch_b);
    EXPECT_TRUE(std::equal(s.indices.begin(), s.indices.end(), t.indices.begin(), t.indices.end()));
    EXPECT_TRUE(std::equal(s.values.begin(), s.values.end(), t.values.begin(), t.values.end()));
  }
}

DataSet rich(
    Rng& rng) {  // every encoding: constants, few values, many values, missing, negative times
  auto rows = random_rows(rng, 400, 300);
  for (auto& row : rows) {
    row.day -= 150;
    row.values = {1.0F, static_cast<float>(rng.below(5)), static_cast<float>(rng.normal()),
                  rng.chance(0.5) ? std::numeric_limits<float>::quiet_NaN() : -0.0F};
    row.weight = rng.chance(0.5) ? 1.0F : 0.25F;
  }
  return made(std::move(rows), made_shape(4));
}

TEST(DataSet, ReadsWhatItWrote) {
  for_each_seed(10, [](Rng& rng) {
    const auto data = rich(rng);
    const auto bytes = data.bytes();
    const auto again = DataSet::read(bytes);
    ASSERT_OK(again);
    expect_equal(data, *again);
    EXPECT_TRUE(again->bytes() == bytes);
  });
}

TEST(DataSet, EqualRowsHaveEqualBytes) {
  // Rows of the same event set, their NaN and zero spelled differently.
  const auto make = [](float missing, float zero) {
    return made({{.values = {missing}}, {.day = 1, .values = {zero}}}).bytes();
  };
  EXPECT_TRUE(make(std::nanf("1"), 0.0F) == make(-std::nanf("2"), -0.0F));
}

TEST(DataSet, KeepsTextInRunsOfEqualValues) {
  auto builder = DataSetBuilder::start(made_shape(1, 100)).value();
  const std::vector<std::uint32_t> indices = {3, 7, 50, 99};
  const std::vector<float> values = {0.5F, 0.5F, 0.25F, 0.25F}, dense = {1};
  ASSERT_OK(builder.add({sha256("a"), {}, "s", Label::Malicious, 1, dense, {indices, values}}));
  const auto data = std::move(builder).finish(DataSetBuilder::Copies::LikeTexts);
  ASSERT_OK(data);
  ASSERT_EQ(data->term_runs(0).size(), 2U);
  EXPECT_EQ(data->term_runs(0)[1], (DataSet::Run{2, 0.25F}));
  std::vector<float> scratch;
  const auto terms = data->terms(0, scratch);
  EXPECT_TRUE(std::equal(terms.values.begin(), terms.values.end(), values.begin(), values.end()));
}

TEST(DataSet, GroupsCopiesByTheirText) {
  Rng rng(4);
  const auto text = testing::some_terms(rng, 50), other = testing::some_terms(rng, 50);
  const auto data =
      made({{.day = 1, .terms = text}, {.day = 2, .terms = other}, {.day = 3, .terms = text}});
  EXPECT_EQ(data.group(0), data.group(2));
  EXPECT_NE(data.group(0), data.group(1));
}

TEST(DataSet, GroupsCopiesByTheirValuesWhereLikeTextsAreNone) {
  auto builder = DataSetBuilder::start(made_shape(1, 100)).value();
  const std::vector<std::uint32_t> term = {7};
  const std::vector<float> weight = {1}, seldom = {1}, often = {2};
  std::int64_t second = 0;
  for (const auto* values : {&seldom, &often, &seldom}) {
    const auto time = Timestamp::from_seconds(++second);
    ASSERT_OK(
        builder.add({sha256(time.text()), time, "s", Label::Benign, 1, *values, {term, weight}}));
  }
  const auto data = std::move(builder).finish(DataSetBuilder::Copies::EqualValues);
  ASSERT_OK(data);
  std::map<float, std::set<std::uint32_t>> groups;
  for (std::size_t row = 0; row < 3; ++row) groups[data->values(row)[0]].insert(data->group(row));
  EXPECT_EQ(groups[1].size(), 1U);
  EXPECT_NE(*groups[1].begin(), *groups[2].begin());
}

TEST(DataSetBuilder, RefusesWhatIsNoRow) {
  const std::vector<float> dense = {1}, infinite = {std::numeric_limits<float>::infinity()},
                           two = {1, 2}, ones = {1, 1};
  const std::vector<std::uint32_t> good = {1, 2}, falling = {2, 1}, repeated = {2, 2},
                                   outside = {1, 100};
  const auto builder = [] { return DataSetBuilder::start(made_shape(1, 100)).value(); };
  const auto row = [&](std::span<const float> values, std::span<const std::uint32_t> terms,
                       float weight = 1) {
    return DataRow{sha256("a"), {}, "s", Label::Benign, weight, values, {terms, ones}};
  };
  EXPECT_OK(builder().add(row(dense, good)));
  EXPECT_EQ(code_of(builder().add(row(infinite, good))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(two, good))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(dense, falling))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(dense, repeated))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(dense, outside))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(dense, good, 0))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder().add(row(dense, good, std::nanf("")))), Code::InvalidArgument);
}

TEST(DataSetBuilder, RefusesRowsOutOfTimeAndRepeatedEvents) {
  auto builder = DataSetBuilder::start(made_shape()).value();
  const std::vector<float> dense = {1};
  const auto row = [&](std::string_view name, std::int64_t seconds) {
    return DataRow{
        sha256(name), Timestamp::from_seconds(seconds), "s", Label::Benign, 1, dense, {}};
  };
  EXPECT_OK(builder.add(row("a", 10)));
  EXPECT_EQ(code_of(builder.add(row("a", 10))), Code::InvalidArgument);
  EXPECT_EQ(code_of(builder.add(row("b", 9))), Code::InvalidArgument);
  EXPECT_EQ(builder.size(), 1U);
}

TEST(DataSetBuilder, RefusesShapesThatMeanNothing) {
  EXPECT_EQ(code_of(DataSetBuilder::start({})), Code::InvalidArgument);
  EXPECT_EQ(code_of(DataSetBuilder::start({{}, {{"a", "", 0}, {"a", "", 0}}, 0})),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(DataSetBuilder::start({{}, {{"a", "", 2}}, 0})), Code::InvalidArgument);
  EXPECT_EQ(
      code_of(
          DataSetBuilder::start(made_shape()).value().finish(DataSetBuilder::Copies::LikeTexts)),
      Code::InvalidArgument);
}

TEST(DataSet, NoTruncationGoesUnseen) {
  Rng rng(2);
  const auto bytes = rich(rng).bytes();
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 40) {
    EXPECT_EQ(code_of(DataSet::read(std::string_view(bytes).substr(0, size))), Code::Corrupt);
  }
  EXPECT_EQ(code_of(DataSet::read(bytes + "x")), Code::Corrupt);
}

TEST(DataSet,
     WhatItReadsHasOneForm) {  // a flipped byte is refused, or is the canonical form of other rows
  for_each_seed(2000, [](Rng& rng) {
    static const auto good = [] {
      Rng fixed(1);
      return rich(fixed).bytes();
    }();
    auto bytes = good;
    bytes[rng.below(bytes.size())] ^= static_cast<char>(1U << rng.below(8));
    const auto data = DataSet::read(bytes);
    if (data) {
      EXPECT_TRUE(data->bytes() == bytes);
    }
  });
}

}  // namespace
}  // namespace winnow::learn
