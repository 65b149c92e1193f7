#include "base/json_scan.h"

#include <fmt/ranges.h>

#include "base/json.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using Kind = JsonCell::Kind;

const std::vector<JsonSelection::Path> kPaths = {{"a"},
                                                 {"outer", "inner"},
                                                 {"outer", "deep", "er"},
                                                 {"list", "*"},
                                                 {"rows", "*", "x"},
                                                 {"rows", "*", "y"},
                                                 {"whole"},
                                                 {"a key of more than sixteen bytes, one"},
                                                 {"a key of more than sixteen bytes, two"},
                                                 {"id.orig_h"}};

// What was found, by path as written; items of a list by their number.
std::map<std::string, std::string> scan(std::string_view record, Code* code = nullptr) {
  static const auto selection = JsonSelection::of(kPaths).value();
  JsonScanner scanner;
  JsonCells cells;
  const auto status = scanner.scan(record, selection, cells);
  if (code != nullptr) *code = status ? Code{} : status.error().code();
  if (!status) return {{"error", status.error().message()}};
  std::map<std::string, std::string> found;
  const auto note = [&](const std::string& name, const JsonCell& cell) {
    if (cell.kind != Kind::Absent) found[name] = std::string(cell.text);
  };
  for (std::size_t i = 0; i < kPaths.size(); ++i) {
    const auto place = selection.place(i);
    const auto name = fmt::format("{}", fmt::join(kPaths[i], "/"));
    if (!place.list) {
      note(name, cells.at(place.column));
      continue;
    }
    for (std::size_t row = 0; row < cells.rows(*place.list); ++row)
      note(fmt::format("{}:{}", name, row), cells.at(*place.list, row, place.column));
  }
  return found;
}

using Found = std::map<std::string, std::string>;

TEST(JsonScan, FindsWhatIsWanted) {
  EXPECT_EQ(
      scan(R"({"z":[1,{"a":2}],"a":"text","outer":{"skip":{},"inner":-1.5e3},"id.orig_h":true})"),
      (Found{{"a", "text"}, {"outer/inner", "-1.5e3"}, {"id.orig_h", "true"}}));
  EXPECT_EQ(scan(R"(  { "a" : null , "outer" : { "deep" : { "er" : "x" } } }  )"),
            (Found{{"a", "null"}, {"outer/deep/er", "x"}}));
  EXPECT_EQ(scan("{}"), Found{});
}

TEST(JsonScan, NothingAtAllIsNoRecord) {
  Code code{};
  scan(std::string_view(), &code);
  EXPECT_EQ(code, Code::InvalidArgument);
}

TEST(JsonScan, KeysOfTheSameEndsAreToldApart) {
  EXPECT_EQ(
      scan(
          R"({"a key of more than sixteen bytes, two":2,"a key of more THAN sixteen bytes, one":3})"),
      (Found{{"a key of more than sixteen bytes, two", "2"}}));
}

TEST(JsonScan, ListsBecomeRows) {
  EXPECT_EQ(scan(R"({"list":["p",2,null],"rows":[{"x":1},{"y":"two","x":3},7]})"),
            (Found{{"list/*:0", "p"},
                   {"list/*:1", "2"},
                   {"list/*:2", "null"},
                   {"rows/*/x:0", "1"},
                   {"rows/*/x:1", "3"},
                   {"rows/*/y:1", "two"}}));
  EXPECT_EQ(scan(R"({"list":[]})"), Found{});
  // Some writers leave out the brackets of a list of one.
  EXPECT_EQ(scan(R"({"list":"only","rows":{"x":1}})"),
            (Found{{"list/*:0", "only"}, {"rows/*/x:0", "1"}}));
}

TEST(JsonScan, AListKeepsABoundedNumberOfRows) {
  std::string record = R"({"list":[0)";
  for (std::size_t i = 1; i < JsonCells::kMaxRows + 10; ++i) record += "," + std::to_string(i);
  record += R"(],"a":1})";
  const auto found = scan(record);
  EXPECT_EQ(found.size(), JsonCells::kMaxRows + 1);
  EXPECT_EQ(found.at("a"), "1");
}

TEST(JsonScan, ObjectsAndListsCanBeWantedWhole) {
  EXPECT_EQ(scan(R"({"whole": {"b":[1, 2]} ,"a":1})"),
            (Found{{"whole", R"({"b":[1, 2]})"}, {"a", "1"}}));
}

TEST(JsonScan, EscapesAreReadInKeysAndTexts) {
  EXPECT_EQ(scan(R"({"\u0061":"\"\\\/\b\n\u00e9\ud83d\ude00\ud800"})"),
            (Found{{"a", "\"\\/\b\n\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBD"}}));
}

TEST(JsonScan, ASecondValueForAKeyIsRefused) {
  for (const auto* record :
       {R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", R"({"list":[1],"list":[2]})",
        R"({"outer":{"inner":1},"outer":{"inner":2}})"}) {
    EXPECT_NE(scan(record).at("error").find("a second value"), std::string::npos) << record;
  }
}

TEST(JsonScan, WhatIsNoObjectIsRefused) {
  for (const auto* record : {"",
                             " ",
                             "[]",
                             "1",
                             "\"a\"",
                             "{",
                             "}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{\"a\" 1}",
                             "{a:1}",
                             "{\"a\":1}x",
                             "{\"a\":1}{}",
                             "{\"a\":tru}",
                             "{\"a\":\"x}",
                             "{\"a\":[1}",
                             "{\"list\":[1,]}",
                             "{\"list\":[1",
                             "{\"a\":\"\xFF\"}",
                             "{\"a\":\"\\x\"}",
                             "{\"a\":\"\\u12\"}",
                             "{\"outer\":{\"inner\":1}"}) {
    Code code{};
    const auto found = scan(record, &code);
    EXPECT_TRUE(found.contains("error")) << record;
    EXPECT_EQ(code, Code::InvalidArgument) << record;
  }
}

// A value of a document, as the scanner should have found it.
void expect(const Json& value, const std::string& name, Found& found) {
  if (value.is_string()) {
    found[name] = value.as_string();
  } else if (!value.is_object() && !value.is_array()) {
    found[name] = to_text(value);
  }
}

// What the scanner finds is what a reader of whole documents finds.
TEST(JsonScan, AgreesWithTheReaderOfDocuments) {
  testing::for_each_seed(300, [](Rng& rng) {
    const auto scalar = [&]() -> Json {
      switch (rng.below(5)) {
        case 0:
          return Json(static_cast<std::int64_t>(rng.below(1000)));
        case 1:
          return Json(rng.below(2) == 0);
        case 2:
          return Json();
        case 3:
          return Json(std::string(rng.below(40), 'q') + "\"\\\n\xC3\xA9");
        default:
          return Json(std::string(rng.below(30), 'w'));
      }
    };
    Json record = Json::object();
    Found want;
    for (std::uint64_t i = rng.below(6); i > 0; --i)
      record.set(fmt::format("other{}", i),
                 Json::array({scalar(), Json::object({{"a", scalar()}})}));
    if (rng.below(2) == 0) record.set("a", scalar());
    expect(record["a"], "a", want);
    if (!record.find("a")) want.erase("a");
    Json outer = Json::object({{"z", scalar()}, {"inner", scalar()}});
    expect(outer["inner"], "outer/inner", want);
    record.set("outer", outer);
    Json list = Json::array();
    for (std::uint64_t i = rng.below(5); i > 0; --i) list.push(scalar());
    for (std::size_t i = 0; i < list.size(); ++i)
      expect(list[i], fmt::format("list/*:{}", i), want);
    record.set("list", list);
    EXPECT_EQ(scan(to_text(record)), want) << to_text(record);
    EXPECT_EQ(scan(to_pretty_text(record)), want);
  });
}

// A field that two shapes of a record keep at different places; the third path has its own.
const std::vector<JsonSelection::Path> kShapes = {
    {"id"}, {"head", "id", "#text"}, {"head", "id"}, {"data", "x"}, {"text", "x"}};
const std::vector<std::uint32_t> kSameAs = {0, 0, 0, 3, 3};

std::string id_of(std::string_view record) {
  const auto selection = JsonSelection::of(kShapes, kSameAs).value();
  EXPECT_EQ(selection.single_columns(), 2U);
  JsonScanner scanner;
  JsonCells cells;
  const auto status = scanner.scan(record, selection, cells);
  if (!status) return std::string(status.error().message());
  return std::string(cells.at(selection.place(2).column).text);
}

TEST(JsonScan, OfSeveralPlacesOfAFieldTheOneThatIsThereIsFound) {
  EXPECT_EQ(id_of(R"({"id":7})"), "7");
  EXPECT_EQ(id_of(R"({"head":{"id":"7"}})"), "7");
  EXPECT_EQ(id_of(R"({"head":{"id":{"a":1,"#text":7}}})"), "7");
  EXPECT_EQ(id_of(R"({"head":{"id":{"a":1}}})"), R"({"a":1})");
  EXPECT_EQ(id_of(R"({"head":{"id":7},"id":7})"),
            "not valid JSON: a second value for a key at byte 23");
  EXPECT_EQ(id_of(R"({"head":{"id":{"#text":7},"id":8}})"),
            "not valid JSON: a second value for a key at byte 32");
}

TEST(JsonScan, AnObjectKeptAsATextIsReadAsIfItStoodThere) {
  const auto selection = JsonSelection::of(kShapes, kSameAs).value();
  JsonScanner scanner, texts;
  JsonCells cells;
  ASSERT_TRUE(scanner.scan(R"({"id":1})", selection, cells));
  ASSERT_TRUE(texts.scan_part(R"({"x":"a\"b"})", {"data"}, selection, cells));
  EXPECT_EQ(cells.at(selection.place(0).column).text, "1");
  EXPECT_EQ(cells.at(selection.place(4).column).text, "a\"b");
  EXPECT_TRUE(texts.scan_part(R"({"x":2})", {"unknown"}, selection, cells));
  EXPECT_EQ(testing::code_of(texts.scan_part(R"({"x":2})", {"text"}, selection, cells)),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(texts.scan_part("[1]", {"data"}, selection, cells)),
            Code::InvalidArgument);
}

TEST(JsonSelection, RefusesAPathWithTwoPlaces) {
  const std::vector<JsonSelection::Path> paths = {{"a"}, {"b"}, {"a"}, {"l", "*"}};
  EXPECT_TRUE(JsonSelection::of(paths, std::vector<std::uint32_t>{0, 0, 0, 3}));
  EXPECT_EQ(testing::code_of(JsonSelection::of(paths, std::vector<std::uint32_t>{0, 1, 1, 3})),
            Code::InvalidArgument);
  EXPECT_EQ(testing::code_of(JsonSelection::of(paths, std::vector<std::uint32_t>{0, 1, 0, 0})),
            Code::InvalidArgument);
}

TEST(JsonSelection, RefusesWhatIsNoPath) {
  const std::vector<JsonSelection::Path> bad = {
      {}, {"*"}, {"a", "*", "*"}, {"a", "*", "b", "*"}, JsonSelection::Path(13, "a")};
  for (const auto& path : bad)
    EXPECT_EQ(testing::code_of(JsonSelection::of({&path, 1})), Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
