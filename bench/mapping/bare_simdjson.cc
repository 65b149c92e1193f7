// As fast as we know to write it: fields in one pass, keys compared as raw bytes by their length,
// the line parsed where it stands.
#include <cstring>

#include <simdjson.h>

#include "bench/mapping/sparse_record.h"

namespace winnow::bench {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::string_view raw_key(simdjson::ondemand::field& field) {
  const char* begin = field.key().raw();
  return {begin, static_cast<std::size_t>(std::strchr(begin, '"') - begin)};
}

// Nothing where the value is of another type.
void put(value of, std::string_view& out) {
  if (of.get_string().get(out)) out = {};
}
void put(value of, std::uint64_t& out) {
  if (of.get_uint64().get(out)) out = 0;
}

bool read_alert(object members, SparseRecord& out) {
  for (auto member : members) {
    simdjson::ondemand::field field;
    if (std::move(member).get(field)) return false;
    const auto key = raw_key(field);
    switch (key.size()) {
      case 8:
        if (key == "category") put(field.value(), out.category);
        if (key == "severity") put(field.value(), out.severity);
        break;
      case 9:
        if (key == "signature") put(field.value(), out.signature);
        break;
      case 12:
        if (key == "signature_id") put(field.value(), out.signature_id);
        break;
      default:
        break;
    }
  }
  return true;
}

bool read_flow(object members, SparseRecord& out) {
  for (auto member : members) {
    simdjson::ondemand::field field;
    if (std::move(member).get(field)) return false;
    const auto key = raw_key(field);
    if (key.size() == 5 && key == "start") put(field.value(), out.flow_start);
    if (key.size() != 14) continue;
    if (key == "bytes_toserver") put(field.value(), out.bytes_toserver);
    if (key == "bytes_toclient") put(field.value(), out.bytes_toclient);
  }
  return true;
}

bool read_http(object members, SparseRecord& out) {
  for (auto member : members) {
    simdjson::ondemand::field field;
    if (std::move(member).get(field)) return false;
    const auto key = raw_key(field);
    if (key.size() == 3 && key == "url") put(field.value(), out.url);
    if (key.size() == 8 && key == "hostname") put(field.value(), out.hostname);
    if (key.size() == 15 && key == "http_user_agent") put(field.value(), out.user_agent);
  }
  return true;
}

template <typename Read>
bool within(value of, SparseRecord& out, const Read& read) {
  object members;
  return of.get_object().get(members) != simdjson::SUCCESS || read(members, out);
}

bool read_member(simdjson::ondemand::field& field, SparseRecord& out) {
  const auto key = raw_key(field);
  switch (key.size()) {
    case 4:
      if (key == "flow") return within(field.value(), out, read_flow);
      if (key == "http") return within(field.value(), out, read_http);
      break;
    case 5:
      if (key == "proto") put(field.value(), out.proto);
      if (key == "alert") return within(field.value(), out, read_alert);
      break;
    case 6:
      if (key == "src_ip") put(field.value(), out.src_ip);
      break;
    case 7:
      if (key == "dest_ip") put(field.value(), out.dest_ip);
      if (key == "flow_id") put(field.value(), out.flow_id);
      break;
    case 8:
      if (key == "src_port") put(field.value(), out.src_port);
      if (key == "in_iface") put(field.value(), out.in_iface);
      break;
    case 9:
      if (key == "timestamp") put(field.value(), out.timestamp);
      if (key == "dest_port") put(field.value(), out.dest_port);
      if (key == "app_proto") put(field.value(), out.app_proto);
      break;
    case 10:
      if (key == "event_type") put(field.value(), out.event_type);
      break;
    default:
      break;
  }
  return true;
}

class ByBareSimdjson final : public SparseReader {
 public:
  bool read(std::string_view line, SparseRecord& out) override {
    out = {};
    simdjson::ondemand::document document;
    object members;
    if (parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
            .get(document))
      return false;
    if (document.get_object().get(members)) return false;
    for (auto member : members) {
      simdjson::ondemand::field field;
      if (std::move(member).get(field) || !read_member(field, out)) return false;
    }
    return true;
  }

 private:
  simdjson::ondemand::parser parser_;
};

}  // namespace

std::unique_ptr<SparseReader> sparse_by_bare_simdjson() {
  return std::make_unique<ByBareSimdjson>();
}

}  // namespace winnow::bench
