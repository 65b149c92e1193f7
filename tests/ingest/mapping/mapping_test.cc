#include "ingest/mapping/mapping.h"

#include <fmt/format.h>

#include "ingest/mapping/log_mappings.h"
#include "tests/ingest/mapping/shop_mapping.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::compiled;
using testing::kSource;
using testing::text_of;

Result<ocsf::Event> read(const std::string& event, std::string_view record) {
  WINNOW_TRY(auto mapping, compiled(text_of(event)));
  return LogReader(mapping).read(record.starts_with('#') ? RecordForm::LogRow : RecordForm::LogJson,
                                 record, sha256(record));
}

std::string json_of(const std::string& event, std::string_view record) {
  const auto made = read(event, record);
  if (!made) return made.error().text();
  auto json = made->json(ocsf::Event::Unmapped::Include);
  Json shown = Json::object();
  for (const auto& [name, value] : json.members()) {
    if (name == "src_endpoint" || name == "unmapped" || name == "connection_info" ||
        name == "traffic" || name == "duration" || name == "start_time" || name == "tls" ||
        name == "activity_id") {
      shown.set(name, value);
    }
  }
  return to_text(shown);
}

TEST(Mapping, ConvertsWhatTheSchemaWants) {
  EXPECT_EQ(
      json_of(
          kSource + "      src_endpoint.port: port\n      duration: {from: took, as: interval}\n"
                    "      src_endpoint.mac: mac\n      start_time: {from: begun, as: time}\n"
                    "      traffic.bytes: {sum: [in, out]}\n",
          R"({"ts":1.5,"source":"2001:DB8::1","port":"443","took":1.25,"mac":"00-1B-44-11-3A-B7",)"
          R"("begun":"1970-01-01T01:00:00.250+0100","in":1,"out":"2"})"),
      R"({"activity_id":1,"src_endpoint":{"ip":"2001:db8::1","port":443,"mac":"00:1b:44:11:3a:b7"},)"
      R"("duration":1250,"start_time":250,"traffic":{"bytes":3}})");
}

TEST(Mapping, TheTimeIsTheRecords) {
  EXPECT_EQ(read(kSource, R"({"ts":1616161616.123456,"source":"192.0.2.1"})")->time(),
            Timestamp::from_micros(1616161616123456));
  EXPECT_EQ(
      read(kSource, R"({"ts":"2026-03-03T14:05:06.5+0100","source":"192.0.2.1"})")->time().text(),
      "2026-03-03T13:05:06.500000Z");
  const auto millis = [](const char* begun) {
    return json_of(kSource + "      start_time: {from: begun, as: millis}\n",
                   fmt::format(R"({{"ts":1,"source":"192.0.2.1","begun":"{}"}})", begun));
  };
  EXPECT_EQ(millis("250"),
            R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"},"start_time":250})");
  EXPECT_EQ(millis("1970-01-01 00:00:00.250"), millis("250"));
}

TEST(Mapping, TablesTakePartsAndJoinedFields) {
  const auto kind = [](const std::string& source) {
    return "      src_endpoint.ip: source\n      activity_id: " + source;
  };
  const auto record = R"({"ts":1,"source":"192.0.2.1","kind":"was open now","a":"sh","b":"ut"})";
  EXPECT_EQ(
      json_of(kind("{from: kind, after: 'was ', before: ' ', table: kind, else: 99}"), record),
      R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"}})");
  EXPECT_EQ(
      json_of(kind("{from: kind, before: ' now', behind: ' ', table: kind, else: 99}"), record),
      R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"}})");
  EXPECT_EQ(json_of(kind("{join: [a, b], table: kind, else: 99}"), record),
            R"({"activity_id":2,"src_endpoint":{"ip":"192.0.2.1"}})");
  EXPECT_EQ(json_of(kind("{from: kind, table: kind, else: 99}"), record),
            R"({"activity_id":99,"src_endpoint":{"ip":"192.0.2.1"}})");
}

TEST(Mapping, WhatIsWrittenWronglyIsToldAndTheEventStays) {
  EXPECT_EQ(
      json_of(kSource + "      src_endpoint.port: port\n      dst_endpoint.ip: target\n",
              R"({"ts":1,"source":"192.0.2.1","port":70000,"target":"-"})"),
      R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"},"unmapped":{"unreadable":["port: 70000"]}})");
}

TEST(Mapping, AnObjectThatLacksWhatTheSchemaNeedsGoesToUnmapped) {
  const auto tls = kSource + "      tls.version: version\n      tls.sni: {from: sni, as: domain}\n";
  EXPECT_EQ(
      json_of(tls, R"({"ts":1,"source":"192.0.2.1","sni":"A.Example."})"),
      R"({"activity_id":1,"unmapped":{"tls":{"sni":"a.example"}},"src_endpoint":{"ip":"192.0.2.1"}})");
  EXPECT_EQ(
      json_of(tls, R"({"ts":1,"source":"192.0.2.1","sni":"a.example","version":"TLSv13"})"),
      R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"},"tls":{"version":"TLSv13","sni":"a.example"}})");
}

TEST(Mapping, KeepsUnmappedFieldsInTheirTypes) {
  EXPECT_EQ(
      json_of(
          kSource + "    unmapped: [n, f, yes, whole, 'tags.*', text]\n",
          R"({"ts":1,"source":"192.0.2.1","n":-5,"f":0.5,"yes":true,"whole":{"k":[1]},"tags":["a","b"],"text":"x\"y"})"),
      R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"},"unmapped":{"shop":{"n":-5,"f":0.5,"yes":true,)"
      R"("whole":"{\"k\":[1]}","tags":["a","b"],"text":"x\"y"}}})");
}

TEST(Mapping, NamesEntitiesInOneForm) {
  const auto event = read(
      "      src_endpoint.ip: source\n      src_endpoint.hostname: name\n      activity_id: =1\n"
      "    entities: [{ip: src_endpoint.ip, role: source}, {host: src_endpoint.hostname, role: "
      "actor}]\n",
      R"({"ts":1,"source":"192.0.2.1","name":"PC-7"})");
  ASSERT_TRUE(event) << event.error();
  ASSERT_EQ(event->entities().size(), 2U);
  EXPECT_EQ(event->entities()[0].key, "192.0.2.1");
  EXPECT_EQ(event->entities()[1].kind, ocsf::EntityKind::Host);
  EXPECT_EQ(event->entities()[1].key, "pc-7");
}

TEST(Mapping, AnEventOutlivesItsMappingAndItsRecord) {
  auto event = [] {
    std::string record = R"({"ts":1,"source":"192.0.2.1","text":"kept"})";
    auto made = read(kSource + "      message: =constant\n    unmapped: [text]\n", record);
    record.assign(record.size(), 'z');
    return std::move(*made);
  }();
  EXPECT_EQ(event.get(ocsf::Attribute::of("message")).as_text(), "constant");
  EXPECT_EQ(event.get(ocsf::Attribute::of("unmapped.shop.text")).as_text(), "kept");
}

TEST(Mapping, RowsAndObjectsGiveTheSameEvent) {
  const auto event =
      kSource + "      src_endpoint.port: port\n    unmapped: [note, 'tags.*', flag]\n";
  EXPECT_EQ(
      json_of(
          event,
          "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tx\n"
          "#fields\tts\tsource\tport\tnote\ttags\tflag\tgone\n"
          "#types\ttime\taddr\tport\tstring\tset[string]\tbool\tstring\n"
          "1.5\t192.0.2.1\t443\ta\\x09b\tp,q\tT\t-"),
      json_of(
          event,
          R"({"ts":1.5,"source":"192.0.2.1","port":443,"note":"a\tb","tags":["p","q"],"flag":true})"));
}

// The same record as three shippers wrap it.
const std::string kShaped = R"(mapping: door
title: Door
domain: endpoint
format: json
product: {name: Door}
shapes:
  fields: {Id: [Id, event_id, Event.System.Id, "Event.System.Id.#text"], Time: [Time, "@timestamp"]}
  within: ["", Event.Data, data, Text]
  json_texts: [Text]
recognise: {has: [Id]}
time: Time
events:
  - event: opened
    when: {is: {Id: "7"}}
    class: base_event
    set:
      severity_id: =1
      message: {first: [{from: Path, after: "C:"}, Note], as: leaf}
      metadata.uid: {from: Guid, as: uuid}
      metadata.log_name: {from: Path, as: above}
      metadata.event_code: {from: Logon, as: hex}
    entities:
      - {session: [metadata.uid, metadata.event_code], role: actor}
    unmapped: [Colour]
)";

std::string read_shaped(std::string_view record) {
  const auto mapping = compiled(kShaped);
  EXPECT_TRUE(mapping) << mapping.error();
  LogReader reader(*mapping);
  if (!reader.recognises(RecordForm::LogJson, record)) return "not recognised";
  const auto event = reader.read(RecordForm::LogJson, record, Digest());
  if (!event) return event.error().text();
  const auto json = event->json(ocsf::Event::Unmapped::Include);
  std::string told = to_text(json["message"]) + " " + to_text(json["metadata"]["uid"]) + " " +
                     to_text(json["metadata"]["log_name"]) + " " +
                     to_text(json["metadata"]["event_code"]) + " " + to_text(json["unmapped"]);
  for (const auto& entity : event->entities()) told += fmt::format(" {}", entity.key);
  return told;
}

TEST(Mapping, ReadsAFieldWhereverTheShapesOfASourceKeepIt) {
  const std::string want =
      R"("door.exe" "b34bc01c-3031-5f69-6a01-000000000900" "C:\\a" "0x3e7" )"
      R"({"door":{"Colour":"red"}} b34bc01c-3031-5f69-6a01-000000000900/0x3e7)";
  const std::string data =
      R"("Path":"C:\\a\\door.exe","Guid":"{B34BC01C-3031-5F69-6A01-000000000900}",)"
      R"("Logon":"0x00000000000003E7","Colour":"red")";
  const std::string time = R"("Time":"2026-03-03T14:05:06Z")";
  EXPECT_EQ(read_shaped("{\"Id\":7," + time + "," + data + "}"), want);
  EXPECT_EQ(
      read_shaped(R"({"event_id":"7","@timestamp":"2026-03-03T14:05:06Z","data":{)" + data + "}}"),
      want);
  EXPECT_EQ(read_shaped(R"({"Event":{"System":{"Id":{"#text":7,"q":1}},"Data":{)" + data + "}}," +
                        time + "}"),
            want);
  EXPECT_EQ(read_shaped("{\"Id\":7," + time + ",\"Text\":" + to_text(Json("{" + data + "}")) + "}"),
            want);
}

TEST(Mapping, AConditionAsksForOtherValuesToo) {
  const auto event = kSource + "    when: {not: {kind: [a, b]}, lacks: [gone]}\n";
  EXPECT_TRUE(read(event, R"({"ts":1,"source":"192.0.2.1","kind":"c"})"));
  EXPECT_TRUE(read(event, R"({"ts":1,"source":"192.0.2.1"})"));
  EXPECT_FALSE(read(event, R"({"ts":1,"source":"192.0.2.1","kind":"b"})"));
  EXPECT_FALSE(read(event, R"({"ts":1,"source":"192.0.2.1","kind":"c","gone":1})"));
}

TEST(Mapping, NamesTheEntitiesOfListsByRow) {
  const auto event = read(
      kSource +
          "    lists:\n      ja4_fingerprint_list: {rows: [{type_id: =1, value: a}, {type_id: =2, "
          "value: b}]}\n      observables: {each: 'seen.*', set: {name: 'seen.*', type_id: =1}}\n"
          "    entities: [{file_hash: ja4_fingerprint_list.1.value, role: mentioned}, {domain: "
          "observables.*.name, role: mentioned}]\n",
      R"({"ts":1,"source":"192.0.2.1","a":"AA","b":"BB","seen":["X","Y"]})");
  ASSERT_TRUE(event) << event.error();
  std::string told;
  for (const auto& entity : event->entities()) told += std::string(entity.key) + " ";
  EXPECT_EQ(told, "bb x y ");
}

TEST(Mapping, TakesTheRowOfAListThatIsAskedFor) {
  const auto nested = [](const std::string& event) {
    auto text = text_of(kSource + event);
    return compiled(text.replace(text.find("flat"), 4, "nested"));
  };
  const auto mapping = nested(
      "      message: {from: 'to.*.id', where: {'to.*.kind': user}}\n"
      "      status_detail: {first: [{from: 'to.*.id', where: {'to.*.kind': group}}, note]}\n");
  ASSERT_TRUE(mapping) << mapping.error();
  const auto made = LogReader(*mapping).read(
      RecordForm::LogJson,
      R"({"ts":1,"source":"192.0.2.1","note":"n",)"
      R"("to":[{"kind":"app","id":"a"},{"kind":"user","id":"u"},{"kind":"user","id":"v"}]})",
      Digest());
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(made->get(ocsf::Attribute::of("message")).as_text(), "u");
  EXPECT_EQ(made->get(ocsf::Attribute::of("status_detail")).as_text(), "n");
  const auto other = nested("      message: {from: 'to.*.id', where: {'by.*.kind': user}}\n");
  EXPECT_NE(other.error().text().find("'by.*.kind' is not of the list of 'to.*.id'"),
            std::string::npos);
}

TEST(Mapping, ARowWithoutOneOfWhatItsObjectNeedsIsLeftOut) {
  const auto event =
      "      src_endpoint.ip: source\n      activity_id: =1\n    lists:\n"
      "      attacks: {rows: [{tactic.uid: tactic, version: version}]}\n";
  const auto attacks = [&](std::string_view record) {
    const auto made = read(event, record);
    EXPECT_TRUE(made) << made.error();
    return made->get(ocsf::Attribute::of("attacks")).as_records().size();
  };
  EXPECT_EQ(attacks(R"({"ts":1,"source":"192.0.2.1","tactic":"TA0001","version":"1"})"), 1U);
  EXPECT_EQ(attacks(R"({"ts":1,"source":"192.0.2.1","version":"1"})"), 0U);
  const auto none = compiled(text_of(std::string(
      "      src_endpoint.ip: a\n    lists: {attacks: {rows: [{version: version}]}}\n")));
  EXPECT_NE(none.error().text().find("nothing sets one of"), std::string::npos) << none.error();
}

TEST(Mapping, RefusesARecordThatKeepsAFieldInTwoShapes) {
  EXPECT_EQ(
      read_shaped(R"({"Id":7,"Time":"2026-03-03T14:05:06Z","Colour":"a","data":{"Colour":"b"}})"),
      "not recognised");
  const auto broken = R"({"Id":7,"Time":"2026-03-03T14:05:06Z","Text":"{\"Colour\":"})";
  EXPECT_EQ(read_shaped(broken), "not recognised");
  LogReader reader(compiled(kShaped).value());
  EXPECT_NE(reader.read(RecordForm::LogJson, broken, Digest()).error().text().find("within 'Text'"),
            std::string::npos);
}

TEST(Mapping, RefusesShapesThatContradictEachOther) {
  const auto changed = [](std::string_view from, std::string_view to) {
    auto text = kShaped;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(compiled(changed("@timestamp", "event_id")).error().message(),
            "shop.yaml:11: 'event_id' is a path of two fields of 'shapes'");
  EXPECT_EQ(compiled(changed("within: [\"\"", "withing: [\"\"")).error().code(),
            Code::InvalidArgument);
  EXPECT_EQ(compiled(changed("uid, metadata.event_code]", "uid, metadata.event]")).error().code(),
            Code::InvalidArgument);
}

TEST(Mapping, AnAddressWithinIpv6IsTheSameAddress) {
  EXPECT_EQ(json_of(kSource, R"({"ts":1,"source":"::ffff:192.0.2.1"})"),
            R"({"activity_id":1,"src_endpoint":{"ip":"192.0.2.1"}})");
}

TEST(Mapping, SaysWhyARecordIsNotMapped) {
  const struct {
    const char* record;
    const char* reason;
  } cases[] = {
      {R"({"source":"192.0.2.1"})", "'ts', its time, is not there"},
      {R"({"ts":"noon","source":"192.0.2.1"})", "'ts' is 'noon', which is no time (seconds)"},
      {R"({"ts":1})", "'flow' has no dst_endpoint, src_endpoint"},
      {R"({"ts":1,"source":"nowhere"})", "'flow' has no dst_endpoint, src_endpoint"},
      {R"({"ts":1)", "not valid JSON"},
      {"#fields\tts\n1\t2", "a row of other than the 1 fields of its header"},
  };
  for (const auto& [record, reason] : cases) {
    const auto event = read(kSource, record);
    EXPECT_EQ(testing::code_of(event), Code::InvalidArgument) << record;
    if (!event) {
      EXPECT_NE(event.error().text().find(reason), std::string::npos) << event.error();
    }
  }
  const auto none =
      read("      activity_id: =1\n      src_endpoint.ip: source\n    when: {is: {kind: open}}\n",
           R"({"ts":1,"kind":"odd"})");
  EXPECT_EQ(none.error().message(), "none of the events of 'shop': 'kind' is 'odd'");
}

TEST(Mapping, RefusesWhatIsWrongByLineAndNearestName) {
  const struct {
    const char* event;
    const char* message;
  } cases[] = {
      {"      src_endpoint.ipp: source\n",
       "shop.yaml:17: OCSF has no 'ipp' at 'src_endpoint.ipp' (did you mean 'ip'?)"},
      {"      activity_id: =55\n",
       "shop.yaml:17: '55' is none of its values: 0, 1, 2, 3, 4, 5, 6, 7, 99"},
      {"      src_endpoint: source\n", "shop.yaml:17: an object is set by its members"},
      {"      src_endpoint.ip: {from: a, as: porp}\n",
       "shop.yaml:17: there is no conversion 'porp'; did you mean 'port'?"},
      {"      src_endpoint.ip: {from: a, as: int}\n",
       "shop.yaml:17: 'int' does not fit the attribute's type"},
      {"      src_endpoint.ip: {form: a}\n", "shop.yaml:17: unknown key 'form'"},
      {"      activity_id: {from: a, table: kinds}\n",
       "shop.yaml:17: there is no table 'kinds'; did you mean 'kind'?"},
      {"      src_endpoint.ip: a.*.*\n", "shop.yaml:17: 'a.*.*' is no path"},
      {"      activity_id: =1\n",
       "shop.yaml:13: 'network_activity' needs one of 'dst_endpoint, src_endpoint', which nothing "
       "sets; it sets activity_id, severity_id"},
      {"      src_endpoint.ip: a\n      tls.sni: b\n",
       "shop.yaml:13: 'tls' needs 'tls.version', which nothing sets; it sets sni"},
      {"      src_endpoint.ip: a\n      user.name: b\n",
       "shop.yaml:18: OCSF has no 'user' at 'user.name' (did you mean 'actor.user'?)"},
      {"      src_endpoint.ip: a\n      start_time: {from: b, format: '%d %q'}\n",
       "shop.yaml:18: there is no '%q'"},
      {"      src_endpoint.ip: a\n      start_time: {from: b, format: '%s', zone: Mars}\n",
       "shop.yaml:18: a zone is an offset from UTC"},
      {"      src_endpoint.ip: {from: a, format: '%s'}\n",
       "shop.yaml:17: the attribute holds no time"},
      {"      src_endpoint.ip: a\n      start_time: {from: b, zone: '+01:00'}\n",
       "shop.yaml:18: a 'zone' is of a time with a 'format'"},
      {"      src_endpoint.ip: a\n    entities: [{ip: dst_endpoint.ip, role: source}]\n",
       "shop.yaml:18: the event sets no 'dst_endpoint.ip'"},
      {"      src_endpoint.ip: a\n    use: [nothing]\n",
       "shop.yaml:18: there is no block 'nothing'"},
      {"      src_endpoint.ip: a\n      metadata.product.name: b\n",
       "shop.yaml:13: 'metadata.product.name' is set twice"},
      {"      src_endpoint.ip: a\n      metadata.is_truncated: b\n",
       "shop.yaml:13: 'metadata.is_truncated' is set twice"},
      {"      src_endpoint.ip: a\n    unmapped: [a, a.b]\n",
       "shop.yaml:13: 'unmapped.shop.a' is set, and 'unmapped.shop.a.b' within it"},
  };
  for (const auto& [event, message] : cases) {
    const auto made = compiled(text_of(event));
    EXPECT_EQ(testing::code_of(made), Code::InvalidArgument) << event;
    if (!made) {
      EXPECT_NE(made.error().text().find(message), std::string::npos) << made.error();
    }
  }
}

TEST(Mapping, WithoutATimeIsRefusedWhereItIsWritten) {
  auto text = text_of(kSource);
  text.erase(text.find("time: {from: ts, as: seconds}\n"), 30);
  EXPECT_EQ(compiled(text).error().message(),
            "shop.yaml:12: neither the event nor its mapping says where the 'time' stands");
}

TEST(Mapping, TimesAreOfDeclaredFormatsAlsoJoined) {
  auto text =
      text_of(kSource + "      start_time: {from: begun, format: ['%d.%m. %H:%M', '%s']}\n");
  text.replace(text.find("{from: ts, as: seconds}"), 23,
               "{join: [ts, clock], separator: T, format: '%Y%m%dT%H%M', zone: '+02:00'}");
  LogReader reader(compiled(text).value());
  const auto arrived = Timestamp::from_civil(2026, 3, 4);
  const auto read = [&](std::string_view record) {
    return reader.read(RecordForm::LogJson, record, sha256(record), {.arrived = arrived});
  };
  const auto event =
      read(R"({"ts":"20260303","clock":"1405","source":"192.0.2.1","begun":"03.03. 14:04"})");
  ASSERT_TRUE(event) << event.error();
  EXPECT_EQ(event->time().text(), "2026-03-03T12:05:00Z");
  EXPECT_EQ(event->get(ocsf::Attribute::of("start_time")).as_int(),
            Timestamp::from_civil(2026, 3, 3, 14, 4).millis());
  EXPECT_EQ(read(R"({"ts":"20260303","clock":"14:05","source":"192.0.2.1"})").error().message(),
            "'ts' is '20260303T14:05', which is no time (of its format)");
  EXPECT_EQ(read(R"({"ts":"20260303","source":"192.0.2.1"})").error().message(),
            "'ts', its time, is not there");
  const auto odd = read(R"({"ts":"20260303","clock":"1405","source":"192.0.2.1","begun":"soon"})");
  EXPECT_EQ(unreadable_fields(*odd), std::vector<std::string_view>{"begun"});
}

TEST(Mapping, WhyARecordLacksWhatItNeedsIsToldByItsFields) {
  EXPECT_EQ(read(kSource, R"({"ts":1,"source":"nobody"})").error().message(),
            "'flow' has no dst_endpoint, src_endpoint; it cannot read 'source'");
}

// Azure Monitor keeps a Windows event's data as XML.
TEST(Mapping, ReadsDataThatIsWrittenAsXml) {
  auto text = text_of(kSource);
  text.replace(
      text.find("keys: flat"), 10,
      "keys: nested\nshapes: {within: [\"\", data], xml_texts: [data], json_texts: [data]}");
  LogReader reader(compiled(text).value());
  const auto read = [&](std::string_view record) {
    return reader.read(RecordForm::LogJson, record, Digest());
  };
  for (const auto* record :
       {R"({"ts":1,"data":"<EventData><Data Name=\"source\">192.0.2.1</Data></EventData>"})",
        R"({"ts":1,"data":"{\"source\":\"192.0.2.1\"}"})"}) {
    const auto event = read(record);
    ASSERT_TRUE(event) << event.error();
    EXPECT_EQ(event->get(ocsf::Attribute::of("src_endpoint.ip")).as_text(), "192.0.2.1");
  }
  EXPECT_EQ(read(R"({"ts":1,"data":"<EventData><Data"})").error().message(),
            "within 'data': no XML of a Windows event's data: an element that does not end");
  const auto twice = [&](std::string_view source) {
    return read(
        fmt::format(R"({{"ts":1,"source":"{}",)"
                    R"("data":"<EventData><Data Name='source'>192.0.2.1</Data></EventData>"}})",
                    source));
  };
  EXPECT_TRUE(twice("192.0.2.1")) << "Azure Monitor tells parts of the data beside it, too";
  EXPECT_EQ(twice("192.0.2.7").error().message(),
            "within 'data': it says otherwise what the record says beside it");
}

TEST(Mapping, SaysInWhichDomainItsEventsAreDecided) {
  EXPECT_EQ(compiled(text_of(kSource)).value().domain(), Domain::Network);
  for (const std::string domain : {"", "domain: mail\n", "domain: networks\n"}) {
    auto text = text_of(kSource);
    text.replace(text.find("domain: network\n"), 16, domain);
    const auto refused = compiled(text);
    ASSERT_FALSE(refused) << domain;
    EXPECT_NE(
        refused.error().text().find("the domain is 'network', 'endpoint', 'cloud' or 'alerts'"),
        std::string::npos)
        << refused.error();
  }
}

TEST(LogMappings, EachRecordIsReadByTheOneThatKnowsIt) {
  const auto named = [](const std::string& name, const std::string& sign) {
    return compiled("mapping: " + name +
                    "\ntitle: t\ndomain: cloud\nformat: json\nproduct: {name: p}\nrecognise: {is: "
                    "{from: " +
                    sign +
                    "}}\ntime: {from: ts, as: seconds}\nevents: [{event: e, class: base_event, "
                    "set: {severity_id: =1}}]\n")
        .value();
  };
  LogMappings mappings({named("two", "b"), named("one", "a")});
  for (const auto& [sign, name] :
       {std::pair("a", "one"), std::pair("b", "two"), std::pair("a", "one")}) {
    const auto record = fmt::format(R"({{"ts":1,"from":"{}"}})", sign);
    const auto mapped = mappings.read(RecordForm::LogJson, record, sha256(record));
    ASSERT_TRUE(mapped) << mapped.error();
    EXPECT_EQ(mapped->mapping, name);
  }
  EXPECT_EQ(mappings.read(RecordForm::LogJson, R"({"ts":1})", Digest()).error().message(),
            "no mapping recognises it");
  EXPECT_TRUE(mappings.read("two", RecordForm::LogJson, R"({"ts":1})", Digest()));
  EXPECT_EQ(testing::code_of(mappings.read("three", RecordForm::LogJson, "{}", Digest())),
            Code::NotFound);
}

// Zeek's smtp: with a sender that is one it is mail, else a connection.
constexpr std::string_view kTwoShapes = R"(
  - event: named
    when: {has: [name]}
    class: network_activity
    set: {severity_id: =1, activity_id: =1, src_endpoint.ip: {from: source, required: true}}
  - event: addressed
    when: {has: [ts]}
    class: network_activity
    set: {severity_id: =1, activity_id: =2, dst_endpoint.ip: target}
  - event: rest
    class: base_event
    set: {severity_id: =1}
)";

std::string read_shape(std::string_view record) {
  auto text = text_of("");
  text = text.substr(0, text.find("  - event: flow"));
  LogReader reader(compiled(text + std::string(kTwoShapes)).value());
  const auto read = reader.read_kind(RecordForm::LogJson, record, Digest());
  return read ? reader.mapping().events()[read->kind].name : std::string(read.error().message());
}

TEST(Mapping, ARecordThatLacksWhatItsEventNeedsIsTheNextOneThatClaimsIt) {
  EXPECT_EQ(read_shape(R"({"ts":1,"name":"n","source":"192.0.2.1","target":"192.0.2.2"})"),
            "named");
  EXPECT_EQ(read_shape(R"({"ts":1,"name":"n","source":"nobody","target":"192.0.2.2"})"),
            "addressed");
  EXPECT_EQ(read_shape(R"({"ts":1,"name":"n","source":"nobody"})"),
            "'named' has no usable 'source'")
      << "the reason is the best match's, and what takes the rest takes nothing damaged";
}

}  // namespace
}  // namespace winnow
