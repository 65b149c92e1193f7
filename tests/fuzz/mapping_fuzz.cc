// Whatever a mapping's file says: compiled, or refused; whatever a record says: an event whose JSON
// can be written, or a reason.
#include <cstdlib>

#include "ingest/mapping/mapping.h"

namespace {

// What all of them begin with.
constexpr const char* kHead = "mapping: fuzz\ntitle: Fuzz\ndomain: network\nproduct: {name: Fuzz}";

constexpr const char* kMapping = R"(
format: json or tsv
keys: nested
shapes: {fields: {in: [in, bytes_in, "flow.in"]}, within: ["", data], json_texts: [data]}
recognise: {has: [ts]}
time: {from: ts, as: seconds}
tables: {kind: {a: 1, b: 2}}
events:
  - event: flow
    when: {is: {kind: [a, b]}}
    class: dns_activity
    set:
      activity_id: {from: kind, table: kind, else: 99}
      severity_id: =1
      src_endpoint.ip: id.orig_h
      src_endpoint.port: id.orig_p
      src_endpoint.mac: mac
      query.hostname: {from: query, as: domain}
      traffic.bytes: {sum: [in, out]}
      start_time: {from: start, as: time}
      metadata.uid: {first: [{from: uid, after: "{"}, hex], as: hex}
      metadata.correlation_uid: {from: guid, as: uuid}
      message: {from: file, as: leaf}
      status_detail: {from: file, as: above}
    lists:
      answers: {each: "answers.*", set: {rdata: "answers.*", ttl: "TTLs.*"}}
    entities: [{ip: src_endpoint.ip, role: source}, {session: [src_endpoint.ip, query.hostname], role: actor}]
    unmapped: [rest, "tags.*"]
)";

// Lines of text.
constexpr const char* kPairs = R"(
format: pairs
encoded: [cmd]
recognise: {has: [msg]}
absent: ["?"]
time: {from: msg, after: "audit(", before: ":", as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: cmd}, unmapped: [a, b]}]
)";
// The lines of one event.
constexpr const char* kLines = R"(
format: pairs
lines: type
numbered: {EXECVE.args: a}
encoded: [cmd, name]
recognise: {has: [msg]}
absent: ["?"]
time: {from: msg, after: "audit(", before: ":", as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: {first: [EXECVE.args, cmd]}}, unmapped: [a, name, PATH.name]}]
)";
constexpr const char* kWords = R"(
format: words
words: [ts, srcaddr, dstaddr]
recognise: {has: [ts]}
time: {from: ts, as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: srcaddr}, unmapped: [dstaddr]}]
)";

constexpr const char* kText = R"(
format: text
patterns:
  - '%{when} [%{who}] %{what->} %{rest}'
  - {regex: '(?P<when>\\S+) (?P<who>[a-z]+)(?: (?P<what>.*))?'}
recognise: {has: [when]}
time: {from: when, format: ["%d/%b/%Y:%H:%M:%S", "%m-%d", "%s"], zone: Europe/Berlin}
events: [{event: any, class: base_event, set: {severity_id: =1, message: who}, unmapped: [what, rest]}]
)";
constexpr const char* kCsv = R"(
format: csv
columns: [ts, who, rest]
separator: ";"
recognise: {has: [ts]}
time: {join: [ts, rest], separator: " ", format: "%Y-%m-%d %H:%M"}
events: [{event: any, class: base_event, set: {severity_id: =1, message: who}}]
)";
constexpr const char* kCef = R"(
format: cef
recognise: {has: [deviceVendor]}
time: {from: rt, format: ["%Q", "%b %d %Y %H:%M:%S"]}
events: [{event: any, class: base_event, set: {severity_id: =1, message: msg}, unmapped: [src, dst]}]
)";
// Of Windows events as Azure Monitor keeps them.
constexpr const char* kXml = R"(
format: json
shapes: {within: ["", data], xml_texts: [data], json_texts: [data]}
recognise: {has: [ts]}
time: {from: ts, as: seconds}
events: [{event: any, class: base_event, set: {severity_id: =1, message: who}, unmapped: [Data]}]
)";

winnow::LogReader reader_of(const char* text) {
  using namespace winnow;
  return LogReader(
      Mapping::compile(Yaml::parse(std::string(kHead) + text, "fuzz").value()).value());
}

}  // namespace

constexpr auto kArrived = winnow::Timestamp::from_seconds(1'772'546'706);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  static LogReader readers[] = {reader_of(kMapping), reader_of(kPairs), reader_of(kLines),
                                reader_of(kWords),   reader_of(kText),  reader_of(kCsv),
                                reader_of(kCef),     reader_of(kXml)};
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto form : {RecordForm::LogJson, RecordForm::LogRow}) {
    for (auto& reader : readers) {
      const auto event = reader.read(form, text, Digest(), {.arrived = kArrived});
      if (event && to_text(event->json(ocsf::Event::Unmapped::Include)).empty()) std::abort();
    }
  }
  if (const auto yaml = Yaml::parse(text, "fuzz")) {
    const auto mapping = Mapping::compile(*yaml);
    if (mapping && !Mapping::from_canonical(mapping->canonical())) std::abort();
  }
  return 0;
}
