#include "base/result.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Code::InvalidArgument, "odd").with_hint("pass an even number");
  return number / 2;
}

Result<int> quarter(int number) {
  WINNOW_TRY(const int once, half(number));
  WINNOW_TRY(const int twice, half(once));
  return twice;
}

Status check(int number) {
  WINNOW_TRY(half(number));
  return {};
}

TEST(Result, TryPassesValuesDownAndErrorsUp) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(testing::code_of(quarter(6)), Code::InvalidArgument);
  EXPECT_OK(check(2));
  EXPECT_EQ(check(3).error().text(), "odd (pass an even number)");
}

TEST(Result, ContextComesBeforeTheMessage) {
  EXPECT_EQ(half(3).error().with_context("halving '3'").message(), "halving '3': odd");
}

TEST(Result, AskingForTheWrongSideIsABugOfOurs) {
  EXPECT_THROW(half(3).value(), ContractViolation);
  EXPECT_THROW(static_cast<void>(half(2).error()), ContractViolation);
}

}  // namespace
}  // namespace winnow
