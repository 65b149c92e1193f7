#include "intel/stix_pattern.h"

#include <algorithm>

#include "base/json.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using enum IndicatorKind;

struct Case {
  const char* pattern;
  std::vector<StixTerm> terms;
  const char* unsupported;  // what the first reason says, or null
};
std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.pattern; }

class StixPatterns : public ::testing::TestWithParam<Case> {};
TEST_P(StixPatterns, CompileToWhatOneObservableTells) {
  const auto pattern = read_stix_pattern(GetParam().pattern);
  ASSERT_OK(pattern);
  EXPECT_EQ(pattern->terms, GetParam().terms);
  if (GetParam().unsupported == nullptr) {
    EXPECT_TRUE(pattern->unsupported.empty()) << pattern->unsupported.front();
  } else {
    ASSERT_FALSE(pattern->unsupported.empty());
    EXPECT_NE(pattern->unsupported.front().find(GetParam().unsupported), std::string::npos)
        << pattern->unsupported.front();
  }
}
INSTANTIATE_TEST_SUITE_P(
    Compiled, StixPatterns,
    ::testing::Values(
        Case{"[domain-name:value = 'evil.example']", {{Domain, "evil.example"}}, nullptr},
        Case{"[url:value = 'http://a/' OR url:value == 'http://b/']",
             {{Url, "http://a/"}, {Url, "http://b/"}},
             nullptr},
        Case{"[domain-name:value IN ('a.example', 'b.example')]",
             {{Domain, "a.example"}, {Domain, "b.example"}},
             nullptr},
        Case{"[ipv4-addr:value = '192.0.2.1'] OR [ipv6-addr:value = '2001:db8::1']",
             {{Ip, "192.0.2.1"}, {Ip, "2001:db8::1"}},
             nullptr},
        Case{"[ipv4-addr:value ISSUBSET '192.0.2.0/24']", {{Ip, "192.0.2.0/24"}}, nullptr},
        Case{"[email-addr:value = 'it\\'s@evil.example']",
             {{Mailbox, "it's@evil.example"}},
             nullptr},
        Case{"[file:hashes.'SHA-256' = 'aa' OR file:hashes.MD5 = 'bb']",
             {{File, "aa"}, {File, "bb"}},
             nullptr},
        Case{"[file:hashes.MD5 = 'aa' AND file:hashes.'SHA-1' = 'bb']",
             {{File, "aa"}, {File, "bb"}},
             nullptr},
        Case{"[file:hashes.MD5 = 'aa' AND file:name = 'x.exe']", {{File, "aa"}}, nullptr},
        Case{"([domain-name:value = 'a.example']) WITHIN 5 SECONDS REPEATS 1 TIMES",
             {{Domain, "a.example"}},
             nullptr},
        Case{
            "/* why */ [domain-name:value='a.example'] // end", {{Domain, "a.example"}}, nullptr}));
INSTANTIATE_TEST_SUITE_P(
    NotCompiled, StixPatterns,
    ::testing::Values(
        Case{"[domain-name:value = 'a.example' OR file:name = 'x']",
             {{Domain, "a.example"}},
             "file:name"},
        Case{"[domain-name:value = 'a' AND url:value = 'b']", {}, "AND of comparisons"},
        Case{"[domain-name:value = 'a'] AND [url:value = 'b']", {}, "several observations"},
        Case{"[domain-name:value = 'a'] FOLLOWEDBY [url:value = 'b']", {}, "FOLLOWEDBY"},
        Case{"[domain-name:value != 'a']", {}, "comparison !="},
        Case{"[domain-name:value NOT = 'a']", {}, "NOT"},
        Case{"[domain-name:value LIKE 'a%']", {}, "LIKE"},
        Case{"[domain-name:value MATCHES 'a.*']", {}, "MATCHES"},
        Case{"[EXISTS domain-name:value]", {}, "EXISTS"},
        Case{"[domain-name:value = 5]", {}, "no text"},
        Case{"[domain-name:value = 'a'] REPEATS 2 TIMES", {}, "REPEATS"},
        Case{"[domain-name:value = 'a'] START t'2024-01-01T00:00:00Z' STOP t'2024-02-01T00:00:00Z'",
             {},
             "START"},
        Case{
            "[network-traffic:dst_ref.value = '192.0.2.1']", {}, "network-traffic:dst_ref.value"}));

TEST(StixPattern, RefusesWhatTheGrammarDoesNotHave) {
  for (const auto* text : {"",
                           "[",
                           "[]",
                           "domain-name:value = 'a'",
                           "[domain-name:value = a]",
                           "[domain-name:value = 'a]",
                           "[a:b = 1] extra",
                           "[a:b = 'x\\y']",
                           "[a:b = 007]",
                           "[a:b = +]",
                           "[a:b > true]",
                           "[a:b = t'2024-13-01T00:00:00Z']",
                           "[a:b = h'abc']",
                           "[a:b-c = 1]",
                           "[a:b[x] = 1]",
                           "[a:b = 1] REPEATS 1.5 TIMES",
                           "[a:b = 1] WITHIN 1 SECONDS WITHIN 2 SECONDS",
                           "[a:b = 1] and [c:d = 2]",
                           "/* open",
                           "[a:b LIKE 5]",
                           "[a:b IN (1,)]",
                           "([a:b = 1]"}) {
    EXPECT_EQ(testing::code_of(read_stix_pattern(text)), Code::InvalidArgument) << text;
  }
}

TEST(StixPattern, IsBounded) {
  const std::string deep = std::string(100, '(') + "[a:b = 1]" + std::string(100, ')');
  EXPECT_EQ(testing::code_of(read_stix_pattern(deep)), Code::Exhausted);
  EXPECT_EQ(testing::code_of(read_stix_pattern("[" + std::string(100000, '(') + "a:b = 1")),
            Code::Exhausted);
  EXPECT_EQ(testing::code_of(read_stix_pattern(std::string(1UL << 20, ' '))), Code::Exhausted);
}

// The vectors of OASIS's own validator and of the specification.
TEST(StixPattern, AgreesWithTheVectorsOfTheStandard) {
  const auto folder = testing::unpacked("standards/stix.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto text = read_file(*folder / "stix" / "stix-pattern-vectors.jsonl", 4UL << 20).value();
  int valid = 0, invalid = 0, compiled = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto vector = parse_json(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    ASSERT_OK(vector);
    const auto& pattern = (*vector)["pattern"].as_string();
    const auto read = read_stix_pattern(pattern);
    // STIX 2.0 allowed a qualifier twice; Winnow reads 2.1.
    if ((*vector)["stix"].as_string() == "2.0" && !read &&
        read.error().message().ends_with("first time"))
      continue;
    if ((*vector)["valid"].as_bool()) {
      EXPECT_TRUE(read) << pattern << ": " << read.error();
      if (read) {
        EXPECT_TRUE(!read->terms.empty() || !read->unsupported.empty()) << pattern;
      }
      ++valid;
      compiled += read && !read->terms.empty() ? 1 : 0;
    } else {
      EXPECT_FALSE(read) << pattern
                         << " is refused by the validator: " << (*vector)["error"].as_string();
      ++invalid;
    }
  }
  EXPECT_GE(valid, 120);
  EXPECT_GE(invalid, 40);
  EXPECT_GE(compiled, 8);
}

}  // namespace
}  // namespace winnow
