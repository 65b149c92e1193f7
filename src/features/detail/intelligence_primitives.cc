// What threat intelligence says. A bundle without such knowledge gives missing values, not "no".
#include "features/detail/primitive.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;

template <ObservableKind kKind>
Cell listed(const Context& context, Cells a) {
  if (a[0].is_missing() || !context.intelligence.has_indicators()) return Cell::missing_number();
  return Cell::of(context.intelligence.is_listed(kKind, a[0].text(), a[1].text()));
}

template <ObservableKind kKind>
Cell criticality(const Context& context, Cells a) {
  if (a[0].is_missing() || !context.intelligence.has_assets()) return Cell::missing_number();
  return Cell::of(static_cast<double>(context.intelligence.criticality(kKind, a[0].text())));
}

Cell popularity_rank(const Context& context, Cells a) {
  const auto ranked = context.intelligence.ranked_domains();
  if (a[0].is_missing() || ranked == 0) return Cell::missing_number();
  const auto rank = context.intelligence.popularity_rank(a[0].text());
  return Cell::of(rank ? static_cast<double>(*rank) : 10.0 * ranked);
}

constexpr Primitive kTable[] = {
    {"popularity_rank", "text -> number",
     "the rank of a registrable domain, 1 the most popular; ten times the ranking's length when it "
     "is not in it; missing "
     "without a ranking",
     popularity_rank, true},
    {"listed_domain", "text, text -> yes/no",
     "the domain has the label; for \"\" any label that speaks against it; missing without "
     "indicators",
     listed<ObservableKind::Domain>, false},
    {"listed_url", "text, text -> yes/no", "the same for a URL", listed<ObservableKind::Url>,
     false},
    {"listed_address", "text, text -> yes/no", "the same for a mailbox",
     listed<ObservableKind::Address>, false},
    {"listed_ip", "text, text -> yes/no", "the same for an IP address", listed<ObservableKind::Ip>,
     false},
    {"listed_file", "text, text -> yes/no", "the same for the SHA-256 of a file, in hexadecimal",
     listed<ObservableKind::FileHash>, false},
    {"host_criticality", "text -> number",
     "what the list of assets says that the host is worth: 1 low, 2 medium, 3 high, 4 critical, 0 "
     "when it says nothing; missing without a list",
     criticality<ObservableKind::Domain>, true},
    {"user_criticality", "text -> number", "the same for a user, by mail address or account",
     criticality<ObservableKind::Address>, true},
    {"ip_criticality", "text -> number",
     "the same for an IP address, by the smallest network around it",
     criticality<ObservableKind::Ip>, true},
};

}  // namespace

std::span<const Primitive> intelligence_primitives() { return kTable; }

}  // namespace winnow::features
