#include "labels/label_list.h"

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

std::vector<LabelLine> read(std::string_view text) {
  return read_label_list(text, "labels.csv").value();
}

TEST(LabelList, ReadsColumnsInAnyOrderAndKeepsTheLineOfEach) {
  const auto lines = read(
      "label;step;event;by\n"
      "malicious;T1110.003;0123456789ab;red team\n"
      "\n"
      "benign;;\"89abcdef01234567\";\"a \"\"quoted\"\" name; with more\"\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].line, 2U);
  EXPECT_EQ(lines[0].digest, "0123456789ab");
  EXPECT_EQ(lines[0].label, "malicious");
  EXPECT_EQ(lines[0].step, "T1110.003");
  EXPECT_EQ(lines[0].by, "red team");
  EXPECT_EQ(lines[1].line, 4U);
  EXPECT_EQ(lines[1].by, "a \"quoted\" name; with more");
}

TEST(LabelList, ObjectsALineSayTheSame) {
  const auto lines = read(
      R"({"user": "CORP\\Ann", "from": "2026-03-03T08:00:00Z", "before": "2026-03-03T09:00:00Z", )"
      R"("label": "malicious", "step": "service_scan", "mapping": "windows", "by": null})"
      "\n"
      R"({"id": "e-1", "label": "none"})");
  ASSERT_EQ(lines.size(), 2U);
  ASSERT_TRUE(lines[0].entity);
  EXPECT_EQ(lines[0].entity->kind, ocsf::EntityKind::User);
  EXPECT_EQ(lines[0].entity->key, "ann") << "as events name it";
  EXPECT_EQ(lines[0].mapping, "windows");
  EXPECT_EQ(lines[1].id, "e-1");
  EXPECT_EQ(lines[1].line, 2U);
}

struct Refusal {
  const char* name;
  std::string text;
  const char* said;
};
class RefusedLists : public ::testing::TestWithParam<Refusal> {};
TEST_P(RefusedLists, SayWhereAndWhatIsNearest) {
  const auto lines = read_label_list(GetParam().text, "labels.csv");
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().text(), GetParam().said);
}

std::string of_event(std::string_view rest) {
  return fmt::format("event,label,step,from,before,host,id\n{}\n", rest);
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedLists,
    ::testing::Values(
        Refusal{"AColumn", "event,lable\n",
                "labels.csv:1: 'lable' is no column of a list of labels (did you mean 'label'?)"},
        Refusal{"AColumnTwice", "event,label,event\n",
                "labels.csv:1: the column 'event' is there twice"},
        Refusal{"NoLines", "event,label\n", "labels.csv: it has no line below its header"},
        Refusal{"Nothing", "", "labels.csv: it has no line below its header"},
        Refusal{"ALabel", of_event("0123456789,malicous"),
                "labels.csv:2: 'malicous' is no label (did you mean 'malicious'?)"},
        Refusal{"NoLabel", of_event("0123456789,"),
                "labels.csv:2: it says no label (malicious or benign; of mail phish, spam or "
                "benign; none takes back)"},
        Refusal{"ATechnique", of_event("0123456789,malicious,T1110.033"),
                "labels.csv:2: ATT&CK has no technique 'T1110.033' (did you mean 'T1110.003'?)"},
        Refusal{"AStep", of_event("0123456789,malicious,Service Scan"),
                "labels.csv:2: 'Service Scan' is no step of an attack (a technique's id, such as "
                "T1110.003, or small letters, digits, '_' and '-')"},
        Refusal{"NoEvent", of_event(",malicious"),
                "labels.csv:2: it names no event (by event (its digest), by id, or by host, user, "
                "ip or mailbox with from and before)"},
        Refusal{"TwoWays", of_event("0123456789,malicious,,,,,e-1"),
                "labels.csv:2: it names events in more than one way (by event (its digest), by id, "
                "or by host, user, ip or mailbox with from and before)"},
        Refusal{"AHostWithoutATime", of_event(",malicious,,,,ws5"),
                "labels.csv:2: an entity's events need a time: from and before"},
        Refusal{"TimesTurnedRound",
                of_event(",malicious,,2026-03-03T09:00:00Z,2026-03-03T09:00:00Z,ws5"),
                "labels.csv:2: 'before' is not behind 'from'"},
        Refusal{"AShortDigest", of_event("0123,malicious"),
                "labels.csv:2: '0123' is not the beginning of a digest (its first 8 to 64 "
                "hexadecimal digits)"},
        Refusal{"TooManyFields", "event,label\n0123456789,benign\n0123456789,benign,,\n",
                "labels.csv:3: 4 fields below 2 columns"},
        Refusal{"AnOpenQuote", "event,label\n0123456789,benign\n\"0123456789,benign\n",
                "labels.csv:3: a quote is opened and never closed"},
        Refusal{"AnObjectsMember", "{\"event\":\"0123456789\",\"label\":1}",
                "labels.csv:1: 'label' is no text"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(LabelList, HasAnEnd) {
  std::string text = "event,label\n";
  for (std::size_t i = 0; i <= kMostLabelLines; ++i) text += "0123456789,benign\n";
  const auto lines = read_label_list(text, "labels.csv");
  ASSERT_EQ(code_of(lines), Code::Exhausted);
  EXPECT_EQ(lines.error().text(),
            "labels.csv:100002: a list has at most 100000 lines (import it in parts)");
}

TEST(LabelList, WhateverItsBytesItIsReadOrRefused) {
  const std::string good = "event,label,step,by\n0123456789,malicious,T1110,\"ann, bob\"\n";
  testing::for_each_seed(300, [&](Rng& rng) {
    std::string text = good;
    for (std::uint64_t i = 0; i <= rng.below(4); ++i)
      text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    const auto lines = read_label_list(text, "l");
    if (lines) {
      EXPECT_LE(lines->size(), 3U);
    } else {
      EXPECT_TRUE(lines.error().message().starts_with("l:")) << lines.error().text();
    }
  });
}

}  // namespace
}  // namespace winnow
