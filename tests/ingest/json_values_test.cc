#include "ingest/records/json_values.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using Values = std::vector<std::string_view>;

struct Stream {
  std::string_view text;
  std::optional<Values> values;  // nothing: refused
};

class JsonStream : public ::testing::TestWithParam<Stream> {};

TEST_P(JsonStream, IsSplitIntoItsValues) {
  const auto found = split_json_values(GetParam().text);
  ASSERT_EQ(found.has_value(), GetParam().values.has_value()) << GetParam().text;
  if (found) {
    EXPECT_EQ(*found, *GetParam().values);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, JsonStream,
    ::testing::Values(Stream{"", Values{}}, Stream{" \n", Values{}},
                      Stream{R"({"a":1}{"b":2})", Values{R"({"a":1})", R"({"b":2})"}},
                      Stream{"{}\r\n\t[] \n{}", Values{"{}", "[]", "{}"}},
                      Stream{R"({"a":"}{\"]"}{})", Values{R"({"a":"}{\"]"})", "{}"}},
                      Stream{R"("x""y")", Values{R"("x")", R"("y")"}},
                      Stream{"1 true{}", Values{"1", "true", "{}"}},
                      Stream{R"({"a":[{"b":{}}]})", Values{R"({"a":[{"b":{}}]})"}},
                      Stream{"{", std::nullopt}, Stream{"}", std::nullopt},
                      Stream{R"({"a)", std::nullopt}, Stream{R"("\)", std::nullopt}));

class JsonArray : public ::testing::TestWithParam<Stream> {};

TEST_P(JsonArray, IsSplitIntoItsItems) {
  const auto found = split_json_array(GetParam().text);
  ASSERT_EQ(found.has_value(), GetParam().values.has_value()) << GetParam().text;
  if (found) {
    EXPECT_EQ(*found, *GetParam().values);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, JsonArray,
    ::testing::Values(Stream{"[]", Values{}}, Stream{" [ ]\n", Values{}},
                      Stream{R"([{"a":1}, {"b":[2,3]} ])", Values{R"({"a":1})", R"({"b":[2,3]})"}},
                      Stream{R"(["],[",1,null])", Values{R"("],[")", "1", "null"}},
                      Stream{"", std::nullopt}, Stream{"{}", std::nullopt},
                      Stream{"[", std::nullopt}, Stream{"[1", std::nullopt},
                      Stream{"[,1]", std::nullopt}, Stream{"[1,]", std::nullopt},
                      Stream{"[1 2]", std::nullopt}, Stream{"[[1]", std::nullopt},
                      Stream{"[1]]", std::nullopt}));

Json random_value(Rng& rng, int depth) {
  static constexpr std::string_view kLetters = "[]{}\",:\\ a\n";
  if (depth == 0 || rng.chance(0.4)) {
    std::string text;
    for (auto left = rng.below(8); left > 0; --left) text += kLetters[rng.below(kLetters.size())];
    return rng.chance(0.7) ? Json(text) : Json(static_cast<int>(rng.below(100)));
  }
  Json value = rng.chance(0.5) ? Json::array() : Json::object();
  for (auto left = rng.below(4); left > 0; --left) {
    auto item = random_value(rng, depth - 1);
    if (value.is_array()) {
      value.push(std::move(item));
    } else {
      value.set(std::string(left, '"'), std::move(item));
    }
  }
  return value;
}

TEST(JsonArray, HasTheItemsThatTheParserReads) {
  testing::for_each_seed(200, [](Rng& rng) {
    Json array = Json::array();
    for (auto left = rng.below(5); left > 0; --left) array.push(random_value(rng, 3));
    for (const auto& text : {to_text(array), to_pretty_text(array)}) {
      const auto items = split_json_array(text);
      ASSERT_OK(items);
      ASSERT_EQ(items->size(), array.size()) << text;
      for (std::size_t i = 0; i < items->size(); ++i)
        EXPECT_EQ(parse_json((*items)[i]).value(), array[i]) << text;
    }
  });
}

}  // namespace
}  // namespace winnow
