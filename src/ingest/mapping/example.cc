#include "ingest/mapping/example.h"

#include <charconv>

#include <fmt/format.h>

#include "ingest/records/envelope.h"

namespace winnow {
namespace {

// The value at "evidences.0.src_endpoint.ip"; null where there is none.
const Json& value_at(const Json& json, std::string_view path) {
  const Json* at = &json;
  while (!path.empty()) {
    const auto size = std::min(path.find('.'), path.size());
    const auto step = path.substr(0, size);
    path.remove_prefix(std::min(size + 1, path.size()));
    std::size_t index = 0;
    const bool is_number =
        std::from_chars(step.data(), step.data() + step.size(), index).ec == std::errc();
    at = at->is_array() && is_number ? &(*at)[index] : &(*at)[step];
  }
  return *at;
}

}  // namespace

std::vector<std::string> check_example(LogReader& reader, const MappingExample& example) {
  const auto form = log_form_of(example.in);
  if (!reader.recognises(form, example.in)) return {"it is not recognised"};
  const auto event =
      reader.read(form, example.in, sha256(example.in), {.arrived = example.arrived});
  if (!event) return {event.error().text()};
  const auto json = event->json(ocsf::Event::Unmapped::Include);
  std::vector<std::string> differences;
  for (const auto& [path, wanted] : example.out.members()) {
    const auto& found = value_at(json, path);
    if (found != wanted)
      differences.push_back(fmt::format("{} is {}, not {}", path, to_text(found), to_text(wanted)));
  }
  return differences;
}

}  // namespace winnow
