#include "pipeline/decision.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/few_bytes.h"

namespace winnow {
namespace {

constexpr std::uint32_t kMagic = 0x31434457;             // "WDC1"
constexpr std::uint32_t kMagicWithNovelty = 0x32434457;  // "WDC2"

constexpr std::string_view kStageNames[] = {"model", "second stage", "fallback"};
constexpr std::string_view kModelStateNames[] = {"available", "absent", "late"};

// Every missing value is the same missing value, whatever NaN the arithmetic left.
float canonical(float value) {
  return std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value;
}
double canonical(double value) {
  return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value;
}

Result<Digest> get_digest(ByteReader& reader) {
  const auto bytes = reader.get_raw(Digest::kBytes);
  if (!reader.ok()) return Error(Code::Corrupt, "a decision ends inside a digest");
  std::uint8_t raw[Digest::kBytes];
  std::memcpy(raw, bytes.data(), sizeof raw);
  return Digest(std::span<const std::uint8_t, Digest::kBytes>(raw));
}

// At once: to append each by itself takes longer than to write it.
void put_values(ByteWriter& writer, const std::vector<float>& values) {
  std::array<float, 64> some;
  writer.put_count(values.size());
  for (std::size_t at = 0; at < values.size();) {
    std::size_t count = 0;
    while (count < some.size() && at < values.size()) some[count++] = canonical(values[at++]);
    writer.put_raw({reinterpret_cast<const char*>(some.data()), count * sizeof(float)});
  }
}

void put_texts(ByteWriter& writer, const std::vector<std::string>& texts) {
  writer.put_count(texts.size());
  for (const auto& text : texts) writer.put_text(text);
}

std::vector<std::string> get_texts(ByteReader& reader) {
  std::vector<std::string> texts(reader.get_item_count(1));
  for (auto& text : texts) text = reader.get_text();
  return texts;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(canonical(a)) == std::bit_cast<std::uint64_t>(canonical(b));
}

bool same_reason(const Reason& a, const Reason& b) {
  return a.feature == b.feature && a.text == b.text && same_bits(a.weight, b.weight);
}

}  // namespace

std::string_view name_of(Stage stage) { return kStageNames[static_cast<int>(stage)]; }
std::string_view name_of(ModelState state) { return kModelStateNames[static_cast<int>(state)]; }

std::string Decision::bytes() const {
  const bool has_novelty = !std::isnan(novelty);
  FewBytes<128> names, scores;
  names.put(has_novelty ? kMagicWithNovelty : kMagic)
      .put_raw(event.as_text())
      .put_raw(bundle.as_text())
      .put(event_time.micros())
      .put(static_cast<std::uint8_t>(model_state));
  scores.put(canonical(text_log_odds)).put(canonical(margin)).put(canonical(probability));
  if (has_novelty) scores.put(novelty);
  scores.put(static_cast<std::uint8_t>(stage)).put(static_cast<std::uint8_t>(route));
  ByteWriter writer;
  writer.put_raw(names.view());
  put_values(writer, features);
  writer.put_raw(scores.view()).put_text(stage_says);
  writer.put_count(reasons.size());
  for (const auto& reason : reasons)
    writer.put_text(reason.feature).put_text(reason.text).put(canonical(reason.weight));
  put_texts(writer, techniques);
  return std::move(writer.put_text(state_slice)).bytes();
}

Result<Decision> Decision::from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto magic = reader.get<std::uint32_t>();
  if (magic != kMagic && magic != kMagicWithNovelty) {
    return Error(Code::Unsupported, "these bytes are no decision of a version this build can read");
  }
  Decision decision;
  WINNOW_TRY(decision.event, get_digest(reader));
  WINNOW_TRY(decision.bundle, get_digest(reader));
  decision.event_time = Timestamp::from_micros(reader.get<std::int64_t>());
  const auto model_state = reader.get<std::uint8_t>();
  decision.features.resize(reader.get_item_count(sizeof(float)));
  for (auto& value : decision.features) value = reader.get<float>();
  decision.text_log_odds = reader.get<float>();
  decision.margin = reader.get<double>();
  decision.probability = reader.get<double>();
  if (magic == kMagicWithNovelty) decision.novelty = reader.get<double>();
  const auto stage = reader.get<std::uint8_t>(), route = reader.get<std::uint8_t>();
  decision.stage_says = reader.get_text();
  decision.reasons.resize(reader.get_item_count(6));
  for (auto& reason : decision.reasons) {
    reason.feature = reader.get_text();
    reason.text = reader.get_text();
    reason.weight = reader.get<float>();
  }
  decision.techniques = get_texts(reader);
  decision.state_slice = reader.get_text();
  WINNOW_TRY(reader.finish("a decision"));
  if (model_state > 2 || stage > 2 || route > 3)
    return Error(Code::Corrupt, "a decision names a stage or route that does not exist");
  if (magic == kMagicWithNovelty && std::isnan(decision.novelty))
    return Error(Code::Corrupt, "a decision with novelty has none");
  decision.model_state = static_cast<ModelState>(model_state);
  decision.stage = static_cast<Stage>(stage);
  decision.route = static_cast<Route>(route);
  return decision;
}

Digest Decision::id() const {
  thread_local Sha256 hasher;  // to make one takes as long as to hash a small slice
  const auto state = static_cast<char>(model_state);
  return hasher.update(event.as_text())
      .update(bundle.as_text())
      .update({&state, 1})
      .update(state_slice)
      .finish();
}

std::vector<std::string> differences(const Decision& stored, const Decision& replayed) {
  std::vector<std::string> found;
  const auto note = [&](std::string_view what, const auto& was, const auto& is) {
    found.push_back(fmt::format("{} was {} and is {}", what, was, is));
  };
  if (stored.event != replayed.event)
    note("event", stored.event.short_hex(), replayed.event.short_hex());
  if (stored.bundle != replayed.bundle)
    note("bundle", stored.bundle.short_hex(), replayed.bundle.short_hex());
  if (stored.event_time != replayed.event_time)
    note("event time", stored.event_time.text(), replayed.event_time.text());
  if (stored.model_state != replayed.model_state)
    note("model", name_of(stored.model_state), name_of(replayed.model_state));
  if (stored.features.size() != replayed.features.size()) {
    note("number of features", stored.features.size(), replayed.features.size());
  } else {
    for (std::size_t i = 0; i < stored.features.size(); ++i) {
      if (!same_bits(stored.features[i], replayed.features[i]))
        note(fmt::format("feature {}", i), stored.features[i], replayed.features[i]);
    }
  }
  if (!same_bits(stored.text_log_odds, replayed.text_log_odds))
    note("text log-odds", stored.text_log_odds, replayed.text_log_odds);
  if (!same_bits(stored.margin, replayed.margin)) note("margin", stored.margin, replayed.margin);
  if (!same_bits(stored.probability, replayed.probability))
    note("probability", stored.probability, replayed.probability);
  if (!same_bits(stored.novelty, replayed.novelty))
    note("novelty", stored.novelty, replayed.novelty);
  if (stored.stage != replayed.stage) note("stage", name_of(stored.stage), name_of(replayed.stage));
  if (stored.route != replayed.route) note("route", name_of(stored.route), name_of(replayed.route));
  if (stored.stage_says != replayed.stage_says)
    note("the stage's reason", stored.stage_says, replayed.stage_says);
  if (!std::ranges::equal(stored.reasons, replayed.reasons, same_reason))
    found.emplace_back("the reasons differ");
  if (stored.techniques != replayed.techniques) found.emplace_back("the techniques differ");
  if (stored.state_slice != replayed.state_slice)
    found.emplace_back("the entity state that was read differs");
  return found;
}

}  // namespace winnow
