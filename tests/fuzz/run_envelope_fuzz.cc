// Envelopes, statements, bundles, artifacts and audit entries: what is accepted has one form only.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/audit_log.h"
#include "registry/bundle.h"
#include "registry/dsse.h"
#include "registry/run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto envelope = winnow::envelope_of(text)) {
    const auto again = winnow::envelope_of(winnow::to_text(*envelope));
    if (!again || again->payload != envelope->payload) std::abort();
    (void)winnow::run_of_statement(envelope->payload);
  }
  if (const auto run = winnow::run_of_statement(text)) {
    if (winnow::statement_of(*run).value() != text) std::abort();
  }
  if (const auto bundle = winnow::bundle_of(text)) {
    if (winnow::canonical(*bundle).value() != text) std::abort();
  }
  if (const auto entry = winnow::audit_entry_of(text)) {
    const auto written = winnow::canonical(*entry);
    if (written && winnow::canonical(winnow::audit_entry_of(*written).value()).value() != *written)
      std::abort();
  }
  if (const auto json = winnow::parse_json(text)) (void)winnow::artifact_of(*json);
  return 0;
}
