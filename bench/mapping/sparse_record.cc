#include "bench/mapping/sparse_record.h"

#include <charconv>

#include "base/json_scan.h"

namespace winnow::bench {
namespace {

struct TextField {
  JsonSelection::Path path;
  std::string_view SparseRecord::*member;
};
struct NumberField {
  JsonSelection::Path path;
  std::uint64_t SparseRecord::*member;
};

const TextField kTexts[] = {{{"timestamp"}, &SparseRecord::timestamp},
                            {{"event_type"}, &SparseRecord::event_type},
                            {{"src_ip"}, &SparseRecord::src_ip},
                            {{"dest_ip"}, &SparseRecord::dest_ip},
                            {{"proto"}, &SparseRecord::proto},
                            {{"app_proto"}, &SparseRecord::app_proto},
                            {{"in_iface"}, &SparseRecord::in_iface},
                            {{"alert", "signature"}, &SparseRecord::signature},
                            {{"alert", "category"}, &SparseRecord::category},
                            {{"flow", "start"}, &SparseRecord::flow_start},
                            {{"http", "hostname"}, &SparseRecord::hostname},
                            {{"http", "url"}, &SparseRecord::url},
                            {{"http", "http_user_agent"}, &SparseRecord::user_agent}};
const NumberField kNumbers[] = {{{"flow_id"}, &SparseRecord::flow_id},
                                {{"src_port"}, &SparseRecord::src_port},
                                {{"dest_port"}, &SparseRecord::dest_port},
                                {{"alert", "signature_id"}, &SparseRecord::signature_id},
                                {{"alert", "severity"}, &SparseRecord::severity},
                                {{"flow", "bytes_toserver"}, &SparseRecord::bytes_toserver},
                                {{"flow", "bytes_toclient"}, &SparseRecord::bytes_toclient}};

class ByScanner final : public SparseReader {
 public:
  ByScanner() {
    std::vector<JsonSelection::Path> paths;
    for (const auto& field : kTexts) paths.push_back(field.path);
    for (const auto& field : kNumbers) paths.push_back(field.path);
    selection_ = JsonSelection::of(paths).value();
  }

  bool read(std::string_view line, SparseRecord& out) override {
    if (!scanner_.scan(line, selection_, cells_)) return false;
    std::uint32_t column = 0;  // the paths got theirs in their order
    for (const auto& field : kTexts) {
      const auto cell = cells_.at(column++);
      out.*field.member = cell.kind == JsonCell::Kind::Text ? cell.text : std::string_view();
    }
    for (const auto& field : kNumbers) {
      const auto cell = cells_.at(column++);
      auto& number = out.*field.member;
      number = 0;
      if (cell.kind != JsonCell::Kind::Number) continue;
      const char* end = cell.text.data() + cell.text.size();
      if (std::from_chars(cell.text.data(), end, number).ptr != end) return false;
    }
    return true;
  }

 private:
  JsonSelection selection_;
  JsonScanner scanner_;
  JsonCells cells_;
};

}  // namespace

std::unique_ptr<SparseReader> sparse_by_scanner() { return std::make_unique<ByScanner>(); }

}  // namespace winnow::bench
