// Lines of text: pairs of a key and a value, and words in an order.
#include "ingest/mapping/detail/text_line.h"

#include <fmt/format.h>

#include "ingest/mapping/coverage.h"
#include "ingest/mapping/log_mappings.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using Texts = std::vector<std::string>;

Texts pairs_of(std::string_view line) {
  Texts texts;
  mapping::PairReader pairs(line);
  for (mapping::PairReader::Pair pair; pairs.next(pair);)
    texts.push_back(fmt::format("{}{}{}", pair.key, pair.is_quoted ? ":=" : "=", pair.value));
  return texts;
}

Texts words_of(std::string_view line) {
  Texts texts;
  mapping::WordReader words(line);
  for (std::string_view word; words.next(word);) texts.emplace_back(word);
  return texts;
}

TEST(PairReader, FindsPairsHoweverTheyStand) {
  EXPECT_EQ(pairs_of("a=1  b=\"x y\" c=\tword d=audit(1.2:3):"),
            (Texts{"a=1", "b:=x y", "c=", "d=audit(1.2:3):"}));
  EXPECT_EQ(pairs_of("msg='op=login acct=\"root\" res=success'\x1d"
                     "AUID=\"ana\""),
            (Texts{"op=login", "acct:=root", "res=success", "AUID:=ana"}));
  EXPECT_EQ(pairs_of("avc: denied { read } for pid=5"), Texts{"pid=5"});
  EXPECT_EQ(pairs_of("a=b=c =x \"q\"=1"), (Texts{"a=b=c", "\"q\"=1"}));
  EXPECT_EQ(pairs_of("a=\"unended b=2"), Texts{"a:=unended b=2"});
  for (const auto* empty : {"", " ", "=", "'", "a='", "====", "a"})
    EXPECT_LE(pairs_of(empty).size(), 1U) << empty;
}

// The same for a search of the rest of the line for each word would take hours.
TEST(PairReader, WordsWithoutPairsCostTheirLength) {
  std::string words;
  while (words.size() < (4UL << 20)) words += "a ";
  EXPECT_EQ(pairs_of(words + "b=1"), Texts{"b=1"});
}

TEST(WordReader, CutsAtCommasWhereThereAreAnyElseAtBlanks) {
  EXPECT_EQ(words_of("2 a - OK"), (Texts{"2", "a", "-", "OK"}));
  EXPECT_EQ(words_of("a b,c,,d"), (Texts{"a b", "c", "", "d"}));
  EXPECT_EQ(words_of("\"a,b\",c"), (Texts{"a,b", "c"}));
  EXPECT_EQ(words_of("a "), (Texts{"a", ""}));
  EXPECT_EQ(words_of(""), Texts{});
}

Result<Mapping> mapping_of(const std::string& name, const std::string& head) {
  WINNOW_TRY(const auto yaml,
             Yaml::parse(fmt::format("mapping: {}\ntitle: T\ndomain: endpoint\n{}"
                                     "product: {{name: P}}\nrecognise: {{has: [who, at]}}\n"
                                     "absent: [\"\", \"-\"]\ntime: {{from: at, as: seconds}}\n"
                                     "events: [{{event: any, class: base_event, set: "
                                     "{{severity_id: =1, message: who}}, unmapped: [n]}}]\n",
                                     name, head),
                         "text.yaml"));
  return Mapping::compile(yaml);
}

LogMappings two_mappings() {
  return LogMappings({mapping_of("pairs", "format: pairs\nencoded: [who]\n").value(),
                      mapping_of("words", "format: words\nwords: [at, who, n]\n").value()});
}

struct Case {
  const char* line;
  const char* want;  // the mapping and the message, or what is said
};

TEST(TextLines, AreReadByTheMappingThatKnowsThem) {
  auto mappings = two_mappings();
  for (const auto& [line, want] : {
           Case{"who=ana at=5", "pairs ana"},
           Case{"who=\"616e61\" at=5", "pairs 616e61"},  // in quotes it is what it says
           Case{"who=616e612062 at=5", "pairs ana b"},
           Case{"who=6100ff62 at=5",
                "pairs a \xEF\xBF\xBD"
                "b"},
           Case{"who=616 at=5", "pairs 616"},
           Case{"5 ana 7", "words ana"},
           Case{"5,ana b,7", "words ana b"},
       }) {
    const auto mapped = mappings.read(RecordForm::LogJson, line, sha256(line));
    ASSERT_TRUE(mapped) << line << ": " << mapped.error();
    EXPECT_EQ(fmt::format("{} {}", mapped->mapping,
                          mapped->event.get(ocsf::Attribute::of("message")).as_text()),
              want);
  }
  for (const auto& [line, want] : {
           Case{"who=ana who=bo at=5", "'who' stands in it twice"},
           Case{"who=ana", "'at', its time, is not there"},
       }) {
    const auto event = mappings.read("pairs", RecordForm::LogJson, line, sha256(line));
    ASSERT_FALSE(event) << line;
    EXPECT_NE(event.error().message().find(want), std::string::npos) << event.error();
  }
  EXPECT_EQ(mappings.read("words", RecordForm::LogJson, "5 ana 7 8", Digest()).error().message(),
            "a line of more words than names");
  EXPECT_EQ(mappings.read("words", RecordForm::LogJson, "5 ana", Digest()).error().message(),
            "a line of fewer words than names");
}

// What the mapping makes of a line, or why it does not.
std::string message_of(const std::string& head, std::string_view line) {
  auto mapping = mapping_of("m", head);
  if (!mapping) return std::string(mapping.error().message());
  const auto event = LogReader(*mapping).read(RecordForm::LogJson, line, sha256(line));
  if (!event) return std::string(event.error().message());
  return fmt::format("{} {} {}", event->time().seconds(),
                     event->get(ocsf::Attribute::of("message")).as_text(),
                     event->get(ocsf::Attribute::of("unmapped.m.n")).as_text());
}

TEST(TextLines, AreOfTheFirstPatternThatMatches) {
  const std::string head =
      "format: text\npatterns:\n  - '%{at} [%{who}] %{?skipped} %{n}'\n"
      "  - {regex: '(?P<at>[0-9]+) (?P<who>[a-z ]+)'}\n";
  EXPECT_EQ(message_of(head, "5 [ana] x 7"), "5 ana 7");
  EXPECT_EQ(message_of(head, "5 [-] x 7"), "5  7") << "absent";
  EXPECT_EQ(message_of(head, "5 ana b"), "5 ana b ");
  EXPECT_EQ(message_of(head, "5 Ana"), "a line that is of none of the mapping's patterns");
  EXPECT_EQ(message_of(head, R"({"at":5,"who":"ana","n":"7"})"), "5 ana 7") << "JSON as ever";
}

TEST(TextLines, RowsHaveTheColumnsThatTheMappingNames) {
  const std::string head = "format: csv\ncolumns: [at, who, n]\n";
  EXPECT_EQ(message_of(head, R"(5,"ana ""x"", b",7)"), "5 ana \"x\", b 7");
  EXPECT_EQ(message_of(head, "5,ana"), "a row of 2 fields, and the mapping names 3 columns");
  EXPECT_EQ(message_of(head, "5,ana,7,8"), "a row of 4 fields, and the mapping names 3 columns");
  EXPECT_EQ(message_of(head + "separator: ';'\n", "5;ana;7"), "5 ana 7");
  LogMappings mappings({mapping_of("m", head + "separator: ';'\n").value(),
                        mapping_of("words", "format: words\nwords: [at, who, n]\n").value()});
  const auto is_header = [&](std::string_view line, std::string_view mapping = "m",
                             RecordForm form = RecordForm::LogJson) {
    return mappings.is_header(mapping, form, line);
  };
  for (const std::string_view header : {"at;who;n", "AT;Who;N", R"("at";"who"; "n")",
                                        "\xEF\xBB\xBF"
                                        "at;who;n\r"})
    EXPECT_TRUE(is_header(header)) << header;
  for (const std::string_view row : {"at,who,n", "at;who", "at;who;n;more", "5;ana;7", ""})
    EXPECT_FALSE(is_header(row)) << row;
  EXPECT_TRUE(is_header("at;who;n", "")) << "nobody reads it";
  EXPECT_FALSE(is_header("at;who;n", "words")) << "to another mapping it is data";
  constexpr std::string_view kSyslog = "<13>Mar  3 14:05:06 fw1 app: ";
  const auto sent = [&](std::string_view line) {
    return is_header(std::string(kSyslog) + std::string(line), "m", RecordForm::SyslogLog);
  };
  EXPECT_TRUE(sent("at;who;n"));
  EXPECT_FALSE(sent("5;at;who;n"));
}

TEST(TextLines, EventsOfAppliancesTakeTheirKeysByName) {
  EXPECT_EQ(message_of("format: cef\n", "CEF:0|V|P|1|id|n|5|at=5 who=ana b n=7"), "5 ana b 7");
  EXPECT_EQ(message_of("format: leef\n", "LEEF:2.0|V|P|1|id|^|at=5^who=ana b^n=7"), "5 ana b 7");
  EXPECT_EQ(message_of("format: cef\n", "CEF:0|V|P|1|id|n|5|at=5 who=ana who=bo"),
            "'who' stands in it twice");
  EXPECT_EQ(message_of("format: leef\n", "CEF:0|V|P|1|id|n|5|at=5"), "a line without 'LEEF:'");
}

TEST(TextLines, AnApplianceIsTheHostOfItsSyslogHeader) {
  LogMappings mappings({mapping_of("m", "format: cef\n").value()});
  const auto reporter = ocsf::Attribute::of("metadata.reporter.hostname");
  const auto arrived = Timestamp::from_civil(2026, 3, 3, 14, 6);
  constexpr std::string_view kLine = "<134>Mar  3 14:05:06 fw CEF:0|V|P|1|id|n|5|who=ana";
  for (const auto form : {RecordForm::LogJson, RecordForm::SyslogLog}) {
    const auto event = mappings.read(
        "m", form, kLine, sha256(kLine),
        {.reported = form == RecordForm::SyslogLog ? std::optional(arrived) : std::nullopt,
         .arrived = arrived});
    ASSERT_TRUE(event) << event.error();
    EXPECT_EQ(event->get(reporter).as_text(), "fw");
    EXPECT_EQ(event->time(),
              form == RecordForm::LogJson ? Timestamp::from_civil(2026, 3, 3, 14, 5, 6) : arrived);
  }
}

TEST(TextLines, CoverageNamesTheFieldsOfEveryFormat) {
  const auto fields_of = [](const std::string& head, std::string_view line) {
    Coverage coverage(mapping_of("m", head).value());
    coverage.add(RecordForm::LogJson, line, Timestamp());
    std::string told;
    for (const auto& [path, field] : coverage.events()[0].fields)
      told += fmt::format("{}={} ", path, name_of(field.fate));
    return told;
  };
  EXPECT_EQ(fields_of("format: text\npatterns: ['%{at} %{who} %{x} %{n}']\n", "5 ana 1 -"),
            "at=ocsf who=ocsf x=ignored ");
  EXPECT_EQ(fields_of("format: csv\ncolumns: [at, who, n, x]\n", "5,ana,,1"),
            "at=ocsf who=ocsf x=ignored ");
  EXPECT_EQ(fields_of("format: words\nwords: [at, who, n]\n", "5 ana 1"),
            "at=ocsf n=unmapped who=ocsf ");
  EXPECT_EQ(fields_of("format: leef\n", "LEEF:1.0|V|P|1|id|at=5\twho=ana\tx=1"),
            "at=ocsf deviceProduct=ignored deviceVendor=ignored deviceVersion=ignored "
            "eventId=ignored leefVersion=ignored who=ocsf x=ignored ");
}

TEST(TextLines, WhatNoMappingKnowsIsALineOfText) {
  auto mappings = two_mappings();
  const auto why = [&](std::string_view line) {
    return std::string(mappings.choose(RecordForm::LogJson, line).error().message());
  };
  EXPECT_EQ(why("no such line at all"), "a line of text that no mapping recognises");
  EXPECT_EQ(why("who=ana"),
            "a line of text that no mapping recognises; nearest: pairs, but it has "
            "no 'at'");
  LogMappings none({});
  EXPECT_EQ(none.choose(RecordForm::LogJson, "text").error().message(),
            "a line of text, and no mapping here reads such lines");
}

TEST(TextLines, AHeaderTellsTheOrderOfWords) {
  auto mappings = two_mappings();
  const std::string_view record = "n who at\r\n7 ana 5\r";
  const auto event = mappings.read("words", RecordForm::LogRow, record, sha256(record));
  ASSERT_TRUE(event) << event.error();
  EXPECT_EQ(event->get(ocsf::Attribute::of("message")).as_text(), "ana");
}

TEST(TextLines, CoverageNamesTheKeysOfALine) {
  Coverage coverage(mapping_of("pairs", "format: pairs\n").value());
  coverage.add(RecordForm::LogJson, "who=ana at=5 n=1 more=2", Timestamp());
  std::string told;
  for (const auto& [path, field] : coverage.events()[0].fields)
    told += fmt::format("{}={} ", path, name_of(field.fate));
  EXPECT_EQ(told, "at=ocsf more=ignored n=unmapped who=ocsf ");
}

// An event that a source writes as several lines.
TEST(TextLines, KeysOfSeveralLinesAreNamedByTheirKind) {
  const auto yaml = Yaml::parse(R"(mapping: lines
title: T
domain: endpoint
format: pairs
lines: kind
numbered: {ARGS.all: a}
encoded: [name, cwd]
product: {name: P}
recognise: {has: [kind, at]}
time: {from: at, as: seconds}
events:
  - event: any
    class: process_activity
    set:
      severity_id: =1
      activity_id: =1
      device.hostname: kind
      device.type_id: =0
      actor.process.pid: pid
      process.pid: pid
      process.name: name
      process.cmd_line: ARGS.all
      process.working_directory: cwd
      process.file.path: FILE.name
      process.file.name: {from: FILE.name, as: leaf}
      process.file.type_id: =1
)",
                                "lines.yaml");
  auto mapping = Mapping::compile(yaml.value());
  ASSERT_OK(mapping);
  LogReader reader(std::move(*mapping));
  const auto told = [&](std::string_view record) -> std::string {
    const auto event = reader.read(RecordForm::LogJson, record, Digest());
    if (!event) return std::string(event.error().message());
    const auto text = [&](const char* path) {
      const auto value = event->get(ocsf::Attribute::of(path));
      return value.is_absent() ? std::string("-") : std::string(value.as_text());
    };
    return fmt::format("{}|{}|{}|{}", text("process.name"), text("process.file.path"),
                       text("process.cmd_line"), text("process.working_directory"));
  };
  const std::string head = "kind=CALL at=5 pid=1 name=\"first\"\n";
  for (const auto& [lines, want] : {
           Case{"", "first|-|-|-"},
           Case{"kind=FILE at=6 name=\"/a b\"\nkind=FILE name=\"second\"", "first|/a b|-|-"},
           Case{"kind=CWD cwd=2F6120\nkind=FILE name=2F62", "first|/b|-|/a "},
           Case{"kind=ARGS a1=\"two\" a0=6F6E65 a10=\"eleven\" a2=3", "first|-|one two 3 eleven|-"},
           // Parts of a value, of which one ends within a letter.
           Case{"kind=ARGS a0=\"x\" a1_len=9 a1[0]=C3\nkind=ARGS a1[1]=A9 a2=\"y\"",
                "first|-|x \xC3\xA9 y|-"},
           Case{"kind=ARGS a0=FF", "first|-|\xEF\xBF\xBD|-"},
           Case{"kind=ARGS a=1 ab=2 a1x=3 a1[=4 a1[2=5 a1[2]x=6 a99999999999=7", "first|-|-|-"},
           // Other kinds of lines have no numbered values.
           Case{"kind=OTHER a0=\"x\" name=\"other\" cwd=\"/c\"", "first|-|-|/c"},
           Case{"name=\"of no kind\"", "first|-|-|-"},
           Case{"kind=FILE name=1 name=2", "'name' stands in it twice"},
           Case{"kind=ARGS a0=1\nkind=ARGS a0=2", "'a0' stands in it twice"},
       })
    EXPECT_EQ(told(head + lines), want) << lines;
  EXPECT_EQ(told("kind=CALL at=5 pid=1 pid=2"), "'pid' stands in it twice");
  // A mapping that says nothing of lines does not read several.
  EXPECT_EQ(two_mappings()
                .read("pairs", RecordForm::LogJson, "who=ana at=5\nwho=bo", Digest())
                .error()
                .message(),
            "several lines, where a record is one");
}

TEST(TextLines, SyslogHeadersOfLinesAreTakenOff) {
  EnvelopeOpener opener;
  const auto opened = opener.open(RecordForm::SyslogLines,
                                  "<86>Mar  3 14:05:06 gw audispd: kind=A at=5\n"
                                  "<86>Mar  3 14:05:06 gw audispd: kind=B b=1\nkind=C");
  EXPECT_EQ(opened.form, RecordForm::LogJson);
  EXPECT_EQ(opened.payload, "kind=A at=5\nkind=B b=1\nkind=C");
  EXPECT_EQ(opened.host, "gw");
  EXPECT_EQ(opened.app, "audispd");
}

TEST(TextLines, RefusesAShapeThatDoesNotFitTheFormat) {
  for (const auto& [head, want] : {
           Case{"format: words\n", "the format 'words' needs 'words'"},
           Case{"format: pairs\nwords: [a]\n", "text.yaml:5: 'words' is for the format 'words'"},
           Case{"format: json\nencoded: [a]\n", "'encoded' is for the format 'pairs'"},
           Case{"format: words\nwords: [a]\nlines: a\n", "'lines' is for the format 'pairs'"},
           Case{"format: pairs\nnumbered: {A.args: a}\n", "'numbered' names a text of a kind"},
           Case{"format: pairs\nlines: kind\nnumbered: {args: a}\n",
                "'numbered' names a text of a kind"},
           Case{"format: lines\n",
                "text.yaml:4: the format is one of 'json', 'json or tsv', 'pairs', 'words', "
                "'text', 'csv', 'cef', 'leef'"},
           Case{"format: text\n", "the format 'text' needs 'patterns'"},
           Case{"format: text\npatterns: []\n", "text.yaml:5: a list of 1 to 32 patterns"},
           Case{"format: text\npatterns:\n  - '%{who} %{at}'\n  - '%{who}%{at}'\n",
                "text.yaml:7: no text ends the field 'who'"},
           Case{"format: text\npatterns: [{regex: '(?P<who>x'}]\n",
                "text.yaml:5: no regular expression: "},
           Case{"format: text\npatterns: [{regex: x, template: y}]\n",
                "a pattern is a 'template' or a 'regex'"},
           Case{"format: text\npatterns: ['%{who} %{at} %{nn}']\n", "no line has a field 'n'"},
           Case{"format: csv\n", "the format 'csv' needs 'columns'"},
           Case{"format: csv\ncolumns: [at, who, at]\n", "the column 'at' stands twice"},
           Case{"format: csv\ncolumns: [at, who, n]\nseparator: ab\n",
                "text.yaml:6: a separator is one character"},
           Case{"format: csv\ncolumns: [at, whom, n]\n",
                "no line has a field 'who'; did you mean 'whom'?"},
       }) {
    const auto mapping = mapping_of("m", head);
    ASSERT_FALSE(mapping) << head;
    EXPECT_NE(mapping.error().message().find(want), std::string::npos) << mapping.error();
  }
}

}  // namespace
}  // namespace winnow
