#include "learn/view_dropout.h"

#include <cmath>

#include "tests/learn/made_data.h"
#include "tests/support/support.h"

namespace winnow::learn {
namespace {

using testing::all_rows;
using testing::made;
using testing::made_shape;

DataSet six_columns() {  // views 0, 1, 2, 0, 1, 2
  std::vector<testing::MadeRow> rows;
  for (int i = 0; i < 200; ++i) {
    const auto x = static_cast<float>(i);
    rows.push_back({.day = i, .values = {x, x + 1, x + 2, x + 3, x + 4, x + 5}});
  }
  return made(rows, made_shape(6));
}

TEST(ViewDropout, TakesWholeViewsAndNothingElse) {
  const auto data = six_columns();
  const auto rows = all_rows(data);
  const std::vector<float> extra(rows.size(), 42);
  const auto out = augment(data, rows, extra,
                           {3, 0.5, {{"view 0"}, {"view 1", "nothing has this view"}}}, Rng(1));
  ASSERT_EQ(out.blocks, 4U);
  ASSERT_EQ(out.columns, 7U);
  ASSERT_EQ(out.view().rows, 800U);
  int without_0 = 0;
  for (std::size_t i = 0; i < 800; ++i) {
    const auto row = out.view().row(i);
    EXPECT_EQ(std::isnan(row[0]), std::isnan(row[3]));
    EXPECT_EQ(std::isnan(row[1]), std::isnan(row[4]));
    EXPECT_FALSE(std::isnan(row[2]) || std::isnan(row[5]));
    EXPECT_EQ(row[6], 42);
    if (i < 200) {
      EXPECT_FALSE(std::isnan(row[0]) || std::isnan(row[1]));
    }
    if (!std::isnan(row[0])) {
      EXPECT_EQ(row[0], data.values(rows[i % 200])[0]);
    }
    without_0 += std::isnan(row[0]) ? 1 : 0;
  }
  EXPECT_NEAR(without_0, 300, 45);  // half of 600 copies, within 3.5 deviations
}

TEST(ViewDropout, WithoutViewsLeavesRowsAlone) {
  const auto data = six_columns();
  const auto out = augment(data, all_rows(data), {}, {}, Rng(1));
  EXPECT_EQ(out.blocks, 1U);
  EXPECT_EQ(out.columns, 6U);
  EXPECT_TRUE(std::equal(out.values.begin(), out.values.end(), data.values().data));
}

}  // namespace
}  // namespace winnow::learn
