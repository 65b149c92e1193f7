#include "ingest/mapping/detail/text_pattern.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "tests/support/support.h"

namespace winnow::mapping {
namespace {

std::string match(const Result<TextPattern>& pattern, std::string_view line) {
  if (!pattern) return std::string(pattern.error().message());
  std::vector<std::string_view> texts;
  if (!pattern->match(line, texts)) return "none";
  std::string told;
  for (std::size_t i = 0; i < texts.size(); ++i)
    told += fmt::format("{}{}={}", i > 0 ? " " : "", pattern->fields()[i], texts[i]);
  return told;
}
std::string of_template(std::string_view text, std::string_view line) {
  return match(TextPattern::of_template(text), line);
}
std::string of_regex(std::string_view text, std::string_view line) {
  return match(TextPattern::of_regex(text), line);
}

TEST(TextTemplate, FieldsEndWhereTheTextBehindThemBegins) {
  EXPECT_EQ(of_template("%{a} - %{b}", "1 - 2 - 3"), "a=1 b=2 - 3");
  EXPECT_EQ(of_template("<%{a}> [%{b}]", "<x> [y]z]"), "a=x b=y]z") << "the last to the line's end";
  EXPECT_EQ(of_template("%{a} %{} %{?skipped} %{b}", "1 2 3 4"), "a=1 b=4");
  EXPECT_EQ(of_template("%{a->} %{b}", "1    2"), "a=1 b=2") << "padded";
  EXPECT_EQ(of_template("%{a} %{b}", "1    2"), "a=1 b=   2");
  EXPECT_EQ(of_template("x%{a}", "x"), "a=") << "a field may be empty";
  EXPECT_EQ(of_template("%{a}", ""), "a=");
  EXPECT_EQ(of_template("%{a}: %{b}", "no colon"), "none");
  EXPECT_EQ(of_template("a %{x} b", "a 1 c"), "none");
  EXPECT_EQ(of_template("a %{x} b", "b 1 b"), "none");
  EXPECT_EQ(of_template("%{a},%{b};", "1,2"), "none");
  EXPECT_EQ(of_template("%{a}aa%{b}aa", "1aa"), "none") << "one text is not two";
}

TEST(TextTemplate, WhatIsNoneIsRefused) {
  EXPECT_EQ(of_template("%{a}%{b}", ""), "no text ends the field 'a': another follows at once");
  EXPECT_EQ(of_template("%{a", ""), "the field '%{a' does not end: '}' is missing");
  EXPECT_EQ(of_template("%{a} %{a}", ""), "the field 'a' stands twice");
  EXPECT_EQ(of_template("%{a b}", ""),
            "'a b' is no name of a field: letters, digits, '_', '-', '.'");
  EXPECT_EQ(of_template("text", ""), "a template without a field: '%{name}'");
  EXPECT_EQ(of_template("%{a->}", ""), "no text follows 'a', which could stand several times");
}

TEST(TextRegex, NamedGroupsAreTheFields) {
  EXPECT_EQ(of_regex(R"((?P<b>\d+)-(?P<a>x)?)", "12-"), "a= b=12");
  EXPECT_EQ(of_regex(R"((?P<b>\d+)-(?P<a>x)?)", "12-x"), "a=x b=12");
  EXPECT_EQ(of_regex(R"((?P<b>\d+))", "12 "), "none") << "it matches the whole line";
  EXPECT_THAT(of_regex("(?P<b>x", ""), ::testing::HasSubstr("no regular expression: missing )"));
  EXPECT_THAT(of_regex(R"((?P<b>x)\1)", ""), ::testing::HasSubstr("no regular expression: "));
  EXPECT_EQ(of_regex("x", ""), "a regular expression without a named group: '(?P<name>...)'");
}

// A backtracking engine would take longer than anybody waits.
TEST(TextRegex, HostileLinesCostTheirLength) {
  const std::string line(1UL << 20, 'a');
  EXPECT_EQ(of_regex("(?P<x>(a+)+)b", line), "none");
  EXPECT_EQ(of_template("%{a} %{b} %{c}", line), "none");
}

}  // namespace
}  // namespace winnow::mapping
