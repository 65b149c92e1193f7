// Whatever the bytes: no crash; and a record that the strict reader takes has the values that the
// scanner finds.
#include <cstdlib>

#include "base/json.h"
#include "base/json_scan.h"

namespace {

using namespace winnow;

bool is_same(const Json& value, const JsonCell& cell) {
  using Kind = JsonCell::Kind;
  switch (cell.kind) {
    case Kind::Absent:
    case Kind::Null:
      return value.is_null();
    case Kind::True:
    case Kind::False:
      return value.is_bool() && value.as_bool() == (cell.kind == Kind::True);
    case Kind::Number:
      return value.is_number();
    case Kind::Text:
      return value.is_string() && value.as_string() == cell.text;
    case Kind::Whole:
      return value.is_object() || value.is_array();
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<JsonSelection::Path> paths = {{"a"}, {"b", "c"}, {"l", "*"}, {"r", "*", "x"}};
  static const auto selection = JsonSelection::of(paths).value();
  static JsonScanner scanner;
  static JsonCells cells;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto scanned = scanner.scan(text, selection, cells);
  static JsonScanner part_scanner;
  if (scanned && !part_scanner.scan_part(text, {"b"}, selection, cells)) return 0;
  if (!scanner.scan(text, selection, cells) != !scanned) std::abort();
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return 0;
  if (!scanned) {
    if (scanned.error().message().find("a second value") == std::string::npos) std::abort();
    return 0;
  }
  if (!is_same((*parsed)["a"], cells.at(selection.place(0).column))) std::abort();
  const auto& nested = (*parsed)["b"];
  if (!is_same(nested["c"], cells.at(selection.place(1).column))) std::abort();
  const auto list = selection.place(2);
  const auto& items = (*parsed)["l"];
  if (items.is_array()) {
    for (std::size_t i = 0; i < cells.rows(*list.list); ++i) {
      if (!is_same(items[i], cells.at(*list.list, i, list.column))) std::abort();
    }
  }
  return 0;
}
