// Twenty fields of Suricata's log, as a program takes them that needs no more of it: by our
// scanner, and by a loop written by hand over simdjson's On-Demand.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace winnow::bench {

struct SparseRecord {
  std::string_view timestamp, event_type, src_ip, dest_ip, proto, app_proto, in_iface;
  std::string_view signature, category, flow_start, hostname, url, user_agent;
  std::uint64_t flow_id = 0, src_port = 0, dest_port = 0, signature_id = 0, severity = 0,
                bytes_toserver = 0, bytes_toclient = 0;
  bool operator==(const SparseRecord&) const = default;
};

class SparseReader {
 public:
  virtual ~SparseReader() = default;
  // 64 readable bytes stand behind the line. Views of `out` stay valid until the next call and as
  // long as the line. False where the line is no such record.
  virtual bool read(std::string_view line, SparseRecord& out) = 0;
};

std::unique_ptr<SparseReader> sparse_by_scanner();
std::unique_ptr<SparseReader> sparse_by_bare_simdjson();

}  // namespace winnow::bench
