#include "intel/intel_snapshot.h"

#include <limits>

#include <fmt/format.h>

#include "base/contract.h"
#include "intel/detail/snapshot_state.h"

namespace winnow {

IntelSnapshot::IntelSnapshot(std::unique_ptr<const State> state) : state_(std::move(state)) {}
IntelSnapshot::~IntelSnapshot() = default;
IntelSnapshot::IntelSnapshot(IntelSnapshot&&) noexcept = default;
IntelSnapshot& IntelSnapshot::operator=(IntelSnapshot&&) noexcept = default;

Result<IntelSnapshot> IntelSnapshot::open(const Path& path) {
  WINNOW_TRY(auto file, MappedFile::open(path));
  auto view = detail::SnapshotView::check(file.bytes());
  if (!view)
    return std::move(view).error().with_context(fmt::format("reading '{}'", path.string()));
  WINNOW_TRY(auto tail, detail::read_tail(view->tail()));
  return IntelSnapshot(std::make_unique<const State>(std::move(file), std::string(),
                                                     *std::move(view), std::move(tail)));
}

Result<IntelSnapshot> IntelSnapshot::from_bytes(std::string bytes) {
  // The view points into the bytes, so they must be where they will stay; a short text would move
  // with its string.
  bytes.reserve(detail::kSnapshotHeaderBytes);
  WINNOW_TRY(auto view, detail::SnapshotView::check(bytes));
  WINNOW_TRY(auto tail, detail::read_tail(view.tail()));
  return IntelSnapshot(std::make_unique<const State>(std::nullopt, std::move(bytes),
                                                     std::move(view), std::move(tail)));
}

std::optional<LabelId> IntelSnapshot::label(std::string_view name) const {
  const auto& view = state_->view;
  for (std::uint32_t i = 0;
       i < view.header().labels && i <= std::numeric_limits<std::uint16_t>::max(); ++i) {
    if (view.label(i) == name) return static_cast<LabelId>(i);
  }
  return std::nullopt;
}

std::uint32_t IntelSnapshot::entry_count() const { return state_->view.header().entries; }
std::uint32_t IntelSnapshot::indicator_count() const { return state_->view.header().indicators(); }

std::uint32_t IntelSnapshot::indicator_count(IndicatorKind kind) const {
  const auto& header = state_->view.header();
  switch (kind) {
    case IndicatorKind::Domain:
      return header.domains;
    case IndicatorKind::Url:
      return header.urls;
    case IndicatorKind::Ip:
      return header.ip4 + header.ip6;
    case IndicatorKind::Mailbox:
      return header.mailboxes;
    case IndicatorKind::File:
      return header.files;
  }
  violate("every indicator kind is counted", std::source_location::current());
}

std::span<const Brand> IntelSnapshot::brands() const { return state_->tail.brands; }
std::span<const IntelList> IntelSnapshot::lists() const { return state_->tail.lists; }

std::string_view IntelSnapshot::bytes() const {
  return state_->mapped ? state_->mapped->bytes() : std::string_view(state_->owned);
}

}  // namespace winnow
