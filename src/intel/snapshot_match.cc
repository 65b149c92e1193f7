#include <algorithm>
#include <array>

#include "base/contract.h"
#include "intel/detail/fingerprint.h"
#include "intel/detail/snapshot_state.h"
#include "names/domain.h"

namespace winnow {
namespace {

using detail::kNotFound;

// One question to the table, asked after all questions of its batch were prefetched.
struct Probe {
  std::uint64_t fingerprint;
  std::uint32_t observable;
  std::uint32_t begin, end;  // of the observable's value
  IndicatorKind kind;
  MatchScope scope;
};

// Collects probes, and asks them when there are enough to hide the latency of memory.
class Matcher {
 public:
  Matcher(const detail::SnapshotView& view, std::span<const Observable> observables, Timestamp at,
          std::vector<IntelMatch>& out)
      : view_(view), observables_(observables), at_(at), out_(out) {}

  void run() {
    for (std::uint32_t i = 0; i < observables_.size(); ++i) {
      const auto& [kind, value] = observables_[i];
      if (kind == IndicatorKind::Ip) {
        flush();  // keeps the order of the observables
        look_up_address(i, value);
      } else if (kind == IndicatorKind::Domain) {
        add_domain(i, value);
      } else {
        add(detail::fingerprint(kind, value, seed()), i, 0, value.size(), MatchScope::Exact);
        if (kind == IndicatorKind::Url) add_without_query(i, value);
      }
    }
    flush();
  }

 private:
  std::uint64_t seed() const { return view_.header().seed; }

  void add_domain(std::uint32_t observable, std::string_view domain) {
    if (domain.size() > kMaxDomainBytes) return;
    detail::for_each_suffix(domain, seed(), [&](std::uint64_t fingerprint, std::size_t begin) {
      add(fingerprint, observable, begin, domain.size(),
          begin == 0 ? MatchScope::Exact : MatchScope::Parent);
    });
  }

  void add_without_query(std::uint32_t observable, std::string_view url) {
    const auto query = url.find('?');
    if (query == std::string_view::npos) return;
    const auto fingerprint = detail::fingerprint(IndicatorKind::Url, url.substr(0, query), seed());
    add(fingerprint, observable, 0, query, MatchScope::WithoutQuery);
  }

  void add(std::uint64_t fingerprint, std::uint32_t observable, std::size_t begin, std::size_t end,
           MatchScope scope) {
    view_.prefetch(fingerprint);
    probes_[count_++] = {fingerprint,
                         observable,
                         static_cast<std::uint32_t>(begin),
                         static_cast<std::uint32_t>(end),
                         observables_[observable].kind,
                         scope};
    if (count_ == probes_.size()) flush();
  }

  void flush() {
    for (std::size_t i = 0; i < count_; ++i) {
      const auto& probe = probes_[i];
      const auto value =
          observables_[probe.observable].value.substr(probe.begin, probe.end - probe.begin);
      const auto indicator = view_.find(probe.fingerprint, probe.kind, value);
      if (indicator != kNotFound) emit(probe.observable, indicator, probe.scope);
    }
    count_ = 0;
  }

  void look_up_address(std::uint32_t observable, std::string_view text) {
    const auto block = IpBlock::parse(text);
    if (!block || !block->is_single()) return;
    for (auto found = view_.find_block(block->first()); found != kNotFound;
         found = view_.enclosing(found)) {
      emit(observable, found,
           view_.block(found).is_single() ? MatchScope::Exact : MatchScope::Block);
    }
  }

  void emit(std::uint32_t observable, std::uint32_t indicator, MatchScope scope) {
    for (auto entry = view_.entries_begin(indicator); entry < view_.entries_begin(indicator + 1);
         ++entry) {
      if (scope == MatchScope::Parent && !view_.with_subdomains(entry)) continue;
      if (detail::counts_at(view_.attribution(entry), at_))
        out_.push_back({observable, entry, scope});
    }
  }

  const detail::SnapshotView& view_;
  std::span<const Observable> observables_;
  Timestamp at_;
  std::vector<IntelMatch>& out_;
  std::array<Probe, 32> probes_;
  std::size_t count_ = 0;
};

}  // namespace

std::string_view name_of(MatchScope scope) {
  switch (scope) {
    case MatchScope::Exact:
      return "exact";
    case MatchScope::Parent:
      return "parent";
    case MatchScope::WithoutQuery:
      return "without query";
    case MatchScope::Block:
      return "block";
  }
  violate("every match scope has a name", std::source_location::current());
}

void IntelSnapshot::match(std::span<const Observable> observables, Timestamp at,
                          std::vector<IntelMatch>& out) const {
  Matcher(state_->view, observables, at, out).run();
}

bool IntelSnapshot::is(LabelId label, const Observable& observable, Timestamp at) const {
  std::vector<IntelMatch> matches;
  match(std::span(&observable, 1), at, matches);
  return std::ranges::any_of(matches,
                             [&](const auto& found) { return entry(found.entry).has(label); });
}

bool IntelSnapshot::is(std::string_view name, const Observable& observable, Timestamp at) const {
  const auto id = label(name);
  return id && is(*id, observable, at);
}

std::uint32_t IntelSnapshot::popularity_rank(std::string_view domain, Timestamp at) const {
  std::vector<IntelMatch> matches;
  const Observable observable{IndicatorKind::Domain, domain};
  match(std::span(&observable, 1), at, matches);
  std::uint32_t best = 0;
  for (const auto& found : matches) {
    const auto rank = entry(found.entry).rank();
    if (rank != 0 && (best == 0 || rank < best)) best = rank;
  }
  return best;
}

}  // namespace winnow
