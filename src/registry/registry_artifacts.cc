#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "registry/detail/listing.h"
#include "registry/registry.h"

namespace winnow {
namespace {

using registry::only_text;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Result<Artifact> Registry::add(const NewArtifact& artifact, std::string_view actor) {
  WINNOW_TRY(auto added, add_all({&artifact, 1}, actor));
  return std::move(added.front());
}

Result<std::vector<Artifact>> Registry::add_all(std::span<const NewArtifact> artifacts,
                                                std::string_view actor) {
  std::vector<std::string_view> contents;
  for (const auto& artifact : artifacts) contents.push_back(artifact.bytes);
  WINNOW_TRY(const auto digests, objects_.put_all(contents));
  std::vector<Artifact> added;
  std::vector<AuditEntry> entries;
  std::set<std::tuple<ArtifactKind, std::string_view, Digest>> in_batch;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const auto& wanted = artifacts[i];
    if (wanted.name.empty()) return Error(Code::InvalidArgument, "an artifact has a name");
    if (auto existing = find({wanted.kind, wanted.name, digests[i]}); existing) {
      added.push_back(*std::move(existing));
      continue;
    }
    Artifact artifact;
    artifact.kind = wanted.kind;
    artifact.name = wanted.name;
    artifact.digest = digests[i];
    artifact.size = wanted.bytes.size();
    artifact.media_type = wanted.media_type;
    artifact.schema_version = wanted.schema_version;
    artifact.created = clock_.now();
    artifact.run = wanted.run;
    artifact.metadata = wanted.metadata;
    if (in_batch.emplace(wanted.kind, wanted.name, digests[i]).second) {
      entries.push_back({artifact.created, std::string(actor),
                         std::string(registry::kArtifactAdded), artifact.digest.hex(),
                         to_json(artifact)});
    }
    added.push_back(std::move(artifact));
  }
  WINNOW_TRY(record_entries(entries));
  return added;
}

Result<Artifact> Registry::find(const ArtifactRef& ref) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE kind = ?1 AND name = ?2 AND digest = ?3"));
  WINNOW_TRY(query.bind(name_of(ref.kind), ref.name, ref.digest));
  WINNOW_TRY(const auto record, only_text(query, name_of(ref.kind), ref.name));
  WINNOW_TRY(const auto json, parse_json(record));
  return artifact_of(json);
}

Result<Artifact> Registry::artifact(ArtifactKind kind, std::string_view name_or_digest) {
  WINNOW_TRY(auto by_name, database_.prepare("SELECT record FROM artifacts WHERE kind = ?1 AND "
                                             "name = ?2 ORDER BY position DESC LIMIT 1"));
  WINNOW_TRY(by_name.bind(name_of(kind), name_or_digest));
  WINNOW_TRY(auto by_digest,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE kind = ?1 AND substr(digest, 1, ?3) = ?2 "
                 "GROUP BY digest HAVING position = max(position) LIMIT 2"));
  WINNOW_TRY(by_digest.bind(name_of(kind), name_or_digest, name_or_digest.size()));
  auto record = only_text(by_name, name_of(kind), name_or_digest);
  if (!record && record.error().code() == Code::NotFound && !name_or_digest.empty() &&
      is_hex(name_or_digest)) {
    record = only_text(by_digest, name_of(kind), name_or_digest);
  }
  WINNOW_TRY(record);
  WINNOW_TRY(const auto json, parse_json(*record));
  return artifact_of(json);
}

Result<Artifact> Registry::artifact(const Digest& digest) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE digest = ?1 ORDER BY position LIMIT 1"));
  WINNOW_TRY(query.bind(digest));
  WINNOW_TRY(const auto record, only_text(query, "artifact", digest.hex()));
  WINNOW_TRY(const auto json, parse_json(record));
  return artifact_of(json);
}

Result<std::vector<Artifact>> Registry::artifacts(const ArtifactFilter& filter) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE (?1 IS NULL OR kind = ?1) AND "
                 "(?2 = '' OR name = ?2) AND (?3 IS NULL OR run = ?3) ORDER BY position DESC"));
  std::optional<std::string_view> kind;
  if (filter.kind) kind = name_of(*filter.kind);
  std::optional<std::string> run;
  if (filter.run) run = filter.run->text();
  WINNOW_TRY(query.bind(kind, filter.name, run));
  return registry::all_of<Artifact>(query, artifact_of);
}

Result<std::string> Registry::read(const Digest& digest, std::uint64_t max_bytes) const {
  return objects_.get(digest, max_bytes);
}

}  // namespace winnow
