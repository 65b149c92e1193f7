// The artifacts that decide together: to Winnow what a commit is to git.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "registry/artifact.h"

namespace winnow {

// A value. Its id is the digest of its canonical form, so equal bundles have equal ids.
struct Bundle {
  std::string domain;                  // "mail"
  std::vector<ArtifactRef> artifacts;  // in any order; (kind, name) is unique

  // The artifact of that kind, when there is exactly one. Errors: NotFound, Conflict (several).
  Result<ArtifactRef> only(ArtifactKind kind) const;
  std::vector<ArtifactRef> all(ArtifactKind kind) const;  // by name
};

// The canonical form: RFC 8785 JSON {artifacts: [{digest, kind, name}...], domain, schema},
// artifacts sorted. Errors: InvalidArgument (domain empty, a pair of kind and name twice, text that
// is not UTF-8).
Result<std::string> canonical(const Bundle& bundle);
Result<Bundle> bundle_of(std::string_view canonical_text);  // Errors: InvalidArgument
Result<BundleId> id_of(const Bundle& bundle);
Digest digest_of(const BundleId& id);  // zero unless the id is well-formed
BundleId bundle_id_of(const Digest& digest);

// What differs, by (kind, name): only in one, or another digest.
struct BundleChange {
  ArtifactKind kind;
  std::string name;
  std::optional<Digest> before, after;
};
std::vector<BundleChange> diff(const Bundle& before, const Bundle& after);

}  // namespace winnow
