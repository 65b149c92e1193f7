#include <fmt/format.h>

#include "registry/detail/listing.h"
#include "registry/registry.h"

namespace winnow {

using registry::only_text;

Result<BundleId> Registry::add(const Bundle& bundle, std::string_view actor) {
  WINNOW_TRY(const auto text, canonical(bundle));
  for (const auto& ref : bundle.artifacts) {
    if (objects_.has(ref.digest)) continue;
    return Error(Code::NotFound, fmt::format("{} '{}' ({}) of the bundle is not in the registry",
                                             name_of(ref.kind), ref.name, ref.digest.short_hex()));
  }
  WINNOW_TRY(const auto digest, objects_.put(text));
  const auto id = bundle_id_of(digest);
  WINNOW_TRY(auto query, database_.prepare("SELECT id FROM bundles WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const bool exists, query.next());
  if (exists) return id;
  const AuditEntry entry{clock_.now(), std::string(actor), std::string(registry::kBundleAdded),
                         id.text(),
                         Json::object({{"artifacts", parse_json(text).value()["artifacts"]},
                                       {"domain", bundle.domain}})};
  WINNOW_TRY(record_entries({&entry, 1}));
  return id;
}

Result<ListedBundle> Registry::bundle(std::string_view id_prefix) {
  const std::string prefix = (id_prefix.starts_with("b-") ? "" : "b-") + std::string(id_prefix);
  WINNOW_TRY(auto query,
             database_.prepare("SELECT id FROM bundles WHERE substr(id, 1, ?2) = ?1 LIMIT 2"));
  WINNOW_TRY(query.bind(prefix, prefix.size()));
  WINNOW_TRY(const auto id, only_text(query, "bundle", prefix));
  return listed_bundle(BundleId(id));
}

Result<ListedBundle> Registry::listed_bundle(const BundleId& id) {
  WINNOW_TRY(auto query, database_.prepare("SELECT created, actor FROM bundles WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const bool any, query.next());
  if (!any) return Error(Code::NotFound, fmt::format("there is no bundle '{}'", id.text()));
  ListedBundle listed{id, {}, {}, {}};
  WINNOW_TRY(query.read(listed.created, listed.actor));
  WINNOW_TRY(const auto text, objects_.get(digest_of(id)));
  WINNOW_TRY(listed.bundle, bundle_of(text));
  return listed;
}

Result<std::vector<ListedBundle>> Registry::bundles(std::string_view domain) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT id FROM bundles WHERE ?1 = '' OR domain = ?1 ORDER BY position DESC"));
  WINNOW_TRY(query.bind(domain));
  std::vector<ListedBundle> found;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) return found;
    std::string id;
    WINNOW_TRY(query.read(id));
    WINNOW_TRY(auto listed, listed_bundle(BundleId(id)));
    found.push_back(std::move(listed));
  }
}

}  // namespace winnow
