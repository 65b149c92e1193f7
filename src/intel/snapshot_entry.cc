#include "base/contract.h"
#include "intel/detail/snapshot_state.h"

namespace winnow {
namespace {

std::optional<Timestamp> time_if(bool known, std::int64_t micros) {
  return known ? std::optional(Timestamp::from_micros(micros)) : std::nullopt;
}

}  // namespace

IndicatorKind IntelSnapshot::Entry::kind() const {
  const auto& view = snapshot_->state_->view;
  return view.kind_of(view.indicator_of(entry_));
}

std::string IntelSnapshot::Entry::value() const {
  const auto& view = snapshot_->state_->view;
  const auto indicator = view.indicator_of(entry_);
  return indicator < view.header().text_keys() ? std::string(view.text_value(indicator))
                                               : view.block(indicator).text();
}

std::string_view IntelSnapshot::Entry::source() const {
  const auto& view = snapshot_->state_->view;
  return view.source(view.attribution(entry_).source);
}

std::size_t IntelSnapshot::Entry::label_count() const {
  return snapshot_->state_->view.attribution(entry_).labels;
}

std::string_view IntelSnapshot::Entry::label(std::size_t position) const {
  const auto& view = snapshot_->state_->view;
  const auto one = view.attribution(entry_);
  ensure(position < one.labels, "label() is asked below label_count()");
  return view.label(view.label_ref(one.labels_begin + static_cast<std::uint32_t>(position)));
}

bool IntelSnapshot::Entry::has(LabelId label) const {
  const auto& view = snapshot_->state_->view;
  const auto one = view.attribution(entry_);
  for (std::uint32_t i = 0; i < one.labels; ++i) {
    if (view.label_ref(one.labels_begin + i) == static_cast<std::uint32_t>(label)) return true;
  }
  return false;
}

bool IntelSnapshot::Entry::with_subdomains() const {
  return snapshot_->state_->view.with_subdomains(entry_);
}
std::uint32_t IntelSnapshot::Entry::rank() const {
  return snapshot_->state_->view.attribution(entry_).rank;
}
std::uint8_t IntelSnapshot::Entry::confidence() const {
  return snapshot_->state_->view.attribution(entry_).confidence;
}

std::optional<Timestamp> IntelSnapshot::Entry::first_seen() const {
  const auto one = snapshot_->state_->view.attribution(entry_);
  return time_if((one.known_times & detail::kFirstSeenKnown) != 0, one.first_seen);
}

std::optional<Timestamp> IntelSnapshot::Entry::last_seen() const {
  const auto one = snapshot_->state_->view.attribution(entry_);
  return time_if((one.known_times & detail::kLastSeenKnown) != 0, one.last_seen);
}

std::optional<Timestamp> IntelSnapshot::Entry::expires() const {
  const auto one = snapshot_->state_->view.attribution(entry_);
  return time_if((one.known_times & detail::kExpiryKnown) != 0, one.expires);
}

bool IntelSnapshot::Entry::counts_at(Timestamp at) const {
  return detail::counts_at(snapshot_->state_->view.attribution(entry_), at);
}

Indicator IntelSnapshot::Entry::indicator() const {
  Indicator out{kind(), value(),      with_subdomains(), std::string(source()), {},
                rank(), confidence(), first_seen(),      last_seen(),           expires()};
  for (std::size_t i = 0; i < label_count(); ++i) out.labels.emplace_back(label(i));
  return out;
}

}  // namespace winnow
