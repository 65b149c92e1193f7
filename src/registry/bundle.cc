#include "registry/bundle.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace winnow {
namespace {

constexpr std::string_view kSchema = "winnow.bundle/1";
constexpr std::string_view kIdPrefix = "b-";
constexpr JsonLimits kLimits{.max_bytes = 1UL << 20, .max_depth = 8};

using Key = std::pair<ArtifactKind, std::string>;

std::map<Key, Digest> by_key(const Bundle& bundle) {
  std::map<Key, Digest> out;
  for (const auto& ref : bundle.artifacts) out.emplace(Key(ref.kind, ref.name), ref.digest);
  return out;
}

}  // namespace

std::vector<ArtifactRef> Bundle::all(ArtifactKind kind) const {
  std::vector<ArtifactRef> found;
  std::copy_if(artifacts.begin(), artifacts.end(), std::back_inserter(found),
               [&](const auto& ref) { return ref.kind == kind; });
  std::sort(found.begin(), found.end());
  return found;
}

Result<ArtifactRef> Bundle::only(ArtifactKind kind) const {
  auto found = all(kind);
  if (found.empty())
    return Error(Code::NotFound,
                 fmt::format("the bundle of '{}' has no {}", domain, name_of(kind)));
  if (found.size() > 1) {
    return Error(Code::Conflict,
                 fmt::format("the bundle of '{}' has {} artifacts of kind {}, wanted is one",
                             domain, found.size(), name_of(kind)));
  }
  return std::move(found.front());
}

Result<std::string> canonical(const Bundle& bundle) {
  if (bundle.domain.empty()) return Error(Code::InvalidArgument, "a bundle has a domain");
  auto refs = bundle.artifacts;
  // By their names, not by the order of an enumeration that may grow.
  const auto key = [](const ArtifactRef& ref) {
    return std::pair(name_of(ref.kind), std::string_view(ref.name));
  };
  std::sort(refs.begin(), refs.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::vector<Json> items;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (i > 0 && key(refs[i]) == key(refs[i - 1])) {
      return Error(Code::InvalidArgument, fmt::format("the bundle names {} '{}' twice",
                                                      name_of(refs[i].kind), refs[i].name));
    }
    items.push_back(to_json(refs[i]));
  }
  return to_canonical(Json::object({{"artifacts", Json::array(std::move(items))},
                                    {"domain", bundle.domain},
                                    {"schema", kSchema}}));
}

Result<Bundle> bundle_of(std::string_view canonical_text) {
  WINNOW_TRY(const auto json, parse_json(canonical_text, kLimits));
  if (json["schema"].as_string() != kSchema) {
    return Error(Code::InvalidArgument,
                 fmt::format("this is not a bundle: its schema is not '{}'", kSchema));
  }
  Bundle bundle;
  WINNOW_TRY(bundle.domain, json.need_string("domain"));
  WINNOW_TRY(const Json* items, json.need_array("artifacts"));
  for (const auto& item : items->items()) {
    WINNOW_TRY(auto ref, artifact_ref_of(item));
    bundle.artifacts.push_back(std::move(ref));
  }
  WINNOW_TRY(const auto again, canonical(bundle));
  if (again != canonical_text)
    return Error(Code::InvalidArgument, "the bundle is not in canonical form");
  return bundle;
}

Result<BundleId> id_of(const Bundle& bundle) {
  WINNOW_TRY(const auto text, canonical(bundle));
  return bundle_id_of(sha256(text));
}

BundleId bundle_id_of(const Digest& digest) {
  return BundleId(std::string(kIdPrefix) + digest.hex());
}

Digest digest_of(const BundleId& id) {
  const std::string_view text = id.text();
  if (!text.starts_with(kIdPrefix)) return {};
  return Digest::from_hex(text.substr(kIdPrefix.size())).value_or({});
}

std::vector<BundleChange> diff(const Bundle& before, const Bundle& after) {
  const auto old_refs = by_key(before), new_refs = by_key(after);
  std::vector<BundleChange> changes;
  for (const auto& [key, digest] : old_refs) {
    const auto found = new_refs.find(key);
    if (found == new_refs.end()) {
      changes.push_back({key.first, key.second, digest, std::nullopt});
    } else if (found->second != digest) {
      changes.push_back({key.first, key.second, digest, found->second});
    }
  }
  for (const auto& [key, digest] : new_refs) {
    if (!old_refs.contains(key)) changes.push_back({key.first, key.second, std::nullopt, digest});
  }
  std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  });
  return changes;
}

}  // namespace winnow
